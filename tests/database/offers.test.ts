import { randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import {
  getOffer,
  getStaffOffer,
  giveThanks,
  introduce,
  listStaffOffers,
  offerHelp,
  wipeOffers,
  withdrawOffer,
  writeToOtherSide,
} from "#app/features/cases/offers.server.ts";
import { offerSchema } from "#app/features/cases/offers.schema.ts";
import { listThanks } from "#app/features/cases/stories.server.ts";
import type { Db } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { makeMember } from "#tests/support/staff.ts";

const helperMail = "helper.secret@mail.example";
const otherMail = "family.secret@mail.example";

forEachDoor((door) => {
  const seats: Record<"officer" | "elsewhere" | "volunteer", Db> = {} as never;
  let story = "";
  beforeAll(async () => {
    const member = async (options: Parameters<typeof makeMember>[1]) =>
      door.as({ sub: (await makeMember(door.sql, options)).userId });
    seats.officer = await member({ role: "officer", areas: ["AU"] });
    seats.elsewhere = await member({ role: "officer", areas: ["JP"] });
    seats.volunteer = await member({ role: "volunteer" });
    story = randomUUID();
    await door.commands.call("post_invented_story", {
      p: {
        id: story, title: "車禍", language: "zh-TW", account: "…", lesson: "…", checklist: [], quarter: "2024-Q2", country: "AU",
        region: "oceania", published_at: "2026-01-01T00:00:00Z",
      },
    }); // prettier-ignore
  });
  const offerer = () => ({
    commands: door.commands,
    key: null,
    language: "en",
    publicUrl: "https://lookout.example",
    secret: () => Buffer.alloc(32),
  });
  const offer = (answers: Record<string, unknown> = {}, clientId?: string) =>
    offerHelp(
      offerer(),
      { story },
      offerSchema.parse({
        what: "可以去醫院陪他、翻譯",
        place: "Brisbane",
        languages: "中文、English",
        available: "週末",
        name: "林太太",
        email: helperMail,
        consent: "yes",
        ...(clientId ? { client_id: clientId } : {}),
        ...answers,
      }),
      { body: "x", held: false, reason: null },
    );
  const accept = (id: string) => door.sql`select app.moderate_offer(${id}, 'accept', '{}')`;
  const mails = () =>
    door.sql<{ kind: string; to_email: string; payload: Record<string, string> }[]>`
      select kind, to_email, payload from app.outbox order by id`;

  it("goes to the staff and nobody else; a resend is the same offer", async () => {
    const key = randomUUID();
    const first = await offer({}, key);
    expect(await offer({}, key)).toEqual(first);
    const [item] = await door.sql`
      select kind, subject_type, severity, country from app.queue_items where subject_id = ${first.id}`;
    expect(item).toEqual({ kind: "offer", subject_type: "offer", severity: 4, country: "AU" });
    expect((await listStaffOffers(seats.volunteer)).map(({ id }) => id)).toContain(first.id);
    expect((await listStaffOffers(seats.elsewhere)).map(({ id }) => id)).not.toContain(first.id);
    for (const relation of ["offers", "offer_secrets", "offer_threads", "offer_messages", "staff_offers"])
      expect((await door.anon.from(relation).select("*")).data ?? [], relation).toEqual([]);
    const seen = JSON.stringify([
      await getStaffOffer(seats.officer, first.id),
      await getOffer(door.commands, first.id, first.token),
      await door.sql`select app.describe_offer(${first.id}) as about`,
    ]);
    expect(seen).not.toContain(helperMail);
    expect(seen).not.toContain("林太太");
  });

  it("A3 both sides write through the site and neither address is ever shown to anybody", async () => {
    const { id, token } = await offer();
    const words = {
      other_name: "家屬",
      other_email: otherMail,
      other_language: "zh-TW" as const,
      words: "這位住在附近。",
    };
    const now = async () => ({ id, version: (await getStaffOffer(seats.officer, id)).version });
    await expect(introduce(seats.officer, await now(), words, "https://l.example")).rejects.toMatchObject({
      token: "offer_not_accepted",
    });
    await accept(id);
    for (const seat of ["volunteer", "elsewhere"] as const)
      await expect(introduce(seats[seat], await now(), words, "https://l.example")).rejects.toMatchObject({
        token: "offer_not_found",
      });
    await introduce(seats.officer, await now(), words, "https://l.example");

    const sent = (await mails()).slice(-2);
    expect(sent.map(({ kind, to_email }) => [kind, to_email])).toEqual([
      ["offer_introduced", helperMail],
      ["offer_received", otherMail],
    ]);
    const otherToken = /token=([\w-]+)/.exec(sent[1]!.payload.url!)![1]!;
    expect(JSON.stringify(sent[0]!.payload)).not.toContain(otherToken);

    await writeToOtherSide(door.commands, { id, token, text: "我週六可以去。", caller: null });
    await writeToOtherSide(door.commands, { id, token: otherToken, text: "太好了，謝謝。", caller: null });
    const sides = [
      await getOffer(door.commands, id, token),
      await getOffer(door.commands, id, otherToken),
      await getStaffOffer(seats.officer, id),
    ];
    expect(sides[0]).toMatchObject({
      side: "helper",
      state: "introduced",
      other_name: "家屬",
      messages: [
        { from_helper: true, text: "我週六可以去。" },
        { from_helper: false, text: "太好了，謝謝。" },
      ],
    });
    expect(sides[1]).toMatchObject({ side: "other", helper_name: "林太太" });
    expect(JSON.stringify(sides)).not.toMatch(/@mail\.example/);
    const messages = (await mails()).slice(-2);
    expect(messages.map(({ to_email }) => to_email)).toEqual([otherMail, helperMail]);
    expect(JSON.stringify(messages.map(({ payload }) => payload))).not.toMatch(/@mail\.example|token/);
    // Not even the staff who typed the address reads it again.
    expect((await seats.officer.from("offer_threads").select("*")).error).not.toBeNull();

    await expect(
      giveThanks(seats.volunteer, id, { outcome: "helped", text: undefined }),
    ).rejects.toMatchObject({ token: "offer_not_found" });
    await giveThanks(seats.officer, id, { outcome: "helped", text: "陪病兩週，謝謝你。" });
    expect(await listThanks(door.anon, { story })).toMatchObject([
      { outcome: "helped", text: "陪病兩週，謝謝你。" },
    ]);
    const acts = await door.sql`select act from app.log_entries where subject_id = ${id} order by id`;
    expect(acts.map(({ act }) => act as string)).toEqual(["offer_introduced", "offer_thanked"]);
  });

  it("A1 a link of one offer opens no other, and a wrong one answers like none", async () => {
    const mine = await offer();
    const other = await offer();
    await expect(getOffer(door.commands, other.id, mine.token)).rejects.toMatchObject({
      token: "token_wrong",
    });
    await expect(getOffer(door.commands, randomUUID(), mine.token)).rejects.toMatchObject({
      token: "token_wrong",
    });
    await expect(withdrawOffer(door.commands, other.id, mine.token)).rejects.toMatchObject({
      token: "token_wrong",
    });
    await expect(
      writeToOtherSide(door.commands, { id: mine.id, token: mine.token, text: "x", caller: null }),
    ).rejects.toMatchObject({ token: "offer_not_introduced" });
  });

  it("withdrawn or run out it is gone with every address and word; thanks stay", async () => {
    const { id, token } = await offer();
    await withdrawOffer(door.commands, id, token);
    expect(await getOffer(door.commands, id, token)).toMatchObject({ state: "withdrawn" });
    const [open] = await door.sql`
      select count(*)::int as n from app.queue_items where subject_id = ${id} and decided_at is null`;
    expect(open!.n).toBe(0);
    await door.sql`update app.offers set created_at = now() - interval '100 days', expires_at = now() - interval '1 day'`;
    expect(await wipeOffers(door.commands)).toBeGreaterThan(3);
    for (const table of ["offers", "offer_secrets", "offer_threads", "offer_messages"]) {
      const [row] = await door.sql.unsafe(`select count(*)::int as n from app.${table}`);
      expect(row!.n, table).toBe(0);
    }
    const [items] = await door.sql`
      select count(*)::int as n from app.queue_items where subject_type = 'offer'`;
    expect(items!.n).toBe(0);
    expect(await listThanks(door.anon, { story })).toHaveLength(1);
    await expect(getOffer(door.commands, id, token)).rejects.toMatchObject({ token: "token_wrong" });
  });
});
