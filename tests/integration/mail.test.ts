import { createHmac, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { pruneOutbox, readOutboxState } from "#app/features/notifications/outbox.server.ts";
import { createDeliverMail } from "#app/jobs/deliver-mail.ts";
import type { Job, JobContext } from "#app/jobs/jobs.ts";
import { createLog } from "#app/server/log.ts";
import { freshDatabase, type TestDatabase } from "#tests/support/database.ts";
import { temporaryDirectory } from "#tests/support/run-directory.ts";

let database: TestDatabase;
let dataDir: string;
let person: string;
let said: string[];

beforeAll(async () => {
  database = await freshDatabase();
  person = randomUUID();
  await database.lite.commands.call("report_person", {
    p: {
      id: person, record_domain: "lookout.example", event: "everyday", as: "me", status: "is_note_author",
      full_name: "陳志明", alternate_names: [], visibility: "public", name_keys: ["e:x"], language: "en",
    }, // prettier-ignore
  });
});
afterAll(() => database.drop());
beforeEach(async () => {
  dataDir = temporaryDirectory("mail");
  said = [];
  await database.sql`delete from app.outbox`;
});

function context(smtpUrl: string | null = null): JobContext {
  const log = createLog("debug", { write: (line: string) => void said.push(line) });
  return {
    backend: { commands: database.lite.commands },
    env: { smtpUrl, mailFrom: "Lookout <no-reply@lookout.example>", dataDir, siteDomain: "lookout.example" },
    publicUrl: "https://lookout.example",
    secret: (purpose: string) => createHmac("sha256", "test").update(purpose).digest(),
    wrote() {},
    log,
  } as unknown as JobContext;
}

const run = (job: Job, smtpUrl: string | null = null) =>
  job.run(context(smtpUrl), new AbortController().signal);

async function put(to: string, kind: string, payload: Record<string, unknown> = {}): Promise<void> {
  const all = { person_id: person, full_name: "陳志明", ...payload };
  await database.sql`
    insert into app.outbox (kind, to_email, language, payload)
    values (${kind}, ${to}, 'en', ${database.sql.json(all as never)})`;
}

const putPosted = (to: string, name = "陳志明") =>
  put(to, "posted", {
    full_name: name,
    manage_url: "https://lookout.example/safety/persons/x/manage?token=t",
  });

const rows = () =>
  database.sql<
    { to_email: string; attempts: number; sent: boolean; last_error: string | null; payload: object }[]
  >`
    select to_email, attempts, sent_at is not null as sent, last_error, payload from app.outbox order by id`;

const files = () => {
  const directory = path.join(dataDir, "outbox");
  if (!existsSync(directory)) return [];
  return readdirSync(directory).map((name) => path.join(directory, name));
};

test("without a mail server mail becomes a file that only its owner can read, and its secrets are forgotten", async () => {
  await putPosted("ann@example.org");
  await run(createDeliverMail());
  const [file = "", ...more] = files();
  expect(more).toEqual([]);
  expect(path.basename(file)).toMatch(/^\d{4}-\d\d-\d\d-posted-[0-9a-f]{16}\.eml$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const mail = readFileSync(file, "utf8");
  expect(mail).toMatch(/^To: ann@example\.org\r$/m);
  expect(mail).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(await rows()).toEqual([
    { to_email: "delivered", attempts: 1, sent: true, last_error: null, payload: {} },
  ]);
});

test("news carries the one-click stop", async () => {
  await put("ann@example.org", "follow_news", {
    follow_id: "f1", stop_token: "t1", status: null, source: "self", source_date: "2026-11-22T02:20:00Z",
  }); // prettier-ignore
  await run(createDeliverMail());
  const mail = readFileSync(files()[0]!, "utf8");
  expect(mail).toMatch(
    /^List-Unsubscribe: <https:\/\/lookout\.example\/safety\/follows\/f1\/stop\?token=t1>\r$/m,
  );
  expect(mail).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
});

test("H47 a name cannot add a header", async () => {
  await putPosted("ann@example.org", "X\r\nBcc: all@example.org\r\n\r\nbody");
  await run(createDeliverMail());
  const [head = ""] = readFileSync(files()[0]!, "utf8").split("\r\n\r\n");
  expect(head).not.toMatch(/^bcc:/im);
  expect(head.match(/^subject:/gim)).toHaveLength(1);
});

test.each([
  "a@b.example\nBcc: c@d.example",
  "a@b.example, c@d.example",
  "<a@b.example>",
  '"a b"@c.example',
  "a@b@c.example",
])("H47 %j is no address to send to", async (address) => {
  await putPosted(address);
  await run(createDeliverMail());
  expect(files()).toEqual([]);
  const [row] = await rows();
  expect(row).toMatchObject({ sent: false, last_error: "the address cannot be used" });
  expect(said.join()).not.toContain("example\\nBcc");
});

test("mail about a record that is gone is not sent", async () => {
  const gone = randomUUID();
  await database.lite.commands.call("report_person", {
    p: {
      id: gone, record_domain: "lookout.example", event: "everyday", as: "me", status: "is_note_author", full_name: "X",
      alternate_names: [], visibility: "public", name_keys: [], manage_hash: "a".repeat(64), language: "en",
    }, // prettier-ignore
  });
  await put("ann@example.org", "relay_to_author", { person_id: gone, visitor_name: "B", text: "hello" });
  await putPosted("ben@example.org");
  await database.lite.commands.call("delete_person", { p: { person_id: gone, manage_hash: "a".repeat(64) } });
  expect(await pruneOutbox(database.lite.commands)).toBe(1);
  expect((await rows()).map(({ to_email }) => to_email)).toEqual(["ben@example.org"]);
});

test("mail about a drill is marked by the database", async () => {
  const drill = randomUUID();
  await database.lite.commands.call("open_event", {
    p: { slug: "drill-mail", titles: { en: "x" }, kind: "other", drill: true },
  });
  await database.lite.commands.call("report_person", {
    p: {
      id: drill, record_domain: "lookout.example", event: "drill-mail", as: "me", status: "is_note_author", full_name: "Y",
      alternate_names: [], visibility: "public", name_keys: [], author_email: "ann@example.org", language: "en",
      manage_url: "https://lookout.example/safety/persons/y/manage?token=t",
    }, // prettier-ignore
  });
  await run(createDeliverMail());
  expect(readFileSync(files()[0]!, "utf8")).toMatch(/^Subject: \[Drill\] Manage link/m);
});

// --- A mail server ----------------------------------------------------------------------------------------------

interface Post {
  url: string;
  received: string[];
  close(): void;
}

const posts: Post[] = [];
afterEach(() => {
  for (const post of posts.splice(0)) post.close();
});

/** A mail server that takes what it is given, except for `nobody@`. */
async function startPost(port = 0): Promise<Post> {
  const received: string[] = [];
  const server: Server = createServer((socket) => {
    let data = false;
    let text = "";
    socket.write("220 post ESMTP\r\n");
    socket.on("error", () => {});
    socket.on("data", (piece) => {
      text += piece.toString();
      for (;;) {
        const end = text.indexOf(data ? "\r\n.\r\n" : "\r\n");
        if (end === -1) return;
        const line = text.slice(0, end);
        text = text.slice(end + (data ? 5 : 2));
        if (data) {
          data = false;
          received.push(line);
          socket.write("250 taken\r\n");
        } else if (/^data/i.test(line)) {
          data = true;
          socket.write("354 go on\r\n");
        } else if (/^rcpt to:<nobody@/i.test(line)) socket.write("550 nobody@example.org is not here\r\n");
        else if (/^quit/i.test(line)) socket.end("221 bye\r\n");
        else socket.write("250 ok\r\n");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const post = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () => void server.close(),
  };
  posts.push(post);
  return post;
}

test("a mail server gets each mail once; one that is not taken keeps no other waiting and no address in its reason", async () => {
  const post = await startPost();
  await putPosted("nobody@example.org");
  await putPosted("ann@example.org");
  await run(createDeliverMail(), post.url);
  expect(post.received).toHaveLength(1);
  expect(post.received[0]).toMatch(/^To: ann@example\.org\r$/m);
  const [first, second] = await rows();
  expect(first).toMatchObject({ to_email: "nobody@example.org", sent: false, attempts: 1 });
  expect(first?.last_error).toMatch(/EENVELOPE 550/);
  expect(first?.last_error).not.toContain("@");
  expect(second).toMatchObject({ sent: true });
  expect(said.join()).not.toContain("nobody@example.org");
  expect(await readOutboxState(database.lite.commands)).toMatchObject({ waiting: 1, tried: 1, failed: 0 });
});

test("F11 while the mail server is away one try is used up, and all mail goes out when it is back", async () => {
  const away = await startPost();
  const port = Number(new URL(away.url).port);
  away.close();
  await putPosted("ann@example.org");
  await putPosted("ben@example.org");
  const job = createDeliverMail();
  for (let n = 0; n < 3; n += 1) await run(job, away.url);
  expect((await rows()).map(({ attempts }) => attempts)).toEqual([1, 0]);

  const back = await startPost(port);
  await database.sql`update app.outbox set available_at = now()`;
  await expect
    .poll(async () => (await run(job, away.url), back.received.length), { timeout: 10_000, interval: 250 })
    .toBe(2);
  expect((await rows()).every(({ sent }) => sent)).toBe(true);
});
