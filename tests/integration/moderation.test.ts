import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { elementsOf, fieldsOf, summaryOf, textOf } from "#tests/support/html.ts";
import { lettersTo, linkIn } from "#tests/support/mailbox.ts";
import { act, fillAndSend, postPerson, send, filled } from "#tests/support/posting.ts";
import { startSite, type Site } from "#tests/support/site.ts";
import { signInAs, type SignedInMember } from "#tests/support/staff.ts";

// The desk of the staff through the front door, without script.

let site: Site;
let lin: SignedInMember;
let chen: SignedInMember;
let guo: SignedInMember;
let admin: SignedInMember;
beforeAll(async () => {
  site = await startSite();
  await site.sql`
    insert into app.events (slug, titles, kind, country, hotlines) values
      ('quake', '{"zh-TW": "基督城地震", "en": "Quake"}', 'earthquake', 'NZ',
       '[{"number": "+64-9-555-0100", "names": {"zh-TW": "駐奧克蘭辦事處", "en": "Office"}}]')`;
  lin = await signInAs(site, "volunteer", { name: "林" });
  chen = await signInAs(site, "officer", { name: "陳" });
  guo = await signInAs(site, "officer", { name: "郭", areas: ["NZ"] });
  admin = await signInAs(site, "admin", { name: "管", email: "admin@staff.example" });
});
afterAll(() => site?.close());

const open = async (where: string, who?: SignedInMember) => {
  const answer = await site.fetch(where, { headers: who?.headers ?? {} });
  const html = await answer.text();
  return { status: answer.status, answer, html, text: textOf(html) };
};
const itemOf = async (personId: string, kind: string) => {
  const [row] = await site.sql<{ id: string }[]>`
    select id from app.queue_items where person_id = ${personId} and kind = ${kind} order by created_at desc`;
  return `/moderation/${row!.id}`;
};
const decide = (who: SignedInMember, where: string, decision: string, answers: Record<string, string> = {}) =>
  fillAndSend(site, where, "decide", { decision, ...answers }, who.headers);
const buttons = (html: string) =>
  elementsOf(html, "button").flatMap(({ attributes }) =>
    attributes.name === "decision" ? [attributes.value ?? ""] : [],
  );

describe("A1: who may see it", () => {
  test("a visitor is asked to sign in and comes back to where they were; nothing is told", async () => {
    const person = await postPerson(site, {
      full_name: "王小明",
      event: "quake",
      need: ["injured"],
      status: "is_note_author",
    });
    const where = await itemOf(person.id, "needs_help");
    for (const page of [
      "/moderation",
      where,
      "/moderation/members",
      where.replace("/moderation/", "/moderation/photos/") + ".jpg",
    ]) {
      const { answer, html } = await open(page);
      expect({ page, status: answer.status }).toEqual({ page, status: 303 });
      expect(answer.headers.get("location")).toBe(`/sign-in?next=${encodeURIComponent(page)}`);
      expect(html).not.toContain("王小明");
    }
    for (const page of [where, "/moderation/members"]) {
      const posted = await site.form(page, { intent: "decide", decision: "accept" });
      expect({ page, status: posted.status }).toEqual({ page, status: 303 });
    }
    for (const who of [lin, chen]) expect((await open("/moderation/members", who)).status).toBe(403);
    expect((await open("/moderation/members", admin)).text).toContain("admin@staff.example");
  });

  test("an officer of another country finds nothing, and an officer whose rights have ended is asked to sign in", async () => {
    const person = await postPerson(site, {
      full_name: "李大華",
      event: "quake",
      need: ["money"],
      status: "is_note_author",
    });
    const where = await itemOf(person.id, "needs_help");
    const elsewhere = await signInAs(site, "officer", { areas: ["JP"] });
    expect((await open(where, elsewhere)).status).toBe(404);
    expect((await open("/moderation?event=quake", elsewhere)).text).not.toContain("李大華");
    expect((await open("/moderation?event=quake", guo)).text).toContain("李大華");
    await site.sql`update app.members set expires_at = now() where user_id = ${elsewhere.userId}`;
    expect((await open("/moderation", elsewhere)).status).toBe(303);
  });

  test("H24: nothing is decided from another site; H25: an old or copied form decides nothing twice", async () => {
    const person = await postPerson(site, {
      full_name: "林阿美",
      event: "quake",
      need: ["shelter"],
      status: "is_note_author",
    });
    const where = await itemOf(person.id, "needs_help");
    const page = await open(where, lin);
    const form = filled(page.html, "decide", { decision: "accept" });
    for (const origin of ["https://evil.example", "null"]) {
      const tried = await send(site, where, form, { ...lin.headers, origin });
      expect(tried.status).toBe(403);
    }
    const both = await Promise.all([
      send(site, where, form, lin.headers),
      send(site, where, form, lin.headers),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
    const [log] = await site.sql`
      select count(*)::int as entries from app.log_entries where details ->> 'item' = ${where.split("/")[2]!}`;
    expect(log).toEqual({ entries: 1 });
    // The form of one item says nothing about another.
    const other = await postPerson(site, {
      full_name: "別人",
      event: "quake",
      need: ["other"],
      status: "is_note_author",
    });
    const elsewhere = await itemOf(other.id, "needs_help");
    await site.sql`update app.queue_items set version = 7 where id = ${elsewhere.split("/")[2]!}`;
    expect((await send(site, elsewhere, form, lin.headers)).status).toBe(409);
  });
});

test("a death report waits, a volunteer passes it on and cannot finish it, an officer verifies it with the official notice", async () => {
  const person = await postPerson(site, {
    full_name: "陳某某",
    event: "quake",
    as: "seeking",
    status: "information_sought",
  });
  await act(site, person.page, "note", {
    status: "believed_dead",
    text: "聽護士說過世了，電話 0912-345-678",
    author_name: "友人",
    personal_data: "keep",
  });
  const where = await itemOf(person.id, "death_report");
  const queue = await open("/moderation?kind=death_report", lin);
  expect(queue.text).toContain("待審 1");
  expect(queue.text).toContain("陳某某");
  const seen = await open(where, lin);
  expect(seen.answer.headers.get("cache-control")).toBe("no-store");
  expect(buttons(seen.html)).toEqual(["needs_information", "duplicate", "escalate"]);
  expect(elementsOf(seen.html, "mark").map(({ inner }) => textOf(inner))).toEqual(["0912-345-678"]);
  expect(seen.text).toContain("+64-9-555-0100");
  const forged = await decide(lin, where, "verified", { reason_code: "official_source" });
  expect(forged.status).toBe(403);
  expect(summaryOf(await forged.text(), "decide")[0]!.text).toContain("領務人員");
  expect((await decide(lin, where, "escalate")).status).toBe(303);

  const [notice] = await site.sql<{ id: string }[]>`
    insert into app.notices (source_key, source_name, url, title, text, language, country, event_id, published_at)
    select 'test:1', '外交部領事事務局', 'https://www.boca.gov.tw/x', '罹難名單', '名單', 'zh-TW', 'NZ', id, now() from app.events where slug = 'quake'
    returning id`;
  const officer = await open(where, guo);
  expect(buttons(officer.html)).toEqual(["verified", "unverifiable", "false"]);
  expect(officer.text).toContain("林：轉給領務人員");
  const verified = await decide(guo, where, "verified", {
    reason_code: "official_source",
    notice_id: notice!.id,
  });
  expect(verified.status).toBe(303);
  const page = await open(person.page);
  expect(page.text).toContain("過世了");
  expect((await open(`/safety/persons/${person.id}.pfif.xml`)).html).toContain("believed_dead");
  const [link] =
    await site.sql`select relation, subject_type from app.notice_links where notice_id = ${notice!.id}`;
  expect(link).toEqual({ relation: "confirms", subject_type: "note" });
});

test("H51: whoever is slower is told who decided what, nothing typed is lost, and nothing is decided twice", async () => {
  const person = await postPerson(site, {
    full_name: "周同時",
    event: "quake",
    need: ["papers"],
    status: "is_note_author",
  });
  const where = await itemOf(person.id, "needs_help");
  const mine = filled((await open(where, chen)).html, "decide", {
    decision: "hide", reason_code: "abuse", reason: "我寫了很久的理由",
  }); // prettier-ignore
  expect((await decide(guo, where, "accept", { reason_code: "seen_to" })).status).toBe(303);
  const slower = await send(site, where, mine, chen.headers);
  const html = await slower.text();
  expect(slower.status).toBe(409);
  expect(textOf(html)).toContain("郭剛剛決定：通過");
  expect((await open(person.page)).status).toBe(200);
});

test("a claim shows who works on it, keeps others from deciding, and is let go", async () => {
  const person = await postPerson(site, {
    full_name: "吳認領",
    event: "quake",
    need: ["stranded"],
    status: "is_note_author",
  });
  const where = await itemOf(person.id, "needs_help");
  expect((await fillAndSend(site, where, "claim", {}, lin.headers)).status).toBe(303);
  const other = await open(where, chen);
  expect(other.text).toContain("林正在處理，剩 15 分鐘");
  expect((await open("/moderation?event=quake", chen)).text).toContain("林處理中");
  const refused = await decide(chen, where, "accept");
  expect(refused.status).toBe(409);
  expect(summaryOf(await refused.text(), "decide")[0]!.text).toContain("別人正在處理");
  expect(fieldsOf((await open(where, lin)).html, "claim").intent).toEqual(["release"]);
  await fillAndSend(site, where, "claim", {}, lin.headers);
  expect((await decide(chen, where, "accept")).status).toBe(303);
});

test("masking shows what was detected covered, keeps the original for officers, and shows nobody else", async () => {
  const person = await postPerson(site, {
    full_name: "鄭遮蔽", event: "quake", need: ["injured"], status: "is_note_author",
    text: "腳受傷，電話 0912-345-678，請回電", personal_data: "keep",
  }); // prettier-ignore
  const where = await itemOf(person.id, "needs_help");
  const page = await open(where, lin);
  expect(fieldsOf(page.html, "decide").masked_text?.[0]).not.toContain("0912");
  expect((await decide(lin, where, "mask")).status).toBe(303);
  const shown = await open(person.page);
  expect(shown.text).toContain("腳受傷");
  expect(shown.html).not.toContain("0912-345-678");
  expect((await open(where, chen)).text).toContain("0912-345-678");
  expect((await open(where, lin)).html).not.toContain("0912-345-678");
});

describe("the author", () => {
  test("is told what, why, by which rule; appeals; another officer overturns", async () => {
    const person = await postPerson(site, {
      full_name: "黃申訴",
      event: "quake",
      need: ["money"],
      status: "is_note_author",
      text: "錢包不見",
    });
    const where = await itemOf(person.id, "needs_help");
    const hidden = await decide(chen, where, "hide", { reason_code: "not_about_this", reason: "和地震無關" });
    expect(hidden.status).toBe(303);
    expect((await open(person.page)).html).not.toContain("錢包不見");
    const told = await open(person.manage);
    expect(told.text).toContain("不公開");
    expect(told.text).toContain("和地震無關");
    expect(told.text).toContain("和這次事件無關");
    expect(told.html).toContain('href="/help/procedures"');
    expect(told.text).not.toContain("陳");
    const form = `appeal-${where.split("/")[2]}`;
    const empty = await fillAndSend(site, person.manage, form, { appeal_text: " " });
    expect(empty.status).toBe(422);
    const sent = await fillAndSend(site, person.manage, form, { appeal_text: "我在現場，錢包在地震中不見" });
    expect(sent.status).toBe(303);
    const appeal = await itemOf(person.id, "appeal");
    expect(buttons((await open(appeal, chen)).html)).toEqual([]);
    expect(buttons((await open(appeal, guo)).html)).toEqual(["restore", "uphold"]);
    const overturned = await decide(guo, appeal, "restore", {
      reason_code: "new_facts",
      reason: "確實在現場",
    });
    expect(overturned.status).toBe(303);
    expect((await open(person.page)).html).toContain("錢包不見");
    expect((await open(person.manage)).text).toContain("申訴成立");
  });

  test("H29: an appeal needs the manage link, whole and right", async () => {
    const person = await postPerson(site, {
      full_name: "何連結",
      event: "quake",
      need: ["other"],
      status: "is_note_author",
    });
    const where = await itemOf(person.id, "needs_help");
    await decide(chen, where, "hide", { reason_code: "abuse", reason: "罵人" });
    const answers = { intent: "appeal", item_id: where.split("/")[2]!, appeal_text: "不服" };
    for (const token of ["", "x".repeat(43), person.token.slice(0, -1), person.token.toUpperCase()]) {
      const tried = await site.form(`/safety/persons/${person.id}/manage?token=${token}`, answers);
      expect({ token: token.length, status: tried.status }).toEqual({ token: token.length, status: 403 });
    }
    const [row] =
      await site.sql`select count(*)::int as n from app.queue_items where kind = 'appeal' and person_id = ${person.id}`;
    expect(row).toEqual({ n: 0 });
  });
});

test("anybody asks for a correction with a source, sees the outcome by link and mail; what is false stays, with what is correct", async () => {
  const person = await postPerson(site, {
    full_name: "蔡更正",
    event: "quake",
    as: "informing",
    status: "believed_alive",
    text: "在 A 校收容",
  });
  const link = `/corrections/new?type=person&id=${person.id}`;
  expect((await open(person.page)).html).toContain(link.replace("&", "&amp;"));
  const bad = await fillAndSend(site, link, "correction", {
    what: "地點不對",
    correct_text: "在 B 校",
    source_url: "javascript:alert(1)",
  });
  expect(bad.status).toBe(422);
  expect(fieldsOf(await bad.text(), "correction").what).toEqual(["地點不對"]);
  const asked = await fillAndSend(site, link, "correction", {
    what: "地點不對 <script>alert(1)</script>", correct_text: "在 B 校", source_url: "https://example.org/list", email: "asker@example.org",
  }); // prettier-ignore
  expect(asked.status).toBe(303);
  const outcome = asked.headers.get("location")!;
  expect((await open(outcome)).text).toContain("還在查證");
  expect((await open(outcome.replace(/token=[^&]+/, `token=${"x".repeat(43)}`))).status).toBe(403);
  const where = await itemOf(person.id, "correction");
  const desk = await open(where, lin);
  expect(desk.text).toContain("https://example.org/list");
  expect(desk.html).not.toContain("<script>alert");
  await decide(lin, where, "escalate");
  const found = await decide(chen, where, "false", {
    reason_code: "several_sources",
    reason: "學校來電確認",
    correct_text: "人在 B 校",
  });
  expect(found.status).toBe(303);
  const page = await open(person.page);
  expect(page.text).toContain("在 A 校收容");
  expect(page.text).toContain("正確的是：人在 B 校");
  expect((await open(outcome)).text).toContain("學校來電確認");
  const [letter] = await lettersTo(site, "asker@example.org");
  expect((await open(linkIn(letter!, site, "/corrections/"))).text).toContain("不實");
});

test("H30, A3: a correction of what is hidden and of what is not there answer alike", async () => {
  const hidden = await postPerson(site, {
    full_name: "隱藏者",
    event: "quake",
    visibility: "link",
    status: "is_note_author",
  });
  const absent = "00000000-0000-4000-8000-000000000000";
  const [one, other] = await Promise.all([
    open(`/corrections/new?type=person&id=${hidden.id}`),
    open(`/corrections/new?type=person&id=${absent}`),
  ]);
  expect([one.status, other.status]).toEqual([404, 404]);
  expect(one.text).toBe(other.text);
  for (const query of ["type=pg_class&id=" + absent, "type=person&id=1", "type=../x&id=" + absent]) {
    expect((await open(`/corrections/new?${query}`)).status).toBe(404);
  }
});

test("after each decision comes the next item of the same filter, and at the end the list says that nothing waits", async () => {
  await site.sql`delete from app.queue_items where kind = 'needs_help'`;
  const names = ["甲一", "乙二"];
  for (const full_name of names)
    await postPerson(site, { full_name, event: "quake", need: ["money"], status: "is_note_author" });
  const list = await open("/moderation?kind=needs_help", lin);
  expect(list.text).toContain("待審 2");
  const [start] = elementsOf(list.html, "a").filter(({ attributes }) => attributes["data-key"] === "n");
  const first = await decide(lin, start!.attributes.href!, "accept");
  const second = first.headers.get("location")!;
  expect(second).toContain("kind=needs_help");
  expect((await open(second, lin)).text).toContain("已決定：通過");
  const last = await decide(lin, second, "accept");
  expect(last.headers.get("location")).toBe("/moderation?kind=needs_help");
  expect((await open("/moderation?kind=needs_help", lin)).text).toContain("沒有等著處理的");
  expect((await open("/moderation?cursor=nonsense", lin)).status).toBe(422);
});

test("an administrator invites and removes members; nobody else can", async () => {
  const invite = (who: SignedInMember, answers: Record<string, string>) =>
    site.form("/moderation/members", { intent: "invite", ...answers }, { headers: who.headers });
  const mei = {
    name: "美",
    email: "mei@staff.example",
    role: "officer",
    areas: "NZ, jp",
    until: "2099-06-30",
  };
  expect((await invite(chen, mei)).status).toBe(403);
  expect((await invite(admin, { ...mei, areas: "NZL" })).status).toBe(422);
  expect((await invite(admin, mei)).status).toBe(303);
  expect((await open("/moderation/members", admin)).text).toContain("mei@staff.example");
  const [letter] = await lettersTo(site, "mei@staff.example");
  expect(letter!.text).toContain("/sign-in");
  const removed = await site.form(
    "/moderation/members",
    { intent: "remove", email: mei.email },
    { headers: admin.headers },
  );
  expect(removed.status).toBe(303);
  const self = await site.form(
    "/moderation/members",
    { intent: "remove", email: admin.email },
    { headers: admin.headers },
  );
  expect(self.status).toBe(403);
});
