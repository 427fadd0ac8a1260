import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { apiPersonWithNotes } from "#app/features/safety/persons.api.ts";
import { domainOfKey } from "#app/features/safety/pfif-keys.server.ts";
import { searchPersons } from "#app/features/safety/persons.server.ts";
import { readPfif } from "#app/formats/pfif-reader.ts";
import { type Backend, connectSql } from "#app/platform/db.server.ts";
import { connectEmbedded } from "#app/platform/embedded.server.ts";
import { readEnvironment } from "#app/platform/env.server.ts";
import { lookout } from "#app/server/lookout.ts";
import { createLog } from "#app/server/log.ts";
import { openMigratedBackend } from "#app/server/migrate.ts";
import { guard, temporaryDirectory } from "#tests/support/run-directory.ts";

const apiPersons = z.object({ data: z.array(apiPersonWithNotes.omit({ match: true })) });

interface Heard {
  code: number;
  /** What a pipe would get. */
  out: string;
  /** What the person at the terminal sees beside it. */
  err: string;
}

let dataDir: string;
let server: Backend | null = null;

async function run(
  args: string[],
  { input = "", env = {} }: { input?: string | Buffer; env?: object } = {},
): Promise<Heard> {
  let out = "";
  let err = "";
  const code = await lookout(args, {
    env: { DATA_DIR: dataDir, SITE_DOMAIN: "lookout.example", LOG_LEVEL: "error", ...env },
    stdin: (async function* () {
      yield Buffer.from(input);
    })(),
    write: async (text) => void (out += text),
    tell: (line) => void (err += `${line}\n`),
    progress() {},
  });
  return { code, out, err };
}

beforeAll(async () => {
  dataDir = temporaryDirectory("lookout");
  await startServer();
});
afterAll(() => server?.close());

async function startServer(): Promise<void> {
  const env = readEnvironment({ DATA_DIR: dataDir, SITE_DOMAIN: "lookout.example" });
  server = await openMigratedBackend(env, createLog("silent"), { what: "a server of the tests" });
  guard((await connectEmbedded(dataDir, { what: "a test" })).pid() ?? 0);
}

describe("what is typed", () => {
  test("without a command all commands are shown, and that is wrong usage", async () => {
    const { code, out } = await run([]);
    expect(code).toBe(2);
    for (const name of [
      "doctor",
      "demo",
      "import pfif",
      "export persons",
      "review decide",
      "backup",
      "restore",
    ]) {
      expect(out).toContain(`  ${name}`);
    }
    expect((await run(["--help"])).code).toBe(0);
  });

  test("every command has its help", async () => {
    const { out } = await run(["--help"]);
    const names = [
      ...out.matchAll(
        /^ {2}([a-z-]+(?: (?:add|close|decide|list|open|persons-csv|persons|pfif|reports|remove|run))?)\b/gm,
      ),
    ];
    expect(names.length).toBeGreaterThan(15);
    for (const [, name = ""] of names) {
      const help = await run([...name.split(" "), "--help"]);
      expect({ name, code: help.code }).toEqual({ name, code: 0 });
      expect(help.out).toContain(`npm run lookout -- ${name}`);
      expect(help.out).toContain("Exit: 0 done");
    }
  });

  test.each([
    [["demi"], 'Did you mean "demo"?'],
    [["import", "pfid", "x"], 'Did you mean "import pfif"?'],
    [["import"], ""],
    [["export", "persons", "--formt", "csv"], "Did you mean --format?"],
    [["export", "persons", "--format", "docx"], "--format must be one of csv, pfif, json"],
    [["export", "persons", "--format"], "--format needs a value"],
    [["review", "decide", "x"], "needs ID accept|refuse"],
    [["review", "decide", "x", "accept", "--by", "a", "--reason", "b"], "is not the id of an item"],
    [["expire", "now"], 'does not know what to do with "now"'],
    [["import", "pfif", "/no/such/file"], "there is no file"],
    [["jobs", "run", "deliver-mial"], 'did you mean "deliver-mail"?'],
    [["event", "open", "--slug", "Ä"], "--slug needs"],
    [["event", "close", "everyday"], "always open"],
    [["staff", "add", "a@b\nBcc: c"], "is not an e-mail address"],
    [["staff", "add", "a@b.example", "--role", "king"], "--role is volunteer, officer, admin"],
    [["staff", "add", "a@b.example", "--areas", "NZL"], "is not a country of two letters"],
    [["staff", "add", "a@b.example", "--until", "2099-02-30"], "--until needs a day"],
    [["pfif-key", "add", "http://x", "X"], "is not a domain"],
  ])("%j is wrong usage", async (args, sentence) => {
    const { code, err } = await run(args);
    expect(err).toContain(sentence);
    expect(code).toBe(2);
  });

  test("a wrong setting is named", async () => {
    const { code, err } = await run(["event", "list"], { env: { PORT: "x" } });
    expect(code).toBe(1);
    expect(err).toMatch(/^lookout: PORT must be/);
  });
});

test("doctor finds everything in order, and says what to do where it is not", async () => {
  const { code, out } = await run(["doctor"]);
  expect(out).not.toContain("wrong");
  expect(out).toContain("database (embedded)");
  expect(code).toBe(0);

  const bad = await run(["doctor"], {
    env: { PUBLIC_URL: "http://lookout.example", SMTP_URL: "smtp://127.0.0.1:1" },
  });
  expect(bad.code).toBe(1);
  expect(bad.out).toContain("PUBLIC_URL must begin with https");
  expect(bad.out).toContain("look at SMTP_URL");
});

describe("the demonstration", () => {
  test("is 300 invented persons, once", async () => {
    const first = await run(["demo"]);
    expect(first.out).toContain("persons: 300 invented, 0 already here");
    expect(first.out).toContain("cases: 5000 invented, 0 already here");
    const again = await run(["demo"]);
    expect(again.out).toContain("persons: 0 invented, 300 already here");
    expect(again.out).toContain("cases: 0 invented, 5000 already here");
    expect(again.code).toBe(0);
  }, 120_000);

  test("looks like life: every status, all of the last days, found by other spellings, some waiting for a decision", async () => {
    const { out } = await run(["export", "persons", "--format", "json", "--event", "demo-christchurch"]);
    const { data } = apiPersons.parse(JSON.parse(out));
    expect(data.every(({ invented, drill }) => invented && !drill)).toBe(true);
    const statuses = new Set(data.map(({ status }) => status));
    for (const status of ["is_note_author", "information_sought", "believed_alive", "believed_missing"]) {
      expect(statuses).toContain(status);
    }
    const hours = data.map(({ status_date }) => (Date.now() - Date.parse(status_date ?? "")) / 3600_000);
    expect(Math.min(...hours)).toBeLessThan(1);
    expect(Math.max(...hours)).toBeGreaterThan(48);
    expect(Math.min(...hours)).toBeGreaterThan(0);
    const notes = data.flatMap((person) => person.notes);
    expect(notes.some(({ linked_person_record_id }) => linked_person_record_id !== null)).toBe(true);
    expect(notes.some(({ needs }) => needs.length > 0)).toBe(true);

    const queue = await run(["review", "list"]);
    expect(queue.out).toContain("death_report");
    expect(queue.out).toContain("needs_help");
    const han = data.find(({ full_name }) => /^\p{Script=Han}{3}$/u.test(full_name));
    const found = await searchPersons(server!.db, { q: han?.full_name ?? "", limit: 10 });
    expect(found.items.length).toBeGreaterThan(0);
  });

  test("a real event of the same name is left alone", async () => {
    const other = temporaryDirectory("lookout-real");
    const env = { DATA_DIR: other };
    await run(["event", "open", "--slug", "demo-christchurch", "--title-en", "Real"], { env });
    const { code, err } = await run(["demo"], { env });
    expect(code).toBe(1);
    expect(err).toContain("there is a real event");
  });
});

describe("importing PFIF", () => {
  const fixture = path.resolve("tests/fixtures/pfif-1.4-bad-records.xml");

  test("good records land, bad ones are named with their line, a second time makes no new ones", async () => {
    const first = await run(["import", "pfif", fixture]);
    expect(first.code).toBe(1);
    expect(first.out).toContain("line 4: person: has no person_record_id\n");
    expect(first.out).toMatch(/persons: 6 read, 1 new, .* 5 refused\n/);
    const again = await run(["import", "pfif", fixture]);
    expect(again.out).toMatch(/persons: 6 read, 0 new, .* 5 refused\n/);
  });

  test("what is piped in is read; where it breaks, what stood before stays", async () => {
    const person = `<pfif:person><pfif:person_record_id>abroad.example/p1</pfif:person_record_id>
      <pfif:source_date>${new Date().toISOString().slice(0, 19)}Z</pfif:source_date>
      <pfif:full_name>Ben \u0007Piped</pfif:full_name></pfif:person>`;
    const start = `<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4">${person.replace("\u0007", "")}`;
    const { code, out } = await run(["import", "pfif", "-", "--event", "demo-christchurch"], {
      input: `${start}<broken`,
    });
    expect(code).toBe(1);
    expect(out).toContain("1 new");
    expect(out).toMatch(/line \d+: it cannot be read on from here/);
    const whole = await run(["import", "pfif", "-"], { input: `${start}</pfif:pfif>` });
    expect(whole).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 already here, 0 refused") as string,
    });
  });

  test("H41 nobody abroad speaks for our own ids, nor for an event that is not there", async () => {
    const ours = `<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4"><pfif:person>
      <pfif:person_record_id>LOOKOUT.example/person.1</pfif:person_record_id><pfif:full_name>X</pfif:full_name>
      </pfif:person></pfif:pfif>`;
    const { code, out } = await run(["import", "pfif", "-"], { input: ours });
    expect(out).toContain("person LOOKOUT.example/person.1: carries an id of this site");
    expect(code).toBe(1);
    const nowhere = await run(["import", "pfif", fixture, "--event", "nowhere"]);
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toContain("There is no such event");
  });

  test("H48 an id cannot steer the terminal", async () => {
    const evil = `<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4"><pfif:person>
      <pfif:person_record_id>lookout.example/a&#x9b;2Jb&#10;line 1: forged</pfif:person_record_id>
      <pfif:full_name>X</pfif:full_name></pfif:person></pfif:pfif>`;
    const { out } = await run(["import", "pfif", "-"], { input: evil });
    expect(out).not.toMatch(/[\u001B\u009B]|^line 1: forged/m);
  });
});

describe("importing a table", () => {
  const table = [
    "姓名,護照拼音,狀態,國籍,出生日期,電話,備註,編號,顏色",
    '王小明,"WANG, HSIAO-MING",平安,台灣,民國79年5月,+886912345678,在旅館,1,red',
    '"=HYPERLINK(""http://x"")",,失聯,日本,1980/01/02,,,2,',
    ",,平安,,,,,3,",
    "李四,,飛走,ZZ,99,abc,,4,",
    "陳大文,CHEN TA WEN,,Taiwan,,,請幫忙找,5,",
    "",
  ].join("\r\n");

  test("F22 good rows land, bad rows are named with what to mend, a second time changes nothing", async () => {
    const first = await run(["import", "persons-csv", "-", "--event", "demo-christchurch"], { input: table });
    expect(first.code).toBe(1);
    expect(first.err).toContain("columns without a use: 顏色");
    expect(first.out).toMatch(/^line 4: full_name: /m);
    expect(first.out).toMatch(/^line 5: status: .*birth_year: .*home_country: .*author_phone: /m);
    expect(first.out).toContain("rows: 5 read, 3 posted (0 held for a decision), 0 already here, 2 refused");
    const again = await run(["import", "persons-csv", "-", "--event", "demo-christchurch"], { input: table });
    expect(again.out).toContain("rows: 5 read, 0 posted (0 held for a decision), 3 already here, 2 refused");
    const { items } = await searchPersons(server!.db, { q: "Wang Hsiao-ming", limit: 5 });
    expect(items[0]).toMatchObject({ full_name: "王小明", status: "believed_alive", home_country: "TW" });
  });

  test("without a key a row is known by its answers, whatever the order of columns", async () => {
    const first = await run(["import", "persons-csv", "-"], { input: "name,city\nAda Keyless,Leeds\n" });
    expect(first.out).toContain("1 posted");
    const again = await run(["import", "persons-csv", "-"], {
      input: "city,name\nLeeds,Ada Keyless\nYork,Ada Keyless\n",
    });
    expect(again.out).toContain("1 posted (0 held for a decision), 1 already here");
  });

  test.each(["persons-big5.csv", "persons-shift-jis.csv"])("H42 %s is read as it was saved", async (file) => {
    const { err, out } = await run(["import", "persons-csv", path.resolve("tests/fixtures", file)]);
    expect(err).toMatch(/^read as (big5|shift_jis)$/m);
    expect(out).toMatch(/rows: \d+ read, [1-9]/);
  });

  test.each([
    ["a header twice", "name,name\nA,B\n", /two columns have the same name/],
    ["10 k columns", `name,${"x,".repeat(10_000)}\nA\n`, /too many columns/],
    ["an unclosed quote", 'name\n"A\nBob Unclosed\n', /line 2: a quotation mark is not closed/],
    ["CR alone", "name\rCora Return\r", /1 posted/],
    ["UTF-16", Buffer.from("\uFEFFname\nUlla Sixteen\n", "utf16le"), /1 posted/],
    ["nothing", "", /names no columns/],
  ])("H42 %s", async (_what, input, sentence) => {
    expect((await run(["import", "persons-csv", "-"], { input })).out).toMatch(sentence);
  });

  test("nobody gets mail because of a list, unless the operator asks for it", async () => {
    const count = async () => {
      const { address } = await connectEmbedded(dataDir, { what: "a test" });
      const sql = connectSql(address, "postgres", 1);
      const [row] = await sql<{ mails: number }[]>`select count(*)::int as mails from app.outbox`;
      await sql.end();
      return row?.mails;
    };
    const before = await count();
    await run(["import", "persons-csv", "-"], { input: "name,email\nQuiet Author,q@example.org\n" });
    expect(await count()).toBe(before);
    await run(["import", "persons-csv", "-", "--tell-authors"], {
      input: "name,email\nTold Author,t@example.org\n",
    });
    expect(await count()).toBe((before ?? 0) + 1);
  });
});

describe("exporting", () => {
  test("PFIF can be read again, drills and contact details stay out", async () => {
    const file = path.join(temporaryDirectory("export"), "persons.xml");
    const { code, err } = await run(["export", "persons", "--format", "pfif", "--output", file]);
    expect(code).toBe(0);
    expect(err).toContain("persons written to");
    const text = readFileSync(file, "utf8");
    let persons = 0;
    for await (const item of readPfif([text] as unknown as AsyncIterable<string>)) {
      expect(item.kind).toBe("person");
      persons += 1;
    }
    expect(persons).toBeGreaterThan(150);
    expect(text).not.toMatch(/drill-nepal|DRILL|\+886912345678|q@example\.org/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(file))).toEqual(["persons.xml"]);
  });

  test("H43 a formula in a name is text in the table", async () => {
    const { out } = await run(["export", "persons", "--format", "csv"]);
    expect(out).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(out.split("\r\n")[0]).toMatch(/^id,record_id,full_name,/);
    expect(out).not.toContain("912345678");
  });
});

test("what waits is decided once, with name and reason", async () => {
  const { out } = await run(["review", "list"]);
  const id = /^([0-9a-f-]{36}) {2}death_report/m.exec(out)?.[1] ?? "";
  const decide = ["review", "decide", id, "refuse", "--by", "Ann", "--reason", "Another person of that name"];
  expect(await run(decide)).toMatchObject({ code: 0, out: `death_report ${id}: refused\n` });
  expect(await run(decide)).toMatchObject({
    code: 1,
    err: "lookout: Somebody dealt with this a moment ago.\n",
  });
  expect((await run(["review", "list"])).out).not.toContain(id);
});

test("an event is opened, renewed and closed", async () => {
  const open = [
    "event",
    "open",
    "--slug",
    "nepal-2026",
    "--title-zh",
    "尼泊爾地震",
    "--country",
    "np",
    "--bbox",
    "80,26,88.3,30.5",
  ];
  expect((await run([...open, "--hotline", "+977-1-555-0100=駐處"])).code).toBe(0);
  expect((await run([...open, "--title-en", "Nepal"])).code).toBe(0);
  const { data } = await server!.db.from("events").select("*").eq("slug", "nepal-2026").single();
  expect(data).toMatchObject({
    titles: { "zh-TW": "尼泊爾地震", en: "Nepal" },
    country: "NP",
    hotlines: [{ number: "+977-1-555-0100" }],
  });
  expect((await run([...open, "--drill"])).err).toContain("that never changes");
  expect((await run(["event", "close", "nepal-2026"])).out).toBe("nepal-2026 is closed\n");
  expect((await run(["event", "list"])).out).toMatch(/nepal-2026 .*尼泊爾地震 \(closed\)/);
  const late = await run(["import", "persons-csv", "-", "--event", "nepal-2026"], {
    input: "name\nToo Late\n",
  });
  expect(late.out).toMatch(/line 2: event: This event has ended/);
  expect((await run(["event", "close", "nowhere"])).code).toBe(1);
});

test("a key is shown once, speaks for its domain, and ends", async () => {
  const { out } = await run(["pfif-key", "add", "Finder.example", "Finder"]);
  const key = out.trim();
  expect(await domainOfKey(server!.commands, key)).toBe("finder.example");
  const list = await run(["pfif-key", "list"]);
  expect(list.out).toMatch(/^finder\.example {2}Finder/m);
  expect(list.out + list.err).not.toContain(key);
  expect((await run(["pfif-key", "remove", "finder.example"])).code).toBe(0);
  expect(await domainOfKey(server!.commands, key)).toBeNull();
  expect((await run(["pfif-key", "remove", "finder.example"])).code).toBe(1);
  expect((await run(["pfif-key", "add", "lookout.example", "Ourselves"])).code).toBe(2);
});

test("a staff account can sign in", async () => {
  const { code, out } = await run(["staff", "add", "ann@example.org"]);
  expect(code).toBe(0);
  expect((await server!.auth.signIn("ann@example.org", out.trim())).email).toBe("ann@example.org");
  expect((await run(["staff", "add", "ann@example.org"])).code).toBe(1);
});

test("members are listed, changed and removed", async () => {
  const add = (...args: string[]) => run(["staff", "add", "mei@example.org", ...args]);
  expect((await add("--name", "美", "--areas", "nz,JP", "--until", "2099-06-30")).code).toBe(0);
  expect((await add("--role", "officer")).err).toContain("rights are changed");
  expect((await run(["staff", "list"])).out).toMatch(
    /mei@example\.org {2}美 {2}officer {2}NZ,JP {2}until 2099-06-30T15:59:59/,
  );
  expect((await run(["staff", "remove", "mei@example.org"])).out).toContain("no longer staff");
  expect((await run(["staff", "list"])).out).toMatch(/mei@example\.org .* ended /);
  expect((await run(["staff", "remove", "who@example.org"])).code).toBe(1);
  // The embedded sign-in knows no second factor: demanding one would lock everybody out.
  expect((await run(["staff", "second-factor", "on"])).code).toBe(1);
});

test("jobs and expiry run on demand", async () => {
  expect((await run(["jobs", "run", "expire-records"])).code).toBe(0);
  expect((await run(["expire"])).out).toMatch(/^\d+ records expired, \d+ mails forgotten\n$/);
  expect((await run(["jobs", "run", "deliver-mail"])).code).toBe(0);
  expect(existsSync(path.join(dataDir, "outbox"))).toBe(true);
});

describe("backup and restore", () => {
  const backups = () => path.join(dataDir, "..", path.basename(dataDir) + "-backups");
  const contentIn = ({ out }: Heard) => /^content ([0-9a-f]{64})$/m.exec(out)?.[1];
  let file: string;
  let content: string | undefined;

  beforeAll(() => {
    mkdirSync(backups());
    file = path.join(backups(), "one.tar.gz");
  });

  test("F17 a backup while people post is the state of one moment, and comes back byte for byte", async () => {
    let posting = true;
    const posts = (async () => {
      for (let n = 0; posting; n += 1) {
        await run(["import", "persons-csv", "-"], {
          input: `name,備註\nBusy Person ${n},"two\nlines \\n {""a"":1}"\n`,
        });
      }
    })();
    const made = await run(["backup", file]);
    posting = false;
    await posts;
    expect(made.code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    content = contentIn(made);

    const elsewhere = temporaryDirectory("restored");
    const env = { DATA_DIR: elsewhere };
    const restored = await run(["restore", file], { env });
    expect(restored).toMatchObject({ code: 0 });
    expect(contentIn(restored)).toBe(content);
    expect(readFileSync(path.join(elsewhere, "secret"), "utf8")).toBe(
      readFileSync(path.join(dataDir, "secret"), "utf8"),
    );
    expect(readdirSync(elsewhere).filter((name) => name.startsWith("restore.new"))).toEqual([]);

    const again = await run(["backup", path.join(backups(), "two.tar.gz")], { env });
    expect(contentIn(again)).toBe(content);
    // The next number continues, it does not collide.
    const told = await run(["import", "persons-csv", "-", "--tell-authors"], {
      env,
      input: "name,email\nAfter Restore,a@example.org\n",
    });
    expect(told.out).toContain("1 posted");
    expect((await run(["export", "persons", "--format", "csv"], { env })).out).toContain("After Restore");
    expect(await run(["restore", file], { env })).toMatchObject({
      code: 1,
      err: expect.stringContaining("holds a database already") as string,
    });
  });

  test("F2 a damaged backup restores nothing", async () => {
    const whole = readFileSync(file);
    const flipped = Buffer.from(whole);
    flipped[Math.floor(whole.length / 2)]! ^= 0x10;
    const broken: [string, Buffer][] = [
      ["cut", whole.subarray(0, Math.floor(whole.length * 0.7))],
      ["flipped", flipped],
      ["no backup", Buffer.from("name\nA\n")],
      ["empty", Buffer.alloc(0)],
    ];
    for (const [what, bytes] of broken) {
      const damaged = path.join(backups(), `${what}.tar.gz`);
      writeFileSync(damaged, bytes);
      const elsewhere = temporaryDirectory("damaged");
      const { code, err } = await run(["restore", damaged], { env: { DATA_DIR: elsewhere } });
      expect({ what, code }).toEqual({ what, code: 1 });
      expect(err).toMatch(/Nothing was restored/);
      expect(readdirSync(elsewhere).filter((name) => name !== "secret")).toEqual([]);
    }
  });

  test("a secret that would not fit is refused", async () => {
    const env = { DATA_DIR: temporaryDirectory("secret"), APP_SECRET: "x".repeat(40) };
    const { code, err } = await run(["restore", file], { env });
    expect(code).toBe(1);
    expect(err).toContain("APP_SECRET is not that of the backup");
  });

  test("nothing is overwritten", async () => {
    expect(await run(["backup", file])).toMatchObject({
      code: 1,
      err: expect.stringContaining("exists already") as string,
    });
    expect((await run(["restore", path.join(backups(), "none")])).code).toBe(2);
  });
});

test("without a server a command starts the database for itself, and leaves nothing running", async () => {
  await server?.close();
  server = null;
  const { code, out } = await run(["event", "list"]);
  expect(code).toBe(0);
  expect(out).toContain("everyday");
  expect(existsSync(path.join(dataDir, "lookout.lock"))).toBe(false);
  expect(existsSync(path.join(dataDir, "postgres", "postmaster.pid"))).toBe(false);
});
