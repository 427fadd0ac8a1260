import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiStoryList } from "#app/features/cases/stories.api.ts";
import { elementsOf, fieldsOf, summaryOf, textOf } from "#tests/support/html.ts";
import { letters, lettersTo, linkIn } from "#tests/support/mailbox.ts";
import { fillAndSend, filled, operate, send } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { type SignedInMember, signInAs } from "#tests/support/staff.ts";

let site: Site;
const staff: Record<"writer" | "signer" | "japan" | "volunteer", SignedInMember> = {} as never;
beforeAll(async () => {
  site = await startSite();
  staff.writer = await signInAs(site, "officer", { name: "官員甲" });
  staff.signer = await signInAs(site, "officer", { name: "官員乙" });
  staff.japan = await signInAs(site, "officer", { areas: ["JP"] });
  staff.volunteer = await signInAs(site, "volunteer");
}, 120_000);
afterAll(() => site?.close());

const en = { "accept-language": "en" };
const as = (who: keyof typeof staff, extra: Record<string, string> = {}) => ({
  ...en,
  ...staff[who].headers,
  ...extra,
});
const read = async (where: string, headers: Record<string, string> = en) => {
  const answer = await site.fetch(where, { headers });
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
};

describe("cases", () => {
  test("A1 every page of cases, stories and offers is closed to visitors and volunteers, and keeps out of caches", async () => {
    const pages = [
      "/moderation/cases",
      "/moderation/cases/new",
      "/moderation/cases/import",
      "/moderation/cases/00000000-0000-4000-8000-000000000000",
      "/moderation/stories",
      "/moderation/stories/new",
      "/moderation/stories/00000000-0000-4000-8000-000000000000",
      "/moderation/offers",
      "/moderation/offers/00000000-0000-4000-8000-000000000000",
    ];
    for (const page of pages) {
      const visitor = await read(page);
      expect(visitor.status, page).toBe(303);
      expect(visitor.headers.get("location"), page).toMatch(/^\/sign-in\?next=/);
      expect((await read(page, as("volunteer"))).status, page).toBe(403);
      const post = await site.form(page, { opened_on: "2026-01-01" }, { headers: as("volunteer") });
      expect(post.status, page).toBeGreaterThanOrEqual(400);
      const officer = await read(page, as("writer"));
      expect(officer.status, page).toBe(page.includes("0000") ? 404 : 200);
      if (officer.status === 200) expect(officer.headers.get("cache-control"), page).toContain("no-store");
    }
  });

  test("one case: wrong answers come back as typed, a right one is kept, found by filter and closed to other areas", async () => {
    const told = { opened_on: "2026-02-30", country: "AU", subtype: "lost_contact", programme: "work", narrative: "家屬：陳志明" };
    const wrong = await fillAndSend(site, "/moderation/cases/new", "case", { ...told, outcome: "found_and_reported" }, as("writer"));
    const html = await wrong.text();
    expect(wrong.status).toBe(422);
    expect(summaryOf(html, "case").map(({ target }) => target)).toEqual(["case-opened_on"]);
    expect(fieldsOf(html, "case")).toMatchObject({ narrative: ["家屬：陳志明"], subtype: ["lost_contact"] });

    const early = await fillAndSend(
      site, "/moderation/cases/new", "case",
      { ...told, opened_on: "2026-02-28", outcome: "found_and_reported" }, as("writer"),
    );
    expect(summaryOf(await early.text(), "case").map(({ target }) => target)).toEqual(["case-party_family"]);

    const kept = await fillAndSend(
      site, "/moderation/cases/new", "case",
      { ...told, opened_on: "2026-02-28", outcome: "found_and_reported", party_family: "informed" }, as("writer"),
    );
    expect(kept.status).toBe(303);
    const where = kept.headers.get("location")!.replace(/\?.*/, "");
    const list = await read("/moderation/cases?country=AU&type=injury_death", as("writer"));
    expect(list.html).toContain(where);
    expect(textOf(list.html)).toContain("1 case");
    expect(list.html).not.toContain("陳志明");
    expect((await read(where, as("japan"))).status).toBe(404);
    expect((await read("/moderation/cases", as("japan"))).html).not.toContain(where);

    // F14: the second of two edits of the same version is told, and loses nothing it typed.
    const page = (await read(where, as("writer"))).html;
    const first = await send(site, where, filled(page, "case", { persons: "3" }), as("writer"));
    expect(first.status).toBe(303);
    const second = await send(site, where, filled(page, "case", { persons: "4" }), as("writer"));
    expect(second.status).toBe(409);
    expect(fieldsOf(await second.text(), "case").persons).toEqual(["4"]);
  });

  test("a table is reported row by row, by page and by command, and twice is once", async () => {
    const table = [
      "編號,開案日期,國家,細類,目的,年齡層,結果,說明",
      ...Array.from({ length: 12 }, (_, nth) =>
        `T-${nth},2026/05/${nth + 1},澳洲,車禍,打工度假,18-29,${nth % 2 ? "已返國" : "已解決"},"護照 312345678，電話 0912-345-678，住 Bundaberg。病患姓名：陳志明。2026年5月3日出院。急難 +886-800-085-095"`),
      "X-1,2026-05-01,亞特蘭提斯,車禍,觀光,,,",
      "X-2,2026-05-01,澳洲,飛碟,觀光,,,",
    ].join("\r\n");
    const upload = async (bytes: BlobPart) => {
      const page = (await read("/moderation/cases/import", as("writer"))).html;
      const answer = await send(
        site, "/moderation/cases/import",
        filled(page, "import", { file: new File([bytes], "cases.csv", { type: "text/csv" }) }), as("writer"),
      );
      return { status: answer.status, text: textOf(await answer.text()) };
    };
    const first = await upload(table);
    expect(first.status).toBe(422);
    expect(first.text).toContain("14 rows read: 12 added, 0 already here, 2 refused.");
    expect(first.text).toMatch(/Line 14 country/);
    expect(first.text).toMatch(/Line 15 subtype/);
    // A table the operator has: the same rows are the same cases.
    const again = await operate(site, ["import", "cases", "-"], table);
    expect(again.code).toBe(1);
    expect(again.output).toContain("rows: 14 read, 0 added, 12 already here, 2 refused");
    expect(again.output).toMatch(/line 15: subtype: Choose a sub-type/);
    const nothing = await fillAndSend(site, "/moderation/cases/import", "import", {}, as("writer"));
    expect(summaryOf(await nothing.text(), "import").map(({ target }) => target)).toEqual(["import-file"]);
    // H42: a workbook of 10 k columns or an image is refused, not served a fault.
    expect((await upload(`${"c,".repeat(10_000)}c\n1`)).text).toContain("too many columns");
    expect((await upload(new Uint8Array([0xff, 0xd8, 0xff, 0, 1, 2, 3]))).status).toBe(422);
  });
}); // prettier-ignore

describe("a story from a case to the public", () => {
  let where = "";
  let id = "";
  const intent = async (who: keyof typeof staff, form: string, answers: Record<string, string> = {}) => {
    const page = (await read(where, as(who))).html;
    return send(site, where, filled(page, form, answers), as(who));
  };

  test("it begins coarse and masked: quarter, country, band; no name, number, day or town", async () => {
    const list = (await read("/moderation/cases?country=AU&since=2026-05-01", as("writer"))).html;
    const one = /\/moderation\/cases\/([0-9a-f-]{36})/.exec(list)![1]!;
    const draft = (await read(`/moderation/stories/new?case=${one}`, as("writer"))).html;
    const fields = fieldsOf(draft, "story");
    expect(fields).toMatchObject({ quarter: ["2026-Q2"], country: ["AU"], age_band: ["18_29"], case_id: [one] });
    // The town of the case stands in the text alone here, so it is for the officer to see; what has a shape is gone.
    expect(fields.account![0]).not.toMatch(/312345678|0912|陳志明|5月3日/);
    expect(fields.account![0]).toContain("+886-800-085-095");
    const saved = await send(
      site, `/moderation/stories/new?case=${one}`,
      filled(draft, "story", { title: "車禍之後", lesson: "買保險", checklist: "買保險\n記下 +886-800-085-095" }), as("writer"),
    );
    expect(saved.status).toBe(303);
    where = saved.headers.get("location")!.replace(/\?.*/, "");
    id = where.split("/").at(-1)!;
  });

  test("planted again by hand, it goes no further until masked; the hotline alone stays", async () => {
    const planted = await intent("writer", "story", {
      account: "病患姓名：陳志明，護照號碼 312345678。請打 +886-800-085-095。",
    });
    expect(planted.status).toBe(303);
    expect((await read(where, as("writer"))).html).toContain("<mark>312345678</mark>");
    const refused = await intent("writer", "submit");
    expect(refused.status).toBe(422);
    expect(summaryOf(await refused.text(), "submit").map(({ target }) => target)).toEqual(["submit-seen"]);
    expect((await intent("writer", "mask")).status).toBe(303);
    expect((await intent("writer", "submit")).status).toBe(303);
  });

  test("who wrote it cannot sign; another officer can; then everybody reads it, by page, API and checklist", async () => {
    expect((await read(where, as("writer"))).html).not.toContain('id="sign"');
    const version = fieldsOf((await read(where, as("signer"))).html, "sign").version![0]!;
    const own = await site.form(where, { intent: "published", version }, { headers: as("writer") });
    expect(own.status).toBe(403);
    expect((await read(`/cases/${id}`)).status).toBe(404);
    expect((await intent("signer", "sign")).status).toBe(303);

    const page = await read(`/cases/${id}`);
    const answer = await read("/api/v1/cases?country=AU");
    const { data } = apiStoryList.parse(JSON.parse(answer.html));
    const list = await read("/cases");
    const checklist = await read("/cases/checklists/AU");
    expect([page.status, list.status, checklist.status, data.length]).toEqual([200, 200, 200, 1]);
    for (const html of [page.html, answer.html, list.html, checklist.html]) {
      expect(html).not.toMatch(/陳志明|312345678|0912|Bundaberg/);
    }
    expect(page.html).toContain("+886-800-085-095");
    expect(data[0]).toMatchObject({ quarter: "2026-Q2", country: "AU", age_band: "18_29", invented: false });
    expect(data[0]!.basis).toContain("Not a statistic");
    expect(elementsOf(checklist.html, "li").filter(({ inner }) => inner.includes("買保險"))).toHaveLength(1);
    expect((await read("/cases/checklists/JP")).html).toContain("No stories about Japan yet");
    expect((await read("/cases/checklists/XX")).status).toBe(404);
    // H35: what makes no sense is refused to programs and forgiven on pages.
    expect((await read("/api/v1/cases?limit=0")).status).toBe(422);
    expect((await read("/api/v1/cases?cursor=AAAA")).status).toBe(422);
    expect((await read("/cases?country=%27%3B--&type=x")).status).toBe(200);
    // Pages of the public carry no script but the one for printing.
    expect(page.html).not.toMatch(/<script/);
  });

  test("too few alike: the check says what to coarsen, one click does it, and what was public comes down", async () => {
    const few = await intent("writer", "story", { age_band: "30_44" });
    expect(few.status).toBe(303);
    expect((await read(`/cases/${id}`)).status).toBe(404);
    const desk = (await read(where, as("writer"))).html;
    expect(textOf(desk)).toContain("Cases alike: 0 (at least 10 are needed)");
    const submit = await send(site, where, filled(desk, "submit"), as("writer"));
    expect(submit.status).toBe(422);
    expect(textOf(await submit.text())).toContain("Too few cases are alike");
    expect((await send(site, where, filled(desk, "coarsen-0"), as("writer"))).status).toBe(303);
    const after = (await read(where, as("writer"))).html;
    expect(fieldsOf(after, "story").age_band).toEqual([""]);
    expect(textOf(after)).toContain("Enough. It can be put up for signing.");
    expect((await intent("writer", "submit")).status).toBe(303);
    expect((await intent("signer", "sign")).status).toBe(303);
    expect((await read(`/cases/${id}`)).status).toBe(200);
  });

  test("D15 an offer reaches the staff, both sides are introduced, and nobody ever sees an address", async () => {
    const form = `/cases/offers/new?story=${id}`;
    const told = {
      what: "可以去醫院陪他、翻譯", place: "Brisbane", languages: "中文", available: "週末", name: "林太太",
      email: "helper.secret@mail.example", consent: "yes",
    };
    const money = await fillAndSend(site, form, "offer", { ...told, what: "請捐款到我的帳戶" }, en);
    const back = await money.text();
    expect(money.status).toBe(422);
    expect(summaryOf(back, "offer").map(({ target }) => target)).toEqual(["offer-what"]);
    expect(fieldsOf(back, "offer").name).toEqual(["林太太"]);

    const offered = await fillAndSend(site, form, "offer", told, en);
    expect(offered.status).toBe(303);
    const mine = offered.headers.get("location")!;
    const seen: string[] = [];
    const look = async (path: string, headers?: Record<string, string>) => {
      const { html, status } = await read(path, headers);
      seen.push(html);
      return { html, status };
    };
    expect((await look(mine)).html).toContain("Staff have not looked at it yet");
    expect((await look(mine.replace(/token=.{4}/, "token=AAAA"))).status).toBe(403);
    expect((await look("/moderation/offers", as("japan"))).html).not.toContain("可以去醫院");

    const board = await look("/events/everyday");
    expect(board.html).toContain("/cases/offers/new?event=everyday");
    expect((await look("/cases/offers/new?event=everyday")).status).toBe(200);

    const [offer] = await site.sql<{ id: string }[]>`select id from app.offers`;
    const [item] = await site.sql<{ id: string; version: number }[]>`
      select id, version from app.queue_items where subject_id = ${offer!.id}`;
    const desk = `/moderation/offers/${offer!.id}`;
    await look(`/moderation/${item!.id}`, as("signer"));
    await site.sql`select app.moderate_offer(${offer!.id}, 'accept', '{}')`;
    const introduce = await look(desk, as("signer"));
    const done = await send(
      site, desk,
      filled(introduce.html, "introduce", { other_name: "家屬", other_email: "family.secret@mail.example", words: "這位住在附近。" }),
      as("signer"),
    );
    expect(done.status).toBe(303);
    const [received] = await lettersTo(site, "family.secret@mail.example");
    const other = linkIn(received!, site, "/cases/offers/");
    const write = async (path: string, text: string) => {
      const page = await look(path);
      expect((await send(site, path, filled(page.html, "message", { text }), en)).status).toBe(303);
    };
    await write(mine, "我週六可以去。");
    await write(other, "太好了，謝謝。");
    expect((await look(mine)).html).toContain("太好了，謝謝。");
    expect((await look(other)).html).toContain("林太太");

    const thank = await look(desk, as("signer"));
    const named = await send(site, desk, filled(thank.html, "thank", { text: "謝謝林小姐 0912-345-678" }), as("signer"));
    expect(named.status).toBe(422);
    expect((await send(site, desk, filled(thank.html, "thank", { text: "陪病兩週，謝謝你。" }), as("signer"))).status).toBe(303);
    expect((await look(`/cases/${id}`)).html).toContain("陪病兩週，謝謝你。");
    await look("/api/v1/cases");
    await look(desk, as("signer"));
    expect(seen.join("\n")).not.toMatch(/secret@mail/);
    await lettersTo(site, "helper.secret@mail.example");
    expect(letters(site).length).toBeGreaterThanOrEqual(5);
    for (const mail of letters(site)) expect(mail.text, mail.subject).not.toMatch(/secret@mail/);

    const withdrawn = await look(mine);
    expect((await send(site, mine, filled(withdrawn.html, "withdraw"), en)).status).toBe(303);
    await site.sql`update app.offers set created_at = now() - interval '100 days', expires_at = now() - interval '1 second'`;
    expect((await operate(site, ["expire"])).code).toBe(0);
    expect((await look(mine)).status).toBe(403);
    const [left] = await site.sql`select count(*)::int as n from app.offer_secrets`;
    expect(left!.n).toBe(0);
    expect((await look(`/cases/${id}`)).html).toContain("陪病兩週，謝謝你。");
  });
}); // prettier-ignore
