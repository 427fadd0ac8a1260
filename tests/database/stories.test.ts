import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import {
  checkAgainstCases,
  getStaffStory,
  getStory,
  listLessons,
  listStaffStories,
  listStories,
  moveStory,
  saveStory,
} from "#app/features/cases/stories.server.ts";
import { storyK } from "#app/features/cases/stories.ts";
import { storySchema, type StoryInput } from "#app/features/cases/stories.schema.ts";
import { CASE_TYPES } from "#app/features/cases/cases.ts";
import type { Db } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { makeMember } from "#tests/support/staff.ts";

const input = (answers: Record<string, unknown> = {}): StoryInput =>
  storySchema.parse({
    title: "沒保險的車禍",
    account: "在農場下班路上被車撞。",
    lesson: "出發前買足保險。",
    checklist: "- 買醫療險\n- 記下急難電話",
    quarter: "2024-Q2",
    country: "AU",
    type: "injury_death",
    programme: "working_holiday",
    age_band: "18_29",
    ...answers,
  });

forEachDoor((door) => {
  const seats: Record<"writer" | "signer" | "japan" | "volunteer" | "ended", Db> = {} as never;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    for (const [name, options] of Object.entries({
      writer: { role: "officer" },
      signer: { role: "officer", areas: ["AU"] },
      japan: { role: "admin", areas: ["JP"] },
      volunteer: { role: "volunteer" },
      ended: { role: "officer", expires_at: "2026-01-01T00:00:00Z" },
    } as const)) {
      ids[name] = (await makeMember(door.sql, options as Parameters<typeof makeMember>[1])).userId;
      seats[name as keyof typeof seats] = door.as({ sub: ids[name] });
    }
    await addCases(9, "resolved");
  });
  const addCases = (count: number, outcome: string, quarter = "2024-05-03") =>
    door.sql`
      insert into app.cases (opened_on, country, region, type, subtype, programme, age_band, outcome)
      select ${quarter}::date, 'AU', '', 'injury_death', 'traffic_accident', 'working_holiday', '18_29', ${outcome}
      from generate_series(1, ${count})`;
  const versionOf = async (id: string) => {
    const [row] = await door.sql<{ version: number }[]>`select version from app.stories where id = ${id}`;
    return row!.version;
  };
  const move = async (seat: Db, id: string, state: "waiting" | "published" | "draft") =>
    moveStory(seat, { id, version: await versionOf(id) }, state);

  it("below k it is not put up for signing, and the check says why and what would help", async () => {
    const id = await saveStory(seats.writer, input());
    expect(await checkAgainstCases(seats.writer, { ...input(), invented: false })).toMatchObject({
      size: 9,
      diversity: { outcome: 1 },
      isProtected: false,
      coarsenings: [],
    });
    await expect(move(seats.writer, id, "waiting")).rejects.toMatchObject({
      kind: "invalid",
      token: "too_few_alike",
      field: "quarter",
    });
    // A tenth that ended alike is enough of them, but tells how every one ended.
    await addCases(1, "resolved");
    await expect(move(seats.writer, id, "waiting")).rejects.toMatchObject({ token: "too_few_alike" });
    await addCases(3, "died", "2024-08-01");
    const check = await checkAgainstCases(seats.writer, { ...input(), invented: false });
    expect(check.coarsenings[0]!.steps).toEqual([
      { field: "quarter", level: 1, levelName: "year", value: "2024" },
    ]);
    await saveStory(seats.writer, input({ quarter: "2024", version: await versionOf(id) }), id);
    await move(seats.writer, id, "waiting");
    expect((await getStaffStory(seats.writer, id)).state).toBe("waiting");
  });

  describe("two officers", () => {
    let id = "";
    beforeAll(async () => {
      await addCases(10, "resolved");
      await addCases(10, "returned_home");
      id = await saveStory(seats.writer, input());
      await move(seats.writer, id, "waiting");
    });

    it("A1 who wrote it cannot sign it, nor can a volunteer, an officer elsewhere or one whose rights ended", async () => {
      await expect(move(seats.writer, id, "published")).rejects.toMatchObject({
        kind: "forbidden",
        token: "story_needs_another",
      });
      for (const seat of ["japan", "volunteer", "ended"] as const) {
        await expect(move(seats[seat], id, "published"), seat).rejects.toMatchObject({
          token: "story_not_found",
        });
        await expect(getStaffStory(seats[seat], id), seat).rejects.toMatchObject({
          token: "story_not_found",
        });
        if (seat !== "japan") expect(await listStaffStories(seats[seat]), seat).toEqual([]);
      }
      // Not even past all policies.
      await expect(
        door.sql`alter table app.stories disable trigger _100_rules`.then(() =>
          door.sql`update app.stories set state = 'published', signed_by = ${ids.writer!} where id = ${id}`,
        ),
      ).rejects.toMatchObject({ constraint_name: "stories_are_signed_by_a_second_officer" });
      await door.sql`alter table app.stories enable trigger _100_rules`;
    }); // prettier-ignore

    it("nobody reads it before, everybody after; who changes it becomes one who cannot sign", async () => {
      await expect(getStory(door.anon, id)).rejects.toMatchObject({ token: "story_not_found" });
      await saveStory(seats.signer, input({ title: "改過", version: await versionOf(id) }), id);
      expect((await getStaffStory(seats.signer, id)).state).toBe("draft");
      await move(seats.signer, id, "waiting");
      await expect(move(seats.signer, id, "published")).rejects.toMatchObject({
        token: "story_needs_another",
      });
      await expect(move(seats.writer, id, "published")).rejects.toMatchObject({
        token: "story_needs_another",
      });
      const third = door.as({ sub: (await makeMember(door.sql, { role: "admin" })).userId });
      await move(third, id, "published");
      expect(await getStory(door.anon, id)).toMatchObject({
        title: "改過",
        quarter: "2024-Q2",
        country: "AU",
        region: "oceania",
        checklist: ["買醫療險", "記下急難電話"],
      });
      expect((await listStories(door.anon, {}, 10)).items.map((story) => story.id)).toContain(id);
      expect((await listLessons(door.anon, "AU")).map((story) => story.id)).toContain(id);
      expect((await listLessons(door.anon, "JP")).map((story) => story.id)).not.toContain(id);
    });

    it("a change takes it off the site until somebody signs again, and a stale version is refused", async () => {
      await expect(saveStory(seats.writer, input({ version: "1" }), id)).rejects.toMatchObject({
        token: "changed_meanwhile",
      });
      await saveStory(seats.writer, input({ lesson: "另一個教訓", version: await versionOf(id) }), id);
      await expect(getStory(door.anon, id)).rejects.toMatchObject({ token: "story_not_found" });
      const acts = await door.sql`
        select act from app.log_entries where subject_id = ${id} order by id`;
      expect(acts.map(({ act }) => act as string)).toEqual([
        "story_draft",
        "story_waiting",
        "story_draft",
        "story_waiting",
        "story_published",
        "story_draft",
      ]);
    });
  });

  it("A3 of the case it was made from nothing is to be read outside, and drafts stay inside", async () => {
    const [made] = await door.sql<{ id: string }[]>`
      select id from app.cases where opened_on = '2024-05-03' limit 1`;
    const case_id = made!.id;
    const id = await saveStory(seats.writer, input({ case_id }));
    expect(await getStaffStory(seats.writer, id)).toMatchObject({ case_id, mine: true, invented: false });
    // Two do not become one by another's case: an officer elsewhere cannot use it.
    await expect(saveStory(seats.japan, input({ country: "JP", case_id }))).rejects.toMatchObject({
      token: "case_not_found",
    });
    for (const seat of [door.anon, seats.volunteer]) {
      const { data } = await seat.from("stories").select("*").eq("id", id);
      expect(data).toEqual([]);
      expect((await seat.from("story_secrets").select("*")).error).not.toBeNull();
    }
    const { data } = await door.anon.from("stories").select("*").limit(1);
    for (const row of data ?? [])
      for (const secret of ["written_by", "changed_by", "signed_by", "case_id"])
        expect(row).not.toHaveProperty(secret);
    expect((await door.anon.rpc("case_lines", { p_region: "oceania", p_invented: false })).error).not.toBeNull();
    expect((await seats.volunteer.rpc("case_lines", { p_region: "oceania", p_invented: false })).data).toEqual([]);
  }); // prettier-ignore

  it("moderation hides, masks, corrects and restores what was signed", async () => {
    const id = randomUUID();
    await door.commands.call("post_invented_story", {
      p: { ...input(), id, published_at: "2026-01-01T00:00:00Z" },
    });
    const decide = (decision: string, p: object = {}) =>
      door.sql`select app.moderate_story(${id}, ${decision}, ${door.sql.json(p as never)})`;
    await decide("mask", { masked_text: "〔…〕" });
    await decide("corrected", { correct_text: "當時有保險。" });
    expect(await getStory(door.anon, id)).toMatchObject({ account: "〔…〕", correction: "當時有保險。" });
    await decide("hide");
    await expect(getStory(door.anon, id)).rejects.toMatchObject({ token: "story_not_found" });
    await decide("restore");
    expect((await getStory(door.anon, id)).invented).toBe(true);
    const [row] = await door.sql`select app.describe_story(${id}) as about`;
    expect(row!.about).toMatchObject({ title: "沒保險的車禍", publication: "published", country: "AU" });
  });

  it("the database asks for as many alike as the page does", async () => {
    for (const type of [null, ...CASE_TYPES]) {
      const [row] = await door.sql`select app.story_k(${type}) as k`;
      expect(row!.k, String(type)).toBe(storyK(type));
    }
  });
});
