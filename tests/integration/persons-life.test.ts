import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { translator } from "#app/i18n/translate.ts";
import { textOf } from "#tests/support/html.ts";
import { lettersTo, linkIn } from "#tests/support/mailbox.ts";
import { foreignPerson, pfifDate, pfifDocument, registryWriter } from "#tests/support/pfif.ts";
import { act, fillAndSend, operate, postPerson, sendPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

let site: Site;
let write: Awaited<ReturnType<typeof registryWriter>>;
const zh = translator("zh-TW");
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
  write = await registryWriter(site);
});
afterAll(() => site?.close());

let looked = 0;
/** A page as it is now, and not as it was kept a moment ago. */
const html = async (where: string) =>
  (await site.fetch(`${where}${where.includes("?") ? "&" : "?"}look=${(looked += 1)}`)).text();

async function decide(
  personId: string,
  kind: string,
  decision: "accept" | "refuse",
  reason: string,
): Promise<void> {
  const [item] = await site.sql<{ id: string }[]>`
    select id from app.queue_items where person_id = ${personId} and kind = ${kind} and decided_at is null`;
  const p = { id: item!.id, decision, by: "值班官員", reason };
  await site.sql`select public.decide_queue_item(${site.sql.json(p)})`;
}

/** Whether anything on a public door says that this person is dead. */
async function saysDead(id: string, name: string, text: string): Promise<string[]> {
  const doors = [
    `/safety/persons/${id}`,
    `/safety?q=${encodeURIComponent(name)}`,
    "/safety?status=believed_dead",
    "/events/everyday",
    `/api/v1/persons/${id}`,
    "/api/v1/persons?status=believed_dead",
    `/safety/persons/${id}.pfif.xml`,
    `/pfif/search?q=${encodeURIComponent(name)}`,
    "/pfif/feeds/note",
  ];
  const bodies = await Promise.all(doors.map(async (where) => [where, await html(where)] as const));
  return bodies
    .filter(([where, whole]) => {
      const body = whole.replace(/<form[\s\S]*?<\/form>/g, "");
      // Lists of the dead must not have this one; what is about this person alone must not have the word.
      if (where.includes("believed_dead")) return body.includes(id);
      if (body.includes(text)) return true;
      const isAlone = where.includes(id) || where.includes(encodeURIComponent(name));
      return (
        isAlone && (/["">]believed_dead[<"]/.test(body) || textOf(body).includes(zh("safety:status.dead")))
      );
    })
    .map(([where]) => where);
}

describe("a death told by the public", () => {
  it("is held: in no status, list, exchange, API or mail, until an officer decides", async () => {
    const person = await postPerson(site, { full_name: "還活著吧", as: "seeking" });
    await act(site, person.page, "follow", { email: "mother@example.org" });
    await fillAndSend(
      site,
      linkIn((await lettersTo(site, "mother@example.org"))[0]!, site, "/confirm"),
      "follow",
      {},
    );

    const answer = await act(site, person.page, "note", { status: "believed_dead", text: "聽說罹難了" });
    expect(answer.status).toBe(303);
    expect(textOf(await html(answer.headers.get("location")!))).toContain(zh("safety:addNote.doneHeld"));
    expect(await saysDead(person.id, "還活著吧", "聽說罹難了")).toEqual([]);
    expect(await lettersTo(site, "mother@example.org")).toHaveLength(1);
    const { status } = (await (await site.fetch(`/api/v1/persons/${person.id}`)).json()) as {
      status: string;
    };
    expect(status).toBe("information_sought");

    const list = await operate(site, ["review", "list"]);
    expect(list.output).toContain("death_report");
    // No decision without a name and a reason.
    const [item] = await site.sql`select id from app.queue_items where person_id = ${person.id}`;
    expect((await operate(site, ["review", "decide", String(item!.id), "accept"])).code).toBe(2);

    const said = ["--by", "值班官員", "--reason", "醫院確認"];
    expect((await operate(site, ["review", "decide", String(item!.id), "accept", ...said])).code).toBe(0);
    const api = (await (await site.fetch(`/api/v1/persons/${person.id}`)).json()) as {
      status: string;
      status_by: string;
    };
    expect([api.status, api.status_by]).toEqual(["believed_dead", "official"]);
    expect((await saysDead(person.id, "還活著吧", "聽說罹難了")).length).toBeGreaterThan(3);
    // Even then, nobody learns it from a mail.
    expect(await lettersTo(site, "mother@example.org")).toHaveLength(1);
  });

  it("that is refused stays hidden, and cannot be decided twice (H51)", async () => {
    const person = await postPerson(site, { full_name: "謠言", as: "seeking" });
    await act(site, person.page, "note", { status: "believed_dead", text: "亂說的" });
    await decide(person.id, "death_report", "refuse", "本人來電");
    expect(await saysDead(person.id, "謠言", "亂說的")).toEqual([]);
    const [item] = await site.sql`select id from app.queue_items where person_id = ${person.id}`;
    expect(
      (
        await operate(site, [
          "review",
          "decide",
          String(item!.id),
          "accept",
          "--by",
          "另一位",
          "--reason",
          "x",
        ])
      ).code,
    ).toBe(1);
  });

  it("as the first word about somebody is held, too, in forms, API and imports", async () => {
    const person = await postPerson(site, {
      full_name: "第一句話",
      as: "informing",
      status: "believed_dead",
      text: "第一句就說罹難",
    });
    expect(await saysDead(person.id, "第一句話", "第一句就說罹難")).toEqual([]);
    const api = await site.fetch(`/api/v1/persons/${person.id}/notes`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ status: "believed_dead", text: "程式說罹難" }),
    });
    expect(await api.json()).toMatchObject({ held: true });
    expect(await saysDead(person.id, "第一句話", "程式說罹難")).toEqual([]);

    const foreign = foreignPerson({ full_name: "外來罹難" });
    await write(
      pfifDocument(
        [foreign],
        [
          {
            note_record_id: "finder.example/note.dead",
            person_record_id: foreign.person_record_id,
            author_name: "x",
            source_date: pfifDate(),
            status: "believed_dead",
            text: "外站說罹難",
          },
        ],
      ),
    );
    const [row] = await site.sql<
      { id: string }[]
    >`select id from app.persons where record_id = ${foreign.person_record_id}`;
    expect(await saysDead(row!.id, "外來罹難", "外站說罹難")).toEqual([]);
  });
});

describe("an objection", () => {
  it.each(["this_is_me", "not_missing", "remove"])(
    "“%s” takes the details off every door at once, and a refusal brings them back",
    async (reason) => {
      const person = await postPerson(site, {
        full_name: "異議測試",
        as: "seeking",
        text: "穿紅色外套",
        last_known_location: "皇后鎮",
        home_city: "花蓮",
        author_name: "阿嬤",
      });
      const details = ["穿紅色外套", "皇后鎮", "花蓮", "阿嬤"];
      expect(await html(person.page)).toContain("穿紅色外套");
      const answer = await act(site, person.page, "report", { reason, text: "請處理" });
      expect(answer.headers.get("location")).toContain("done=softened");
      const doors = [
        person.page,
        `/api/v1/persons/${person.id}`,
        `/safety/persons/${person.id}.pfif.xml`,
        `/pfif/feeds/note?person_record_id=127.0.0.1/person.${person.id}`,
      ];
      for (const where of doors) {
        const body = await html(where);
        for (const detail of details) expect(body, where).not.toContain(detail);
      }
      await decide(person.id, "objection", "refuse", "查無此事");
      const back = await html(person.page);
      for (const detail of details) expect(back, detail).toContain(detail);
    },
  );

  it.each(["wrong", "abuse", "minor"])("“%s” only asks somebody to look", async (reason) => {
    const person = await postPerson(site, { full_name: "檢舉測試", as: "seeking", text: "還看得到" });
    expect((await act(site, person.page, "report", { reason })).headers.get("location")).toContain(
      "done=report",
    );
    expect(await html(person.page)).toContain("還看得到");
  });

  it("to remove that is granted leaves a placeholder that nobody but the office can lift", async () => {
    const person = await postPerson(site, { full_name: "請移除", as: "seeking" });
    await act(site, person.page, "report", { reason: "remove" });
    await decide(person.id, "objection", "accept", "本人要求");
    expect((await site.fetch(person.page)).status).toBe(410);
    expect((await site.form(person.manage, { intent: "restore" })).status).toBe(410);
  });
});

describe("two records of one person", () => {
  it("are linked on both sides, once, and never merged", async () => {
    const one = await postPerson(site, { full_name: "重複一", as: "seeking" });
    const two = await postPerson(site, { full_name: "重複二", as: "seeking" });
    for (const other of [`${site.url}/safety/persons/${two.id}`, two.id, two.id.toUpperCase()]) {
      expect((await act(site, one.page, "link", { other, text: "同一張照片" })).status).toBe(303);
    }
    expect(await html(one.page)).toContain(`href="/safety/persons/${two.id}"`);
    expect(await html(two.page)).toContain(`href="/safety/persons/${one.id}"`);
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      expect(
        await site.sql`select 1 from app.notes where person_id = ${from.id} and linked_person_record_id = ${`127.0.0.1/person.${to.id}`}`,
      ).toHaveLength(1);
      expect(await html(`/safety/persons/${from.id}.pfif.xml`)).toContain(
        `<pfif:linked_person_record_id>127.0.0.1/person.${to.id}`,
      );
    }
    const self = await act(site, one.page, "link", { other: one.id, text: "自己" });
    expect(self.status).toBe(422);
    const nobody = await act(site, one.page, "link", { other: "不是網址", text: "x" });
    expect(nobody.status).toBe(422);
  });

  it("are offered before a new one is made", async () => {
    const person = await postPerson(site, { full_name: "林相似", as: "seeking" });
    const offered = await sendPerson(site, {
      full_name: "Lin Hsiang-szu",
      as: "informing",
      text: "我看到他",
      none_match: null,
    });
    expect(offered.status).toBe(200);
    const page = await offered.text();
    expect(page).toContain(person.id);
    expect(page).toContain("我看到他");
    expect(page).toContain('name="none_match"');
    const exact = await sendPerson(site, { full_name: "林相似", as: "seeking", none_match: null });
    expect(exact.status).toBe(200);
    expect((await sendPerson(site, { full_name: "林相似", as: "seeking", none_match: "yes" })).status).toBe(
      303,
    );
  });
});

describe("what is newest", () => {
  it("decides, not what came last: a note that was said earlier never overrides", async () => {
    const foreign = foreignPerson({ full_name: "時間順序", source_date: pfifDate(-9 * 3_600_000) });
    const note = (id: string, hoursAgo: number, status: string, text: string) => ({
      note_record_id: `finder.example/note.${id}`,
      person_record_id: foreign.person_record_id,
      author_name: "外站",
      source_date: pfifDate(-hoursAgo * 3_600_000),
      status,
      last_known_location: `${text}的地方`,
      text,
    });
    await write(pfifDocument([foreign], [note("b", 1, "believed_alive", "較新")]));
    const [row] = await site.sql<
      { id: string }[]
    >`select id from app.persons where record_id = ${foreign.person_record_id}`;
    const now = async () => {
      const json = (await (await site.fetch(`/api/v1/persons/${row!.id}`)).json()) as Record<string, unknown>;
      return [json.status, json.last_known_location];
    };
    expect(await now()).toEqual(["believed_alive", "較新的地方"]);
    await write(pfifDocument([], [note("a", 5, "believed_missing", "較早")]));
    expect(await now()).toEqual(["believed_alive", "較新的地方"]);
    expect(await html(`/safety/persons/${row!.id}`)).toContain("較早");
    // What is said here now is newer than both.
    await act(site, `/safety/persons/${row!.id}`, "note", { status: "information_sought", text: "又不見了" });
    expect((await now())[0]).toBe("information_sought");
  });
});

describe("H41: what another registry sends", () => {
  const rows = (id: string) => site.sql<
    { full_name: string; is_clone: boolean; expiry_date: Date; publication: string }[]
  >`
    select full_name, is_clone, expiry_date, publication from app.persons where record_id = ${id}`;

  it("speaks for its own domain alone: not for ours, not for a third, not in other letters", async () => {
    const mine = await postPerson(site, { full_name: "我們的人" });
    for (const id of [
      `127.0.0.1/person.${mine.id}`,
      "127.0.0.1/person.new",
      "other.example/person.1",
      "FINDER.EXAMPLE.evil/person.1",
      "finder.example.evil/person.1",
    ]) {
      const answer = await write(pfifDocument([foreignPerson({ person_record_id: id, full_name: "冒名" })]));
      expect(answer.status, id).toBe(200);
    }
    expect(await site.sql`select 1 from app.persons where full_name = '冒名'`).toHaveLength(0);
    expect(await html(mine.page)).toContain("我們的人");
  });

  it("without a key, with a wrong one or an ended one is refused", async () => {
    const document = pfifDocument([foreignPerson({ full_name: "沒鑰匙" })]);
    for (const where of [
      "/pfif/write",
      "/pfif/write?key=",
      `/pfif/write?key=${"a".repeat(43)}`,
      "/pfif/write?key=%00",
      "/pfif/write?key=' or 1=1",
    ]) {
      const answer = await site.fetch(where, {
        method: "POST",
        body: document,
        headers: { "content-type": "application/xml" },
      });
      expect(answer.status, where).toBe(403);
    }
    const gone = await registryWriter(site, "gone.example");
    expect((await operate(site, ["pfif-key", "remove", "gone.example"])).code).toBe(0);
    expect((await gone(document)).status).toBe(403);
    expect((await site.fetch("/pfif/write?key=x")).status).toBe(405);
  });

  it("that has expired already is not taken in", async () => {
    const old = foreignPerson({ full_name: "早就到期", expiry_date: pfifDate(-3_600_000) });
    await write(pfifDocument([old]));
    const [row] = await rows(old.person_record_id);
    expect(row === undefined || row.full_name === "").toBe(true);
    expect(await html("/safety?q=早就到期")).not.toContain("finder.example");
  });

  it("may send notes before their persons, about nobody, and in circles", async () => {
    const [one, two] = [foreignPerson({ full_name: "圓圈一" }), foreignPerson({ full_name: "圓圈二" })];
    const note = (id: string, of: string, linked: string) => ({
      note_record_id: `finder.example/note.${id}`,
      person_record_id: of,
      linked_person_record_id: linked,
      author_name: "x",
      source_date: pfifDate(),
      text: "同一個人",
    });
    const notes = [
      note("c1", one.person_record_id, two.person_record_id),
      note("c2", two.person_record_id, one.person_record_id),
      note("c3", one.person_record_id, one.person_record_id),
      note("c4", "finder.example/person.nobody", one.person_record_id),
    ];
    const document =
      pfifDocument([], notes).replace("</pfif:pfif>", "") +
      pfifDocument([one, two]).replace(/^.*?<pfif:pfif[^>]*>/, "");
    expect((await write(document)).status).toBe(200);
    for (const { person_record_id } of [one, two]) {
      const [row] = await site.sql<
        { id: string }[]
      >`select id from app.persons where record_id = ${person_record_id}`;
      expect((await site.fetch(`/safety/persons/${row!.id}`)).status).toBe(200);
      const followed = await act(site, `/safety/persons/${row!.id}`, "note", {
        status: "believed_alive",
        text: "不會繞圈",
      });
      expect(followed.status).toBe(303);
    }
  });

  it("of the same id twice keeps the newer one, and sent again changes nothing", async () => {
    const older = foreignPerson({ full_name: "舊的名字", source_date: pfifDate(-7_200_000) });
    const newer = { ...older, full_name: "新的名字", source_date: pfifDate(-3_600_000) };
    for (const document of [pfifDocument([newer, older]), pfifDocument([older]), pfifDocument([newer])]) {
      expect((await write(document)).status).toBe(200);
      expect((await rows(older.person_record_id)).map(({ full_name }) => full_name)).toEqual(["新的名字"]);
    }
  });

  it("with a tombstone of its own empties what it gave us", async () => {
    const person = foreignPerson({ full_name: "原站刪除", other: "description: 原站的描述" });
    await write(pfifDocument([person]));
    expect((await rows(person.person_record_id))[0]?.full_name).toBe("原站刪除");
    await write(
      pfifDocument([
        {
          person_record_id: person.person_record_id,
          source_date: pfifDate(),
          entry_date: pfifDate(),
          expiry_date: pfifDate(-1_000),
          full_name: "",
        },
      ]),
    );
    expect((await rows(person.person_record_id))[0]).toMatchObject({
      full_name: "",
      publication: "placeholder",
    });
  });

  it.each([
    ["not XML", "hello"],
    ["no end", '<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4"><pfif:person>'],
    [
      "entities",
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4">&b;</pfif:pfif>',
    ],
    [
      "a file of this machine",
      '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4"><pfif:person><pfif:full_name>&a;</pfif:full_name></pfif:person></pfif:pfif>',
    ],
    ["two hundred thousand levels", "<a>".repeat(200_000)],
  ])("that is %s is refused with the place where it breaks", async (_, document) => {
    const began = performance.now();
    const answer = await write(document);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain("root:");
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it("with markup and formulas in every field is escaped on every door", async () => {
    const evil = `"><script>alert(1)</script>'=cmd|x`;
    const fields = [
      "full_name",
      "given_name",
      "family_name",
      "alternate_names",
      "description",
      "home_city",
      "home_state",
      "author_name",
      "source_name",
      "last_known_location",
    ];
    const person = foreignPerson(Object.fromEntries(fields.map((field) => [field, evil])));
    await write(
      pfifDocument([
        {
          ...person,
          source_url: "javascript:alert(1)",
          photo_url: "javascript:alert(1)",
          profile_urls: "javascript:alert(1)",
        },
      ]),
    );
    const [row] = await site.sql<
      { id: string }[]
    >`select id from app.persons where record_id = ${person.person_record_id}`;
    for (const where of [`/safety/persons/${row!.id}`, "/safety", "/"]) {
      const body = await html(where);
      expect(body, where).not.toContain("<script>");
      expect(body, where).not.toMatch(/(?:href|src)="javascript:/);
    }
  });
});
