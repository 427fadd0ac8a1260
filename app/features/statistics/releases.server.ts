/** Releases of statistics: the only file that names their views and functions. */
import { z } from "zod";
import { unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import type { ProtectedRelease, ReleaseWork } from "./protect-release.ts";
import { RELEASE_KINDS } from "./periods.ts";
import { contentSchema, reportSchema, type ReleaseContent } from "./release-content.ts";

const releaseRow = z.object({
  number: z.number(),
  kind: z.enum(RELEASE_KINDS),
  period: z.string(),
  invented: z.boolean(),
  corrects: z.number().nullable(),
  note: z.string().nullable(),
  published_at: z.string(),
  hash: z.string(),
});
/** A published release without its tables. `corrects` is the number of the release it takes the place of. */
export type Release = z.infer<typeof releaseRow> & { corrected_by: number | null };
const COLUMNS = Object.keys(releaseRow.shape).join(",");

/** All published releases, newest first. There are a few a year. */
export async function listReleases(db: Db): Promise<Release[]> {
  const rows = z
    .array(releaseRow)
    .parse(
      unwrap(await db.from("releases").select(COLUMNS).order("number", { ascending: false }).limit(1000)),
    );
  return rows.map((row) => ({
    ...row,
    corrected_by: rows.find(({ corrects }) => corrects === row.number)?.number ?? null,
  }));
}

/** What was signed never changes, so it is read once. Contents are large; a few years of them are kept. */
const contents = new WeakMap<Db, Map<number, { hash: string; content: ReleaseContent }>>();
const KEPT = 60;

/** The tables of a published release. */
export async function readContent(
  db: Db,
  release: Pick<Release, "number" | "hash">,
): Promise<ReleaseContent> {
  const kept = contents.get(db) ?? new Map<number, { hash: string; content: ReleaseContent }>();
  contents.set(db, kept);
  const known = kept.get(release.number);
  if (known?.hash === release.hash) return known.content;
  const rows = unwrap(await db.from("releases").select("content").eq("number", release.number).limit(1));
  const [row] = z.array(z.object({ content: contentSchema })).parse(rows);
  if (!row) throw new Failure("not_found", "release_not_found");
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
  kept.set(release.number, { hash: release.hash, content: row.content });
  return row.content;
}

/** One published release by its number as it stands in addresses. Fails with `release_not_found`. */
export async function getRelease(db: Db, number: string): Promise<Release & { content: ReleaseContent }> {
  const releases = /^[1-9]\d{0,8}$/.test(number) ? await listReleases(db) : [];
  const release = releases.find((one) => one.number === Number(number));
  if (!release) throw new Failure("not_found", "release_not_found");
  return { ...release, content: await readContent(db, release) };
}

const planRow = z.object({
  kind: z.enum(RELEASE_KINDS),
  period: z.string(),
  due_on: z.string(),
  number: z.number().nullable(),
  published_at: z.string().nullable(),
});
export type PlannedRelease = z.infer<typeof planRow>;

/** The calendar of releases, next ones last. */
export async function readCalendar(db: Db): Promise<PlannedRelease[]> {
  const rows = unwrap(
    await db
      .from("release_calendar")
      .select("kind,period,due_on,number,published_at")
      .order("due_on")
      .limit(200),
  );
  return z.array(planRow).parse(rows);
}

// ---- staff ---------------------------------------------------------------------------------------------------------

const staffRow = z.object({
  id: z.string(),
  number: z.number().nullable(),
  kind: z.enum(RELEASE_KINDS),
  period: z.string(),
  invented: z.boolean(),
  corrects: z.number().nullable(),
  state: z.enum(["preparing", "failed", "draft", "proposed", "published"]),
  progress: z.number(),
  problem: z.string().nullable(),
  note: z.string().nullable(),
  prepared_by: z.string(),
  prepared_at: z.string(),
  prepared_by_name: z.string().nullable(),
  proposed_by: z.string().nullable(),
  proposed_at: z.string().nullable(),
  proposed_by_name: z.string().nullable(),
  signed_by: z.string().nullable(),
  published_at: z.string().nullable(),
  signed_by_name: z.string().nullable(),
});
export type StaffRelease = z.infer<typeof staffRow>;
const staffDetail = staffRow.extend({ content: contentSchema.nullable(), report: reportSchema.nullable() });
export type StaffReleaseDetail = z.infer<typeof staffDetail>;

/** All releases for officers, newest first, without their tables. */
export async function listStaffReleases(db: Db): Promise<StaffRelease[]> {
  const columns = Object.keys(staffRow.shape).join(",");
  const rows = unwrap(
    await db.from("staff_releases").select(columns).order("prepared_at", { ascending: false }).limit(200),
  );
  return z.array(staffRow).parse(rows);
}

/** One release for officers, with tables and report once it is prepared. Fails with `release_not_found`. */
export async function getStaffRelease(db: Db, id: string): Promise<StaffReleaseDetail> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  const rows = isId
    ? unwrap(
        await db
          .from("staff_releases")
          .select(Object.keys(staffDetail.shape).join(","))
          .eq("id", id)
          .limit(1),
      )
    : [];
  const [row] = z.array(staffDetail).parse(rows);
  if (!row) throw new Failure("not_found", "release_not_found");
  return row;
}

export interface NewRelease {
  kind: string;
  period: string;
  corrects: number | null;
  invented: boolean;
  note: string | null;
}

/** Has the cases of a period counted for a release, with the session of an officer. Gives its id. */
export async function startRelease(db: Db, p: NewRelease): Promise<string> {
  return z.object({ id: z.string() }).parse(unwrap<unknown>(await db.rpc("start_release", { p }))).id;
}

/** The step an officer takes with a prepared release. Signing gives it its number. */
export async function decideRelease(
  db: Db,
  id: string,
  step: "propose" | "sign" | "discard",
): Promise<{ number: number | null }> {
  const answer = unwrap<unknown>(await db.rpc(`${step}_release`, { p_id: id }));
  return { number: z.object({ number: z.number().optional() }).parse(answer).number ?? null };
}

/** Writes a date into the public calendar. */
export async function planRelease(
  db: Db,
  p: { kind: string; period: string; due_on: string },
): Promise<void> {
  unwrap<unknown>(await db.rpc("plan_release", { p }));
}

// ---- the worker ----------------------------------------------------------------------------------------------------

/** The next release to be protected, with true counts; null when there is none. Nobody else gets it for two minutes. */
export async function claimRelease(commands: Commands): Promise<ReleaseWork | null> {
  return commands.call<ReleaseWork | null>("claim_release");
}

/** False when the release is gone and the work in vain. */
export async function noteProgress(commands: Commands, id: string, progress: number): Promise<boolean> {
  return commands.call<boolean>("note_release_progress", { p: { id, progress: Math.round(progress) } });
}

/** Hands in a protected release, or the reason why it could not be made. */
export async function finishRelease(
  commands: Commands,
  id: string,
  result: ProtectedRelease | { problem: string },
): Promise<void> {
  await commands.call<boolean>("finish_release", { p: { id, ...result } });
}
