/** Official notices as the API gives them. Pure. */
import { z } from "zod";
import { listOf, moment, type ApiOperation } from "../../formats/openapi.ts";
import { paths } from "../../platform/paths.ts";
import { isCurrent, SOURCE_KINDS, type Notice } from "./notices.ts";

export const apiNotice = z.object({
  id: z.string(),
  url: z.string().describe("The page here."),
  source: z.object({
    name: z.string(),
    kind: z.enum(SOURCE_KINDS),
    url: z.string().nullable().describe("The original."),
  }),
  title: z.string(),
  text: z.string(),
  language: z.string().describe("BCP 47: of title, text and level."),
  level: z
    .string()
    .nullable()
    .describe("In the words of the source. Never translated, never made into a scale."),
  country: z.string().nullable(),
  area: z.string().nullable(),
  position: z.object({ lat: z.number(), lon: z.number() }).nullable(),
  bbox: z.array(z.number()).length(4).nullable().describe("West, south, east, north."),
  event: z.string().nullable(),
  published_at: moment,
  expires_at: moment.nullable(),
  updated_at: moment.describe("When it last changed here."),
  version: z.int(),
  current: z.boolean().describe("False when it is over, replaced or past its time."),
  replaced_by: z.string().nullable(),
  drill: z.boolean().describe("True when it is an exercise: nobody is in danger."),
  invented: z.boolean().describe("True when it is an example."),
});
export type ApiNotice = z.infer<typeof apiNotice>;

export const apiNoticeList = listOf(apiNotice);

/** A notice as the API gives it. */
export function toApiNotice(notice: Notice, publicUrl: string, now: Date): ApiNotice {
  const { lat, lon, west, south, east, north } = notice;
  const box = [west, south, east, north].filter((edge): edge is number => edge !== null);
  return {
    id: notice.id,
    url: publicUrl + paths.notice(notice.id),
    source: { name: notice.source_name, kind: notice.source_kind, url: notice.url },
    title: notice.title,
    text: notice.text,
    language: notice.language,
    level: notice.level,
    country: notice.country,
    area: notice.area,
    position: lat === null || lon === null ? null : { lat, lon },
    bbox: box.length === 4 ? box : null,
    event: notice.event,
    published_at: notice.published_at,
    expires_at: notice.expires_at,
    updated_at: notice.updated_at,
    version: notice.version,
    current: isCurrent(notice, now),
    replaced_by: notice.replaced_by,
    drill: notice.drill,
    invented: notice.invented,
  };
}

/** What a list is asked for. */
export const noticesQuery = z.object({
  event: z
    .string()
    .regex(/^[a-z0-9-]{1,80}$/, "event_unknown")
    .optional()
    .describe("The slug of an event: its own notices and those linked to it."),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "area_unknown")
    .optional()
    .describe("ISO 3166-1 alpha-2."),
  cursor: z.string().max(1_000, "cursor_invalid").optional(),
  limit: z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : value),
    z.int("limit_invalid").min(1, "limit_invalid").max(200, "limit_invalid").default(50),
  ),
});

/** The calls about notices. */
export const noticeOperations: readonly ApiOperation[] = [
  {
    method: "get",
    path: "/api/v1/notices",
    id: "listNotices",
    tag: "notices",
    summary: "Official notices, newest first, quoted as their sources word them.",
    query: noticesQuery,
    answer: { status: 200, description: "Notices.", content: { name: "NoticeList", schema: apiNoticeList } },
    refusals: [422, 503],
  },
];
