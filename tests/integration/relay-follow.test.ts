import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeHtml, textOf } from "#tests/support/html.ts";
import { lettersTo, linkIn } from "#tests/support/mailbox.ts";
import { act, fillAndSend, postPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
});
afterAll(() => site?.close());

describe("following a person", () => {
  it("asks the mailbox first, tells each news once, and stops by one click", async () => {
    const person = await postPerson(site, { full_name: "追蹤測試甲" });
    const asked = await act(site, person.page, "follow", { email: "aunt@example.org" });
    expect(asked.status).toBe(303);

    // Nothing is told before the address has confirmed.
    await act(site, person.page, "note", { status: "believed_alive", text: "第一則，還沒確認" });
    const [confirmation, ...more] = await lettersTo(site, "aunt@example.org");
    expect(more).toEqual([]);
    expect(confirmation).toBeDefined();

    const confirm = linkIn(confirmation!, site, "/confirm");
    // Mail programs open links by themselves: looking at it must not confirm.
    expect((await site.fetch(confirm)).status).toBe(200);
    const [before] = await site.sql`select confirmed_at from app.follows where email = 'aunt@example.org'`;
    expect(before?.confirmed_at).toBeNull();
    expect((await fillAndSend(site, confirm, "follow", {})).status).toBe(303);

    await act(site, person.page, "note", { status: "believed_alive", text: "第二則，會通知" });
    const news = (await lettersTo(site, "aunt@example.org")).slice(1);
    expect(news).toHaveLength(1);
    expect(news[0]!.subject).toContain("追蹤測試甲");
    // What was said stays on the page: a mailbox is no place for it.
    expect(news[0]!.text).not.toContain("第二則");
    expect(news[0]!.headers["list-unsubscribe"]?.[0]).toContain("/safety/follows/");
    expect(news[0]!.headers["list-unsubscribe-post"]?.[0]).toBe("List-Unsubscribe=One-Click");

    const stop = linkIn(news[0]!, site, "/stop");
    expect((await site.fetch(stop)).status).toBe(200);
    expect(await site.sql`select 1 from app.follows where email = 'aunt@example.org'`).toHaveLength(1);
    // As mail programs do it: no Origin, no cookie, this body alone.
    const oneClick = await site.fetch(stop, {
      method: "POST",
      body: "List-Unsubscribe=One-Click",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(oneClick.status).toBe(303);
    expect(await site.sql`select 1 from app.follows where email = 'aunt@example.org'`).toHaveLength(0);
    // Stopping twice is no mistake.
    expect((await fillAndSend(site, stop, "follow", {})).status).toBe(303);

    await act(site, person.page, "note", { status: "believed_alive", text: "第三則，不再通知" });
    expect(await lettersTo(site, "aunt@example.org")).toHaveLength(2);
  });

  it("H29: a wrong, cut or changed secret neither confirms nor stops", async () => {
    const person = await postPerson(site, { full_name: "追蹤測試乙" });
    await act(site, person.page, "follow", { email: "uncle@example.org" });
    const [letter] = await lettersTo(site, "uncle@example.org");
    const confirm = linkIn(letter!, site, "/confirm");
    const token = new URL(confirm, site.url).searchParams.get("token")!;
    for (const wrong of ["", token.slice(0, -1), swapCase(token), "x".repeat(32), "%00", "a".repeat(5000)]) {
      for (const which of ["confirm", "stop"]) {
        const address = confirm.replace("/confirm", `/${which}`).replace(token, encodeURIComponent(wrong));
        const answer = await site.form(address, {});
        expect(answer.status, `${which} with ${wrong.slice(0, 40)}`).toBeLessThan(500);
      }
    }
    const [row] = await site.sql`select confirmed_at from app.follows where email = 'uncle@example.org'`;
    expect(row).toEqual({ confirmed_at: null });
  });

  it("tells a follower of two linked records once", async () => {
    const one = await postPerson(site, { full_name: "追蹤測試丙" });
    const two = await postPerson(site, { full_name: "追蹤測試丙二" });
    for (const { page } of [one, two]) await act(site, page, "follow", { email: "both@example.org" });
    for (const letter of await lettersTo(site, "both@example.org")) {
      await fillAndSend(site, linkIn(letter, site, "/confirm"), "follow", {});
    }
    expect((await act(site, one.page, "link", { other: two.id, text: "同一個人" })).status).toBe(303);
    const before = (await lettersTo(site, "both@example.org")).length;
    await act(site, one.page, "note", { status: "believed_alive", text: "有消息" });
    expect(await lettersTo(site, "both@example.org")).toHaveLength(before + 1);
  });

  it("answers alike whether an address follows already or not (A3)", async () => {
    const person = await postPerson(site, { full_name: "追蹤測試丁" });
    const first = await act(site, person.page, "follow", { email: "same@example.org" });
    const second = await act(site, person.page, "follow", { email: "same@example.org" });
    expect([second.status, second.headers.get("location")]).toEqual([
      first.status,
      first.headers.get("location"),
    ]);
    const shown = async (answer: Response) =>
      textOf(await (await site.fetch(answer.headers.get("location")!)).text());
    expect(await shown(second)).toBe(await shown(first));
  });
});

describe("relaying messages", () => {
  it("carries a message to the author and the answer back, and shows neither address", async () => {
    const person = await postPerson(site, {
      full_name: "轉話測試甲",
      author_email: "author@example.org",
      author_phone: "+886 912 000 111",
    });
    const sent = await act(site, person.page, "relay", {
      text: "我是高中同學，你還好嗎？",
      author_name: "小美",
      author_email: "visitor@example.org",
    });
    expect(sent.status).toBe(303);
    const thread = sent.headers.get("location")!;
    expect(thread).toMatch(/^\/safety\/messages\/[0-9a-f-]{36}\?token=/);

    const manage = await (await site.fetch(person.manage)).text();
    expect(manage).toContain("我是高中同學");
    expect(manage).not.toContain("visitor@example.org");
    const toAuthor = (await lettersTo(site, "author@example.org")).find(({ text }) =>
      text.includes("我是高中同學"),
    );
    expect(toAuthor?.text).not.toContain("visitor@example.org");

    const replyForm = /<form[^>]*id="(reply-[^"]+)"/.exec(manage)?.[1] ?? "";
    const replied = await fillAndSend(site, person.manage, replyForm, { text: "我很好，謝謝" });
    expect(replied.status).toBe(303);

    const page = await site.fetch(thread);
    expect(page.headers.get("cache-control")).toContain("no-store");
    const html = await page.text();
    expect(html).toContain("我很好，謝謝");
    for (const secret of ["author@example.org", "912 000 111", "0912000111"])
      expect(html).not.toContain(secret);
    const [toVisitor] = await lettersTo(site, "visitor@example.org");
    expect(toVisitor?.text).toContain("我很好，謝謝");
    expect(toVisitor?.text).not.toContain("author@example.org");

    // Both may write on.
    expect((await fillAndSend(site, thread, "answer", { text: "太好了" })).status).toBe(303);
    expect(await (await site.fetch(person.manage)).text()).toContain("太好了");
  });

  it("H29, H30: the secret of one conversation opens no other", async () => {
    const person = await postPerson(site, { full_name: "轉話測試乙" });
    const [one, two] = await Promise.all(
      ["甲說", "乙說"].map(async (text) => {
        const answer = await act(site, person.page, "relay", { text, author_name: text });
        return new URL(answer.headers.get("location")!, site.url);
      }),
    );
    const token = one!.searchParams.get("token")!;
    for (const wrong of [
      token.slice(0, -1),
      swapCase(token),
      "",
      "x".repeat(32),
      two!.searchParams.get("token")!,
    ]) {
      const address = `${one!.pathname}?token=${encodeURIComponent(wrong)}`;
      const looked = await site.fetch(address);
      expect(looked.status).toBe(403);
      expect(await looked.text()).not.toContain("甲說");
      expect((await site.form(address, { text: "冒充" })).status).toBe(403);
    }
    expect(await site.sql`select 1 from app.relay_messages where text = '冒充'`).toHaveLength(0);
  });

  it("H47: no header can be smuggled into a mail by name, message or address", async () => {
    const person = await postPerson(site, {
      full_name: "標題測試 Bcc: <a@evil.example>",
      alternate_names: "x",
      author_email: "inject@example.org",
    });
    await act(site, person.page, "relay", {
      text: "line\r\nBcc: evil@example.net\r\n\r\n.\r\nMAIL FROM",
      author_name: "x\r\nBcc: evil@example.net",
    });
    for (const address of [
      "a@b.example\nBcc: x@evil.example",
      "a@b.example\r\nBcc: c@d.example",
      "a@b@c.example",
      '"q u"@b.example',
      `${"l".repeat(65)}@b.example`,
      `a@${"b".repeat(320)}.example`,
      "a@b.example,c@d.example",
      "no-at.example",
    ]) {
      const answer = await act(site, person.page, "follow", { email: address });
      expect(answer.status, address.slice(0, 60)).toBe(422);
    }
    const mails = await lettersTo(site, "inject@example.org");
    expect(mails.length).toBeGreaterThanOrEqual(2);
    for (const mail of mails) {
      expect(mail.headers.bcc).toBeUndefined();
      expect(mail.headers.cc).toBeUndefined();
      expect(mail.headers.to).toEqual(["inject@example.org"]);
      // A stranger's words do not become a link in somebody's mailbox.
      expect(mail.subject).not.toContain("a@evil.example");
    }
    const quoted = mails.find(({ text }) => text.includes("MAIL FROM"));
    expect(quoted?.text).toContain("> Bcc: evil@example.net");
  });

  it("H47: an address in another script is taken and reached", async () => {
    const person = await postPerson(site, { full_name: "國際郵件" });
    expect((await act(site, person.page, "follow", { email: "陳@例子.台灣" })).status).toBe(303);
    const [row] = await site.sql`select email from app.follows where person_id = ${person.id}`;
    expect(row).toEqual({ email: "陳@例子.台灣" });
  });

  it("keeps the answers when a message is not complete", async () => {
    const person = await postPerson(site, { full_name: "轉話測試丙" });
    const refused = await act(site, person.page, "relay", { text: "這段話不能不見", author_name: "" });
    expect(refused.status).toBe(422);
    const html = await refused.text();
    expect(decodeHtml(html)).toContain("這段話不能不見");
    expect(html).toContain('href="#relay-form-author_name"');
  });
});

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
}
