/** The queue, its items and what is decided about them. The only file that names their functions. */
import { z } from "zod";
import { decodeCursor, encodeCursor } from "../../formats/cursor.ts";
import { unwrap, type Commands, type Db, type FileStore } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { DECISIONS, KINDS, USUAL_REASON, type Decision, type QueueFilter } from "./queue.ts";

const kind = z.enum(KINDS).catch("flagged");
const decision = z.enum(DECISIONS);

const listed = z.object({
  id: z.string(),
  kind,
  severity: z.number(),
  stage: z.number(),
  subject_type: z.string(),
  title: z.string().nullable(),
  text: z.string().nullable(),
  reason: z.string().nullable(),
  language: z.string().nullable(),
  country: z.string().nullable(),
  event: z.string().nullable(),
  created_at: z.string(),
  rank_at: z.string(),
  version: z.number(),
  holder: z.string().nullable(),
  held_by_me: z.boolean().nullable(),
  claimed_until: z.string().nullable(),
});

export type ListedItem = z.infer<typeof listed>;

export interface QueuePage {
  items: ListedItem[];
  /** How many wait, counted up to a thousand. */
  waiting: number;
  /** When what has waited longest came; null when nothing waits. */
  oldest: string | null;
  next: string | null;
}

const scopeOf = (filter: QueueFilter) => `queue ${JSON.stringify(filter)}`;

/** What waits, first what goes first, for the member whose session this is. Fails with `cursor_invalid`. */
export async function listQueue(
  db: Db,
  filter: QueueFilter,
  { cursor = null, limit = 30 }: { cursor?: string | null; limit?: number } = {},
): Promise<QueuePage> {
  const place = cursor ? decodeCursor(scopeOf(filter), cursor, 2) : null;
  if (cursor && !place) throw new Failure("invalid", "cursor_invalid", { field: "cursor" });
  const page = z
    .object({ items: z.array(listed), waiting: z.number(), oldest: z.string().nullable() })
    .nullable()
    .parse(
      unwrap(
        await db.rpc("list_queue", {
          p: {
            kind: filter.kind,
            event: filter.event,
            language: filter.language,
            stage: filter.stage,
            older_than_hours: filter.age,
            limit,
            after_rank: place?.[0] ?? null,
            after_id: place?.[1] ?? null,
          },
        }),
      ),
    );
  if (!page) throw new Failure("forbidden", "staff_only");
  const last = page.items.at(-1);
  return {
    ...page,
    next: last && page.items.length === limit ? encodeCursor(scopeOf(filter), [last.rank_at, last.id]) : null,
  };
}

const optional = z.string().nullish();
const described = z
  .object({
    title: optional,
    text: optional,
    publication: optional,
    lat: z.number().nullish(),
    lon: z.number().nullish(),
    photo_id: optional,
    url: optional,
    facts: z.record(z.string(), z.unknown()).nullish(),
    history: z
      .array(
        z.object({
          status: optional,
          text: optional,
          source: optional,
          author_name: optional,
          publication: optional,
          at: z.string(),
          place: optional,
        }),
      )
      .nullish()
      .catch([]),
    duplicates: z
      .array(z.object({ id: z.string(), title: optional, status: optional, at: optional }))
      .nullish()
      .catch([]),
  })
  .nullable();

const item = z.object({
  id: z.string(),
  kind,
  severity: z.number(),
  stage: z.number(),
  subject_type: z.string(),
  subject_id: z.string(),
  reason: z.string().nullable(),
  text: z.string().nullable(),
  language: z.string().nullable(),
  country: z.string().nullable(),
  created_at: z.string(),
  decided_at: z.string().nullable(),
  version: z.number(),
  photo_id: z.string().nullable(),
  event: z
    .object({
      slug: z.string(),
      titles: z.record(z.string(), z.string()),
      hotlines: z.array(z.object({ number: z.string(), names: z.record(z.string(), z.string()) })).catch([]),
      drill: z.boolean(),
    })
    .nullable(),
  holder: z.string().nullable(),
  held_by_me: z.boolean(),
  claimed_until: z.string().nullable(),
  mine: z.boolean(),
  description: described,
  about: z.object({ id: z.string(), kind, decision: optional, reason: optional, text: optional }).nullable(),
  correction: z.object({ what: z.string(), correct_text: z.string(), source_url: z.string() }).nullable(),
  sealed: z.string().nullable(),
  decisions: z.array(
    z.object({
      item_id: z.string(),
      kind,
      stage: z.number(),
      decision,
      reason_code: z.string(),
      reason: z.string().nullable(),
      correct_text: z.string().nullable(),
      by: z.string(),
      by_me: z.boolean(),
      at: z.string(),
    }),
  ),
  cluster: z.array(
    z.object({
      id: z.string(),
      version: z.number(),
      kind,
      text: z.string().nullable(),
      created_at: z.string(),
    }),
  ),
  allowed: z.array(decision),
});

export type QueueItem = z.infer<typeof item>;

/** All that is known of an item. Fails with `item_not_found`, also when it is in nobody's countries but others'. */
export async function readItem(db: Db, id: string): Promise<QueueItem> {
  const found = item.nullable().parse(unwrap(await db.rpc("read_queue_item", { p_id: id })));
  if (!found) throw new Failure("not_found", "item_not_found");
  return found;
}

export interface DecisionInput {
  itemId: string;
  version: number;
  decision: Decision;
  reasonCode: string | null;
  reason: string | null;
  maskedText?: string | null;
  correctText?: string | null;
  duplicateOf?: string | null;
  noticeId?: string | null;
  /** Items of the same cluster that are decided alike. */
  also?: readonly { id: string; version: number }[];
}

/** Decides, as the member whose session this is. Gives how many. `item_not_waiting`: somebody was faster. */
export async function decide(db: Db, input: DecisionInput): Promise<number> {
  const answer = await db.rpc("decide", {
    p: {
      item_id: input.itemId,
      version: input.version,
      decision: input.decision,
      reason_code: input.reasonCode ?? USUAL_REASON[input.decision] ?? null,
      reason: input.reason,
      masked_text: input.maskedText ?? null,
      correct_text: input.correctText ?? null,
      duplicate_of: input.duplicateOf ?? null,
      notice_id: input.noticeId ?? null,
      also: input.also ?? [],
    },
  });
  return z.object({ decided: z.number() }).parse(unwrap(answer)).decided;
}

/** Keeps an item for a quarter of an hour, or lets it go. `item_claimed`: somebody else works on it. */
export async function claimItem(db: Db, id: string, release = false): Promise<void> {
  unwrap(await db.rpc("claim_item", { p: { item_id: id, release } }));
}

/** The photo an item is about, published or not. Null when there is none. */
export async function itemPhoto(db: Db, files: FileStore | null, id: string): Promise<Uint8Array | null> {
  const rows = z
    .array(z.object({ content: z.string().nullable(), path: z.string().nullable() }))
    .parse(unwrap(await db.rpc("item_photo", { p_item: id })));
  const [photo] = rows;
  if (photo?.content) return new Uint8Array(Buffer.from(photo.content, "base64"));
  return photo?.path && files ? files.get(photo.path) : null;
}

const reasons = z.array(z.object({ code: z.string(), position: z.number(), decisions: z.array(z.string()) }));

const rules = z.object({
  decisions: z.array(
    z.object({ name: z.string(), stage: z.number(), closes: z.boolean(), needs_words: z.boolean() }),
  ),
  reasons,
  kinds: z.record(z.string(), z.array(z.string())),
  claim_minutes: z.number(),
});

export type ModerationRules = z.infer<typeof rules>;

/** The rules as the database keeps them: what can be decided at which stage, why, and about which kind of item. */
export async function moderationRules(db: Db): Promise<ModerationRules> {
  return rules.parse(unwrap(await db.rpc("moderation_rules")));
}

const steps = z.array(
  z.object({
    decision,
    stage: z.number(),
    reason_code: z.string(),
    reason: z.string().nullable(),
    at: z.string(),
  }),
);

/** What a correction is about: something public, or null. */
export async function describePublic(
  commands: Commands,
  type: string,
  id: string,
): Promise<{ title: string | null; text: string | null; url: string | null } | null> {
  return z
    .object({ title: z.string().nullable(), text: z.string().nullable(), url: z.string().nullable() })
    .nullable()
    .parse(await commands.call("describe_public", { p_type: type, p_id: id }));
}

export interface CorrectionInput {
  id: string;
  subjectType: string;
  subjectId: string;
  what: string;
  correctText: string;
  sourceUrl: string;
  email: string | null;
  token: string;
  tokenHash: string;
  language: string;
  caller: string | null;
  clientId: string;
  body: string;
}

/** Asks for a correction of something public. Fails with `correction_subject_unknown`. Gives its id. */
export async function askCorrection(commands: Commands, input: CorrectionInput): Promise<string> {
  const answer = await commands.call("ask_correction", {
    p: {
      id: input.id,
      subject_type: input.subjectType,
      subject_id: input.subjectId,
      what: input.what,
      correct_text: input.correctText,
      source_url: input.sourceUrl,
      email: input.email,
      token: input.token,
      token_hash: input.tokenHash,
      language: input.language,
      caller: input.caller,
      client_id: input.clientId,
      body: input.body,
    },
  });
  return z.object({ id: z.string() }).parse(answer).id;
}

const correction = z.object({
  id: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  what: z.string(),
  correct_text: z.string(),
  source_url: z.string(),
  created_at: z.string(),
  decided_at: z.string().nullable(),
  steps,
});

/** What became of a correction, for whoever holds its link. Fails with `token_wrong`. */
export async function readCorrection(
  commands: Commands,
  id: string,
  tokenHash: string,
): Promise<z.infer<typeof correction>> {
  const found = correction
    .nullable()
    .parse(await commands.call("read_correction", { p_id: id, p_token_hash: tokenHash }));
  if (!found) throw new Failure("forbidden", "token_wrong");
  return found;
}

const authorDecision = z.object({
  item_id: z.string(),
  kind,
  subject_type: z.string(),
  decision,
  stage: z.number(),
  reason_code: z.string(),
  reason: z.string().nullable(),
  correct_text: z.string().nullable(),
  at: z.string(),
  closes: z.boolean(),
  appeal: z
    .object({
      at: z.string(),
      decided_at: z.string().nullable(),
      decision: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
  may_appeal: z.boolean(),
});

export type AuthorDecision = z.infer<typeof authorDecision>;

/** What was decided about a record, for the holder of its manage link: newest first, never by whom. */
export async function ownPersonDecisions(
  commands: Commands,
  id: string,
  manageHash: string,
): Promise<AuthorDecision[]> {
  return z
    .array(authorDecision)
    .catch([])
    .parse(await commands.call("own_person_decisions", { p_id: id, p_manage_hash: manageHash }));
}

/** The author contests a decision. Fails with `appeal_not_possible` or `words_required`. */
export async function appealPerson(
  commands: Commands,
  appeal: { personId: string; manageHash: string; itemId: string; text: string; caller: string | null },
): Promise<void> {
  await commands.call("appeal_person", {
    p: {
      person_id: appeal.personId,
      manage_hash: appeal.manageHash,
      item_id: appeal.itemId,
      text: appeal.text,
      caller: appeal.caller,
    },
  });
}

/** What was decided about a report, for the holder of its manage link: newest first, never by whom. */
export async function ownReportDecisions(
  commands: Commands,
  id: string,
  manageHash: string,
): Promise<AuthorDecision[]> {
  return z
    .array(authorDecision)
    .catch([])
    .parse(await commands.call("own_report_decisions", { p_id: id, p_manage_hash: manageHash }));
}

/** The author of a report contests a decision. Fails with `appeal_not_possible` or `words_required`. */
export async function appealReport(
  commands: Commands,
  appeal: { reportId: string; manageHash: string; itemId: string; text: string; caller: string | null },
): Promise<void> {
  await commands.call("appeal_report", {
    p: {
      report_id: appeal.reportId,
      manage_hash: appeal.manageHash,
      item_id: appeal.itemId,
      text: appeal.text,
      caller: appeal.caller,
    },
  });
}

const verdict = z.object({
  subject_type: z.string(),
  subject_id: z.string(),
  verdict: z.enum(["verified", "unverifiable", "false", "corrected", "adopted"]),
  correct_text: z.string().nullable(),
  reason_code: z.string(),
  decided_at: z.string(),
});

export type Verdict = z.infer<typeof verdict>;

/** What officers found out about a person's record and its notes. */
export async function personVerdicts(db: Db, personId: string): Promise<Verdict[]> {
  return z
    .array(verdict)
    .parse(
      unwrap(
        await db
          .from("verdicts")
          .select("subject_type,subject_id,verdict,correct_text,reason_code,decided_at")
          .eq("person_id", personId),
      ),
    );
}

const notice = z.object({ id: z.string(), title: z.string(), source_name: z.string().nullish() });

/** Official notices for an event or country that an officer may link to a decision. */
export async function linkableNotices(
  db: Db,
  event: string | null,
  country: string | null,
): Promise<z.infer<typeof notice>[]> {
  if (!event && !country) return [];
  const rows = unwrap(
    await db.rpc("list_notices", {
      p_event: event,
      p_country: country,
      p_before: null,
      p_before_id: null,
      p_limit: 20,
    }),
  );
  return z.array(notice).catch([]).parse(rows);
}
