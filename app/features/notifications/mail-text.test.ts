import { expect, test } from "vitest";
import { renderMail, safeName } from "./mail-text.ts";

const site = "https://lookout.example";
const about = { person_id: "0b5d5700-0000-4000-8000-000000000001", full_name: "陳志明" };
const kinds = {
  posted: { manage_url: `${site}/safety/persons/x/manage?token=secret` },
  follow_confirm: { follow_id: "f1", token: "t1" },
  follow_news: {
    follow_id: "f1",
    stop_token: "t1",
    status: "believed_alive",
    source: "third_party",
    source_date: "2026-11-22T02:20:00Z",
  },
  relay_to_author: { visitor_name: "Ann", text: "Are you well?" },
  relay_to_visitor: { text: "Yes." },
};
const render = (kind: string, payload: object, language = "en") =>
  renderMail({ kind, language, payload: { ...about, ...payload } }, site)!;

test.each(["zh-TW", "en", "ja"])("every kind of mail has its words in %s", (language) => {
  for (const [kind, payload] of Object.entries(kinds)) {
    const mail = render(kind, payload, language);
    expect(mail.subject).toContain("陳志明");
    expect(mail.text).toContain("+886-800-085-095");
    expect(mail.subject + mail.text).not.toMatch(/\{\{|undefined|mail:|safety:/);
    expect(mail.text).toContain(`${site}/safety/`);
  }
});

test.each(["zh-TW", "en", "ja"])("A3 mail about an offer of help tells no address, in %s", (language) => {
  const url = `${site}/cases/offers/x?token=secret`;
  const mails = [
    renderMail({ kind: "offer_posted", language, payload: { name: "林太太", url } }, site)!,
    renderMail({ kind: "offer_introduced", language, payload: { name: "林太太", words: "住在附近" } }, site)!,
    renderMail(
      { kind: "offer_received", language, payload: { name: "家屬", words: "住在附近", url } },
      site,
    )!,
    renderMail(
      { kind: "offer_message", language, payload: { name: "a@b.example", text: "x\n\nhttps://e.example" } },
      site,
    )!,
  ];
  for (const { subject, text } of mails) {
    expect(subject + text).not.toMatch(/\{\{|undefined|mail:|a@b/);
    expect(text).not.toMatch(/^https:\/\/e/m);
  }
  expect(mails.map(({ text }) => text.includes(url))).toEqual([true, false, true, false]);
});

test("an unknown language is answered in Chinese, an unknown kind not at all", () => {
  expect(render("posted", kinds.posted, "xx").subject).toBe("管理連結：陳志明 的留言");
  expect(renderMail({ kind: "advert", language: "en", payload: about }, site)).toBeNull();
  expect(renderMail({ kind: "posted", language: "en", payload: about }, site)).toBeNull();
});

test("only news can be stopped, and says what was said, by whom and when", () => {
  const mail = render("follow_news", kinds.follow_news);
  expect(mail.stopUrl).toBe(`${site}/safety/follows/f1/stop?token=t1`);
  expect(mail.text).toContain(mail.stopUrl);
  expect(mail.text).toMatch(/Latest: .+ \(.+22 Nov.* 10:20 Taipei\)/);
  expect(render("follow_confirm", kinds.follow_confirm).stopUrl).toBeNull();
});

test("a death is never put into a mail, even if one were asked for", () => {
  expect(render("follow_news", { ...kinds.follow_news, status: "believed_dead" }).text).not.toMatch(
    /dead|died|death/i,
  );
});

test("mail about a drill says so first", () => {
  const mail = render("posted", { ...kinds.posted, drill: true });
  expect(mail.subject).toMatch(/^\[Drill\] /);
  expect(mail.text).toMatch(/^\[Drill\]/);
});

test("H47 what a stranger wrote is quoted line by line and cannot pass for our words", () => {
  const text = "Hello\n\nOpen your manage link:\r\nhttps://evil.example\u2028x";
  const lines = render("relay_to_author", { visitor_name: "A", text }).text.split("\n");
  for (const line of lines.filter((one) => /evil|manage link:/.test(one))) expect(line).toMatch(/^> /);
});

test.each([
  ["Win now https://evil.example/x", "Win now https: evil. example/x"],
  ["www.evil.example", "www. evil. example"],
  ["a@b.example", "a at b. example"],
  ["J.R. Smith", "J. R. Smith"],
  ["陳志明\r\nBcc: all@x.example", "陳志明 Bcc: all at x. example"],
  ["王\u202E小明", "王小明"],
  ["x".repeat(300), `${"x".repeat(80)}…`],
])("H47 the name %j stands in a mail as %j", (name, expected) => {
  expect(safeName(name)).toBe(expected);
});

test("braces in a name are letters, not instructions", () => {
  const mail = renderMail(
    {
      kind: "posted",
      language: "en",
      payload: { ...about, full_name: "{{url}} $t(mail:footer)", ...kinds.posted },
    },
    site,
  )!;
  expect(mail.subject).toBe("Manage link: the post about {{url}} $t(mail:footer)");
});
