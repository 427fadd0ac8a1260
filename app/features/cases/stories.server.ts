/** Stories: the only file that names their views and functions. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { decodeCursor, encodeCursor } from "../../formats/cursor.ts";
import { exactly, unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import type { AnonymityCheck } from "../../privacy/k-anonymity.ts";
import { findPersonalData, maskPersonalData, type Finding } from "../../privacy/personal-data.ts";
import { REGION_OF_COUNTRY } from "./cases.ts";
import {
  caseLines,
  checkStory,
  staffStoryRow,
  storyDetail,
  storyRow,
  type StaffStory,
  type Story,
  type StoryDetail,
  type StoryFacts,
  type StoryState,
} from "./stories.ts";
import type { StoriesQuery, StoryInput } from "./stories.schema.ts";

const COLUMNS = Object.keys(storyRow.shape).join(",");

export interface StoryPage {
  items: Story[];
  next: string | null;
  total: number;
}

/** Published stories, newest first. Fails with `cursor_invalid` for a cursor of another list. */
export async function listStories(
  db: Db,
  { cursor, ...filter }: Partial<StoriesQuery>,
  limit: number,
): Promise<StoryPage> {
  const scope = createHash("sha256").update(JSON.stringify(filter)).digest("base64url").slice(0, 12);
  const filtered = (columns: string, options?: { count: "exact"; head: true }) => {
    let rows = db.from("stories").select(columns, options);
    for (const field of ["country", "type", "programme"] as const) {
      const wanted = filter[field];
      if (wanted !== undefined) rows = rows.eq(field, wanted);
    }
    return rows;
  };
  let rows = filtered(COLUMNS);
  if (cursor !== undefined) {
    const [at, id] = decodeCursor(scope, cursor, 2) ?? [];
    if (!isMoment(at) || !isId(id)) throw new Failure("invalid", "cursor_invalid", { field: "cursor" });
    rows = rows.or(`published_at.lt."${at}",and(published_at.eq."${at}",id.lt.${id})`);
  }
  const [found, counted] = await Promise.all([
    rows
      .order("published_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(limit + 1),
    filtered("id", { count: "exact", head: true }),
  ]);
  const stories = z.array(storyRow).parse(unwrap(found));
  const items = stories.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next: stories.length > limit && last ? encodeCursor(scope, [last.published_at, last.id]) : null,
    total: counted.count ?? items.length,
  };
}

/** A published story; fails with `story_not_found` for what is not there or not published. */
export async function getStory(db: Db, id: string): Promise<Story> {
  const rows = isId(id) ? unwrap(await db.from("stories").select(COLUMNS).eq("id", id).limit(1)) : [];
  const story = z.array(storyRow).parse(rows)[0];
  if (!story) throw new Failure("not_found", "story_not_found");
  return story;
}

/** What stories teach whoever travels to a country: those of the country, and of its region where none is named. */
export async function listLessons(db: Db, country: string): Promise<Story[]> {
  const region = REGION_OF_COUNTRY.get(country);
  if (region === undefined) throw new Failure("not_found", "not_found");
  const rows = unwrap(
    await db
      .from("stories")
      .select(COLUMNS)
      .or(`country.eq.${country},and(country.is.null,region.eq.${region})`)
      .order("published_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(200),
  );
  return z
    .array(storyRow)
    .parse(rows)
    .sort((a, b) => Number(a.country === null) - Number(b.country === null));
}

/** Countries that have a lesson, with how many, most first. */
export async function countLessons(db: Db): Promise<{ country: string; stories: number }[]> {
  const rows = z
    .array(z.object({ country: z.string() }))
    .parse(unwrap(await db.from("stories").select("country").not("country", "is", null).limit(1_000)));
  const counts = new Map<string, number>();
  for (const { country } of rows) counts.set(country, (counts.get(country) ?? 0) + 1);
  return [...counts]
    .map(([country, stories]) => ({ country, stories }))
    .sort((a, b) => b.stories - a.stories || (a.country < b.country ? -1 : 1));
}

/** Stories an officer may work on, last changed first. */
export async function listStaffStories(db: Db, state?: StoryState): Promise<StaffStory[]> {
  let rows = db.from("staff_stories").select(Object.keys(staffStoryRow.shape).join(","));
  if (state !== undefined) rows = rows.eq("state", state);
  return z
    .array(staffStoryRow)
    .parse(unwrap(await rows.order("changed_at", { ascending: false }).order("id").limit(100)));
}

/** A story as an officer works on it; fails with `story_not_found`. */
export async function getStaffStory(db: Db, id: string): Promise<StoryDetail> {
  const found = isId(id) ? unwrap<unknown>(await db.rpc("read_story", { p_id: id })) : null;
  if (!found) throw new Failure("not_found", "story_not_found");
  return storyDetail.parse(found);
}

/** Writes a draft, or with `id` changes the story whose version was read: it is a draft again. Gives its id. */
export async function saveStory(db: Db, input: StoryInput, id?: string): Promise<string> {
  const answer = unwrap<unknown>(await db.rpc("save_story", { p: { ...input, id: id ?? null } }));
  return z.object({ id: z.string() }).parse(answer).id;
}

/** Puts a story up for signing, signs and publishes it, or takes it back to be a draft. */
export async function moveStory(
  db: Db,
  story: { id: string; version: number },
  state: "waiting" | "published" | "draft",
): Promise<void> {
  unwrap<unknown>(await db.rpc("move_story", { p: { ...story, state } }));
}

/** How many cases could be the one a story tells of, among those that are as real or as invented as it is. */
export async function checkAgainstCases(
  db: Db,
  story: StoryFacts & { invented: boolean },
): Promise<AnonymityCheck> {
  const lines = unwrap<unknown>(
    await db.rpc("case_lines", { p_region: story.region, p_invented: story.invented }),
  );
  return checkStory(caseLines.parse(lines), story);
}

/** The texts of a story that everybody would read. */
export type StoryTexts = Pick<StoryDetail, "title" | "account" | "lesson" | "checklist">;

export interface StoryFinding extends Finding {
  field: "title" | "account" | "lesson" | "checklist";
}

/** Personal data in a story, field by field. Official hotlines are none. */
export function findInStory(story: StoryTexts, hotlines: readonly string[]): StoryFinding[] {
  const within = (field: StoryFinding["field"], text: string) =>
    findPersonalData(text, { hotlines }).map((finding) => ({ ...finding, field }));
  return [
    ...within("title", story.title),
    ...within("account", story.account),
    ...within("lesson", story.lesson),
    ...within("checklist", story.checklist.join("\n")),
  ];
}

/** The texts with all personal data masked; hotlines stay. */
export function maskStory<Texts extends StoryTexts>(story: Texts, hotlines: readonly string[]): Texts {
  const mask = (text: string) => maskPersonalData(text, undefined, { hotlines });
  return {
    ...story,
    title: mask(story.title),
    account: mask(story.account),
    lesson: mask(story.lesson),
    checklist: story.checklist.map(mask),
  };
}

const thanksRow = z.object({
  outcome: z.enum(["helped", "not_needed"]),
  text: z.string().nullable(),
  thanked_at: z.string(),
});
export type Thanks = z.infer<typeof thanksRow>;

/** What came of offers of help for a story or an event, newest first. */
export async function listThanks(db: Db, about: { story: string } | { event: string }): Promise<Thanks[]> {
  const rows = db.from("thanks").select("outcome,text,thanked_at");
  const found =
    "story" in about ? rows.eq("story_id", about.story) : rows.filter("event", "in", exactly(about.event));
  return z.array(thanksRow).parse(unwrap(await found.order("thanked_at", { ascending: false }).limit(50)));
}

/** Publishes an invented story, for a demonstration. */
export async function postInventedStory(
  commands: Commands,
  story: Omit<Story, "correction" | "invented">,
): Promise<"created" | "present"> {
  const answer = await commands.call<unknown>("post_invented_story", { p: story });
  return z.object({ outcome: z.enum(["created", "present"]) }).parse(answer).outcome;
}

function isMoment(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$/.test(value)
  );
}

function isId(value: unknown): value is string {
  return (
    typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)
  );
}
