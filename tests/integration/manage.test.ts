import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fieldsOf, textOf } from "#tests/support/html.ts";
import { foreignPerson, pfifDate, pfifDocument, registryWriter } from "#tests/support/pfif.ts";
import { act, fillAndSend, operate, postPerson, type PostedPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

let site: Site;
let write: Awaited<ReturnType<typeof registryWriter>>;
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
  write = await registryWriter(site);
});
afterAll(() => site?.close());

const record = (id: string) => `127.0.0.1/person.${id}`;
const html = async (where: string) => (await site.fetch(where)).text();

async function remove(person: PostedPerson): Promise<void> {
  const answer = await site.form(person.manage, { intent: "delete", confirm: "yes" });
  expect(answer.status).toBe(303);
}

describe("H29: the manage link", () => {
  it("opens only with the whole secret, letter by letter, and only its own record", async () => {
    const mine = await postPerson(site, { full_name: "管理甲", author_phone: "+886 922 222 222" });
    const other = await postPerson(site, { full_name: "管理乙" });
    const swapped = mine.token.replace(/[a-z]/i, (letter) =>
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
    );
    for (const token of [
      "",
      "x",
      mine.token.slice(0, -1),
      `${mine.token}A`,
      swapped,
      mine.token.toUpperCase(),
      other.token,
      "a".repeat(43),
      `${mine.token}%00`,
      "a".repeat(6_000),
      "' or 1=1--",
    ]) {
      const where = `/safety/persons/${mine.id}/manage?token=${encodeURIComponent(token)}`;
      const looked = await site.fetch(where);
      expect(looked.status, token.slice(0, 50)).toBe(403);
      expect(await looked.text()).not.toContain("922");
      for (const body of [
        { intent: "delete", confirm: "yes" },
        { intent: "edit", full_name: "被改了", version: "1" },
        { intent: "note", text: "被寫了", status: "safe" },
        { intent: "extend" },
        { intent: "restore" },
      ] as Record<string, string>[]) {
        expect((await site.form(where, body)).status, `${body.intent} ${token.slice(0, 50)}`).toBe(403);
      }
    }
    expect((await site.fetch(`/safety/persons/${mine.id}/manage`)).status).toBe(403);
    const page = await html(mine.page);
    expect(page).toContain("管理甲");
    expect(page).not.toContain("被寫了");
  });

  it("is shown once: a second look at the page does not have it", async () => {
    const person = await postPerson(site, { full_name: "只看一次" });
    expect(person.html).toContain(person.token);
    expect(await html(person.page)).not.toContain(person.token);
  });

  it("changes nothing when it is only opened, whatever stands in the address", async () => {
    const person = await postPerson(site, { full_name: "預覽測試" });
    const before =
      await site.sql`select version, expiry_date, publication from app.persons where id = ${person.id}`;
    for (const more of [
      "",
      "&ask=delete",
      "&intent=delete&confirm=yes",
      "&done=deleted",
      "&_method=POST&intent=extend",
    ]) {
      for (const method of ["GET", "HEAD"]) {
        expect((await site.fetch(person.manage + more, { method })).status).toBe(200);
      }
    }
    expect([
      ...(await site.sql`select version, expiry_date, publication from app.persons where id = ${person.id}`),
    ]).toEqual([...before]);
  });

  it("of a deleted record offers to bring it back and nothing else", async () => {
    const person = await postPerson(site, { full_name: "刪了的人" });
    await remove(person);
    const page = await site.fetch(person.manage);
    expect(page.status).toBe(200);
    const forms = [...(await page.text()).matchAll(/<form[^>]*id="([^"]+)"[^>]*method="post"/g)].map(
      ([, id]) => id,
    );
    expect(forms.filter((id) => !id?.includes("lang"))).toEqual(["restore"]);
    for (const body of [
      { intent: "edit", full_name: "改", version: "1", visibility: "public" },
      { intent: "note", text: "還在", status: "safe" },
      { intent: "extend" },
      { intent: "delete", confirm: "yes" },
    ] as Record<string, string>[]) {
      const answer = await site.form(person.manage, body);
      expect([409, 410, 422], body.intent).toContain(answer.status);
    }
  });

  it("resists a thousand guesses without slowing down for its holder", async () => {
    const person = await postPerson(site, { full_name: "猜猜看" });
    const guess = () =>
      site.fetch(
        `/safety/persons/${person.id}/manage?token=${crypto.randomUUID().replaceAll("-", "")}aaaaaaaaaaa`,
      );
    for (let n = 0; n < 10; n += 1) {
      const answers = await Promise.all(Array.from({ length: 20 }, guess));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    }
    expect((await site.fetch(person.manage)).status).toBe(200);
  });
});

describe("correcting", () => {
  it("changes what is found, keeps the answers of a refused form, and refuses the older of two tabs", async () => {
    const person = await postPerson(site, {
      full_name: "打錯字",
      alternate_names: "Typo",
      author_email: "a@example.org",
    });
    const untouched = fieldsOf(await html(person.manage), "edit-form");
    expect(untouched).toMatchObject({
      full_name: ["打錯字"],
      alternate_names: ["Typo"],
      author_email: ["a@example.org"],
    });

    const refused = await fillAndSend(site, person.manage, "edit-form", {
      full_name: "打對字",
      birth_year: "99",
    });
    expect(refused.status).toBe(422);
    expect(fieldsOf(await refused.text(), "edit-form")).toMatchObject({
      full_name: ["打對字"],
      birth_year: ["99"],
    });

    expect((await fillAndSend(site, person.manage, "edit-form", { full_name: "打對字" })).status).toBe(303);
    expect(await html("/safety?q=打對字")).toContain(person.id);
    expect(await html("/safety?q=打錯字")).not.toContain(person.id);

    const older = await fillAndSend(site, person.manage, "edit-form", {
      full_name: "第二個分頁",
      version: untouched.version!,
    });
    expect(older.status).toBe(409);
    expect(fieldsOf(await older.text(), "edit-form").full_name).toEqual(["第二個分頁"]);
  });

  it("speaks as the person only through the link", async () => {
    const person = await postPerson(site, { full_name: "本人說" });
    await act(site, person.page, "note", { status: "is_note_author", text: "冒充的" });
    expect(
      (
        await fillAndSend(site, person.manage, "update", {
          status: "help",
          need: "injured",
          text: "本人說受傷",
        })
      ).status,
    ).toBe(303);
    const rows =
      await site.sql`select text, source, needs from app.notes where person_id = ${person.id} order by entry_date`;
    expect(rows.map(({ text, source }) => [text, source])).toEqual([
      ["", "self"],
      ["冒充的", "third_party"],
      ["本人說受傷", "self"],
    ]);
    expect(
      await site.sql`select 1 from app.queue_items where person_id = ${person.id} and kind = 'needs_help'`,
    ).toHaveLength(1);
    // Somebody else who says "safe" does not silence a call for help.
    await act(site, person.page, "note", { status: "believed_alive", text: "看起來還好" });
    const [row] = await site.sql`select needs from app.persons where id = ${person.id}`;
    expect(row).toEqual({ needs: ["injured"] });
  });

  it("gives sixty days more, and never more than 360 from today", async () => {
    const person = await postPerson(site, { full_name: "延長", expiry_days: "30" });
    for (let n = 0; n < 8; n += 1)
      expect((await fillAndSend(site, person.manage, "extend", {})).status).toBe(303);
    const [row] =
      await site.sql`select extract(epoch from expiry_date - now()) / 86400 as days from app.persons where id = ${person.id}`;
    expect(Number(row!.days)).toBeGreaterThan(359);
    expect(Number(row!.days)).toBeLessThanOrEqual(360);
  });
});

describe("deleting", () => {
  it("asks twice, hides at once on every door, leaves a placeholder, and no import brings it back", async () => {
    const person = await postPerson(site, {
      full_name: "刪除測試",
      text: "要消失的字",
      last_known_location: "要消失的地方",
      author_email: "gone@example.org",
    });
    await act(site, person.page, "note", { status: "believed_alive", text: "別人的話也要消失" });
    const exported = await html(`/safety/persons/${person.id}.pfif.xml`);
    expect(exported).toContain("刪除測試");

    const asked = await site.form(person.manage, { intent: "delete" });
    expect(asked.status).toBe(303);
    expect(asked.headers.get("location")).toContain("ask=delete");
    expect((await site.fetch(person.page)).status).toBe(200);
    expect((await fillAndSend(site, `${person.manage}&ask=delete`, "delete-form", {})).status).toBe(303);

    expect((await site.fetch(person.page)).status).toBe(410);
    expect((await site.fetch(`/api/v1/persons/${person.id}`)).status).toBe(410);
    const gone = ["刪除測試", "要消失的字", "要消失的地方", "別人的話也要消失"];
    for (const where of [
      "/",
      "/safety",
      "/safety?q=刪除測試",
      "/api/v1/persons",
      "/pfif/search?q=刪除測試",
      "/pfif/feeds/person",
      "/pfif/feeds/note",
      `/safety/persons/${person.id}.pfif.xml`,
      person.page,
    ]) {
      const body = await html(where);
      for (const secret of gone.filter((text) => !decodeURIComponent(where).includes(text)))
        expect(body, where).not.toContain(secret);
    }
    const placeholder = await html(`/pfif/read?id=${record(person.id)}`);
    expect(placeholder).toContain(`<pfif:person_record_id>${record(person.id)}</pfif:person_record_id>`);
    expect(placeholder).toMatch(/<pfif:expiry_date>/);
    // PFIF 1.4 keeps these of a record that has gone, and nothing else.
    const kept = new Set([...placeholder.matchAll(/<pfif:(\w+)>/g)].map(([, name]) => name));
    expect(
      [...kept].filter(
        (name) =>
          !["person", "person_record_id", "entry_date", "source_date", "expiry_date", "full_name"].includes(
            name!,
          ),
      ),
    ).toEqual([]);
    expect(placeholder).not.toMatch(/<pfif:full_name>[^<]/);

    for (const document of [
      exported,
      pfifDocument([
        foreignPerson({
          person_record_id: record(person.id),
          full_name: "刪除測試",
          source_date: pfifDate(),
        }),
      ]),
    ]) {
      const answer = await write(document);
      expect(answer.status).toBe(200);
      expect((await site.fetch(person.page)).status).toBe(410);
    }
    const cli = await operate(site, ["import", "pfif", "-"], exported);
    expect(cli.code).toBe(1);
    expect((await site.fetch(person.page)).status).toBe(410);
  });

  it("can be taken back within three days, with everything that was there", async () => {
    const person = await postPerson(site, {
      full_name: "救回測試",
      text: "還在的字",
      visibility: "known",
      birth_year: "1980",
    });
    await remove(person);
    expect(await html("/safety?q=救回測試&known=1980")).not.toContain(person.id);
    expect((await fillAndSend(site, person.manage, "restore", {})).status).toBe(303);
    expect(await html(person.page)).toContain("還在的字");
    expect(await html("/safety?q=救回測試&known=1980")).toContain(person.id);
  });

  it("is final after three days", async () => {
    const person = await postPerson(site, {
      full_name: "太晚測試",
      text: "清掉的字",
      author_email: "late@example.org",
    });
    await act(site, person.page, "relay", { text: "清掉的訊息", author_name: "某人" });
    await remove(person);
    await site.sql`update app.sealed_persons set wipe_at = now() - interval '1 minute' where person_id = ${person.id}`;
    expect((await operate(site, ["expire"])).code).toBe(0);
    expect((await site.fetch(person.manage)).status).toBe(403);
    expect((await site.form(person.manage, { intent: "restore" })).status).toBe(403);
    const [left] = await site.sql`
      select (select count(*)::int from app.notes where person_id = ${person.id}) as notes,
             (select count(*)::int from app.person_secrets where person_id = ${person.id}) as secrets,
             (select count(*)::int from app.relay_threads where person_id = ${person.id}) as threads,
             (select count(*)::int from app.sealed_persons where person_id = ${person.id}) as sealed,
             (select to_jsonb(p)::text like '%太晚測試%' from app.persons p where id = ${person.id}) as named`;
    expect(left).toEqual({ notes: 0, secrets: 0, threads: 0, sealed: 0, named: false });
    expect((await site.fetch(person.page)).status).toBe(410);
  });
});

describe("running out", () => {
  it("hides a record the moment its time is over, empties it, and wipes it", async () => {
    const person = await postPerson(site, { full_name: "到期測試", text: "到期的字" });
    await site.sql`update app.persons set expiry_date = now() - interval '1 second' where id = ${person.id}`;
    // Nobody has tidied up yet: it is gone all the same.
    expect([404, 410]).toContain((await site.fetch(`${person.page}?fresh=1`)).status);
    expect(await html("/api/v1/persons?q=到期測試")).not.toContain(person.id);
    expect(await html(`/pfif/search?q=${encodeURIComponent("到期測試")}`)).not.toContain("到期的字");

    const { code, output } = await operate(site, ["expire"]);
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringMatching(/\d+ records? expired/) as string,
    });
    expect((await site.fetch(person.page)).status).toBe(410);
    expect(await html(`/pfif/read?id=${record(person.id)}`)).toContain(record(person.id));
    // The author may still bring it back.
    expect((await site.fetch(person.manage)).status).toBe(200);

    await site.sql`update app.sealed_persons set wipe_at = now() where person_id = ${person.id}`;
    await operate(site, ["expire"]);
    const [left] =
      await site.sql`select count(*)::int as notes from app.notes where person_id = ${person.id}`;
    expect(left).toEqual({ notes: 0 });
  });

  it("a sign of life starts the time again, a search for somebody does not", async () => {
    const person = await postPerson(site, { full_name: "再算一次", as: "seeking", expiry_days: "30" });
    const days = async () => {
      const [row] =
        await site.sql`select round(extract(epoch from expiry_date - now()) / 86400)::int as days from app.persons where id = ${person.id}`;
      return row!.days as number;
    };
    await site.sql`update app.persons set expiry_date = now() + interval '3 days' where id = ${person.id}`;
    await act(site, person.page, "note", { status: "information_sought", text: "還在找" });
    expect(await days()).toBe(3);
    await act(site, person.page, "note", { status: "believed_alive", text: "看到了" });
    expect(await days()).toBe(30);
  });
});

describe("who answers for the page", () => {
  it("the author reads what was decided about the record", async () => {
    const person = await postPerson(site, { full_name: "決定測試" });
    await act(site, person.page, "report", { reason: "not_missing" });
    const [item] = await site.sql`select id from app.queue_items where person_id = ${person.id}`;
    const p = { id: String(item!.id), decision: "refuse", by: "審核員", reason: "查過了，沒有問題" };
    await site.sql`select public.decide_queue_item(${site.sql.json(p)})`;
    expect(textOf(await html(person.manage))).toContain("查過了，沒有問題");
  });
});
