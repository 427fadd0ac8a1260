import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lettersTo, linkIn } from "#tests/support/mailbox.ts";
import { act, fillAndSend, postPerson, send, filled } from "#tests/support/posting.ts";
import { totpCode } from "#tests/support/second-factors.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { cookiesOf, signInAs } from "#tests/support/staff.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite({ mode: "supabase" });
});
afterAll(() => site?.close());

const html = async (where: string) => (await site.fetch(where)).text();

describe("the same site before a Supabase project", () => {
  it("posts, finds, hears, answers, corrects, exports, deletes and brings back", async () => {
    const person = await postPerson(site, {
      full_name: "陳志明",
      alternate_names: "CHEN, CHIH-MING",
      status: "help",
      need: ["injured", "papers"],
      author_email: "author@example.org",
      lat: "-43.53",
      lon: "172.63",
    });
    for (const q of ["陈志明", "Chen Chih-ming", "Tan Chih Ming"]) {
      expect(await html(`/safety?q=${encodeURIComponent(q)}`), q).toContain(person.id);
    }
    await act(site, person.page, "follow", { email: "family@example.org" });
    const [confirmation] = await lettersTo(site, "family@example.org");
    await fillAndSend(site, linkIn(confirmation!, site, "/confirm"), "follow", {});
    expect(
      (await act(site, person.page, "note", { status: "believed_alive", text: "在避難所看到他" })).status,
    ).toBe(303);
    expect(await html(person.page)).toContain("在避難所看到他");
    expect(await lettersTo(site, "family@example.org")).toHaveLength(2);

    const relay = await act(site, person.page, "relay", { text: "要藥嗎", author_name: "室友" });
    const manage = await html(person.manage);
    expect(manage).toContain("要藥嗎");
    const reply = /<form[^>]*id="(reply-[^"]+)"/.exec(manage)![1]!;
    expect((await fillAndSend(site, person.manage, reply, { text: "要，謝謝" })).status).toBe(303);
    expect(await html(relay.headers.get("location")!)).toContain("要，謝謝");

    expect((await fillAndSend(site, person.manage, "edit-form", { home_city: "花蓮" })).status).toBe(303);
    expect(await html(`/safety/persons/${person.id}.pfif.xml`)).toContain("花蓮");

    expect((await site.form(person.manage, { intent: "delete", confirm: "yes" })).status).toBe(303);
    expect((await site.fetch(person.page)).status).toBe(410);
    expect((await fillAndSend(site, person.manage, "restore", {})).status).toBe(303);
    expect((await site.fetch(person.page)).status).toBe(200);
  });

  it("H32: where a second factor is demanded, a password alone opens nothing, and a code from the app does", async () => {
    const lin = await signInAs(site, "volunteer", { name: "林" });
    const desk = (headers: { cookie: string }) => site.fetch("/moderation", { headers });
    expect((await desk(lin.headers)).status).toBe(200);
    await site.sql`update app.settings set value = 'true' where name = 'staff_needs_second_factor'`;
    expect((await desk(lin.headers)).status).toBe(303);
    const told = await site.fetch("/sign-in", { headers: lin.headers });
    expect(await told.text()).toContain('href="/sign-in/second-factor');

    const where = "/sign-in/second-factor";
    const begun = await (await fillAndSend(site, where, "begin", {}, lin.headers)).text();
    const secret = /<code>([A-Z2-7]{32})<\/code>/.exec(begun)![1]!;
    const wrong = await send(site, where, filled(begun, "second", { code: "000000" }), lin.headers);
    expect(wrong.status).toBe(403);
    const right = await send(site, where, filled(begun, "second", { code: totpCode(secret) }), lin.headers);
    expect(right.status).toBe(303);
    expect((await desk({ cookie: cookiesOf(right) })).status).toBe(200);
    // The old session is still only half of what is asked for, and the next sign-in leads to the second half.
    expect((await desk(lin.headers)).status).toBe(303);
    const again = await site.form("/sign-in", {
      intent: "password",
      email: lin.email,
      password: lin.password,
    });
    expect(again.headers.get("location")).toBe("/sign-in/second-factor?next=%2Fmoderation");
    expect((await desk({ cookie: cookiesOf(again) })).status).toBe(303);
    await site.sql`update app.settings set value = 'false' where name = 'staff_needs_second_factor'`;
  });

  it("H28: a resend is harmless, another post under its key is refused", async () => {
    const where = "/safety/persons/new?as=me";
    const page = await html(where);
    const post = (full_name: string) =>
      send(site, where, filled(page, "person", { full_name, consent: "yes" }));
    const answers = await Promise.all([post("重送"), post("重送"), post("重送")]);
    expect(new Set(answers.map((answer) => answer.headers.get("location"))).size).toBe(1);
    expect((await post("別人")).status).toBe(409);
  });

  it("keeps a hidden record hidden", async () => {
    const person = await postPerson(site, { full_name: "沈默然", visibility: "known", birth_year: "1990" });
    expect((await site.fetch(`/safety/persons/${person.id}`)).status).toBe(404);
    expect(await html("/safety?q=沈默然&known=1991")).not.toContain(person.id);
    expect(await html("/safety?q=沈默然&known=1990")).toContain(`${person.id}?key=${person.key}`);
  });

  it.each(["true", "false", "null", "*", "a,b)", '"', "\\", "or=(id.not.is.null)", "陳"])(
    "H9: %s in any parameter is a word like any other",
    async (text) => {
      const value = encodeURIComponent(text);
      for (const where of [
        "/safety?q=",
        "/safety?event=",
        "/safety?cursor=",
        "/api/v1/persons?q=",
        "/api/v1/persons?event=",
        "/pfif/read?id=",
        "/pfif/feeds/note?person_record_id=",
        "/events/",
      ]) {
        expect((await site.fetch(where + value)).status, where).toBeLessThan(500);
      }
    },
  );

  it("F11, F12: while the project does not answer, a form comes back with its answers, and goes through later", async () => {
    const where = "/safety/persons/new?as=me";
    const page = await html(where);
    const form = () => filled(page, "person", { full_name: "斷線測試", text: "不能不見", consent: "yes" });
    site.gateway!.interrupt = (_request, response) => response.writeHead(503).end();
    const refused = await send(site, where, form());
    expect(refused.status).toBe(503);
    site.gateway!.interrupt = null;
    let status = 0;
    for (let n = 0; n < 20 && status !== 303; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      status = (await send(site, where, form())).status;
    }
    expect(status).toBe(303);
    const [row] = await site.sql`select count(*)::int as n from app.persons where full_name = '斷線測試'`;
    expect(row).toEqual({ n: 1 });
  });
});
