/** What an officer may write into a notice, and which notices a list shows. Messages are tokens. */
import { z } from "zod";
import {
  choice,
  isCountryCode,
  line,
  noAnswer,
  paragraphs,
  required,
  yesNo,
} from "../../formats/form-fields.ts";
import { readTimestamp, TAIPEI_OFFSET } from "../../formats/timestamps.ts";
import { webAddress } from "../../formats/web-address.ts";
import { NOTICE_LIMITS, NOTICE_RELATIONS, SOURCE_KINDS } from "./notices.ts";

/** Fields of the form, in the order a reader meets them. */
export const NOTICE_FIELDS = [
  "source_name", "source_kind", "url", "title", "level", "text", "language", "country", "area", "event", "published_at",
  "expires_at", "ended", "version",
] as const; // prettier-ignore

const country = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    const code = typeof value === "string" ? value.trim().toUpperCase() : "";
    if (isCountryCode(code)) return code;
    context.issues.push({ code: "custom", message: "area_unknown", input: value });
    return z.NEVER;
  });

/** A time as a form field for date and time gives it, which is that of Taipei, or one with its offset. */
const moment = (token: string) =>
  z
    .unknown()
    .optional()
    .transform((value, context): string | undefined => {
      if (noAnswer(value)) return undefined;
      const typed = typeof value === "string" ? value.trim() : "";
      const own = readTimestamp(typed);
      const read = "iso" in own ? own : readTimestamp(`${typed}${TAIPEI_OFFSET}`);
      if ("iso" in read) return read.iso;
      context.issues.push({ code: "custom", message: token, input: value });
      return z.NEVER;
    });

const address = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    const url = typeof value === "string" ? webAddress(value) : null;
    if (url !== null) return url;
    context.issues.push({ code: "custom", message: "url_invalid", input: value });
    return z.NEVER;
  });

const language = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    if (typeof value === "string" && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(value.trim()))
      return value.trim();
    context.issues.push({ code: "custom", message: "language_invalid", input: value });
    return z.NEVER;
  });

/** A notice as an officer enters it. */
export const noticeSchema = z
  .object({
    source_name: required(line(NOTICE_LIMITS.source, "text_too_long"), "source_name_required"),
    source_kind: choice(SOURCE_KINDS, "answer_invalid").transform((kind) => kind ?? "government"),
    url: address,
    title: required(line(NOTICE_LIMITS.title, "text_too_long"), "title_required"),
    level: line(NOTICE_LIMITS.level, "text_too_long"),
    text: paragraphs(NOTICE_LIMITS.text, "text_too_long"),
    language: required(language, "language_invalid"),
    country,
    area: line(NOTICE_LIMITS.area, "text_too_long"),
    event: line(80, "event_unknown"),
    published_at: required(moment("published_at_invalid"), "published_at_invalid"),
    expires_at: moment("expires_at_invalid"),
    ended: yesNo.transform((ended) => ended ?? false),
    version: z.coerce.number().int().min(1).optional().catch(undefined),
  })
  .superRefine(({ published_at, expires_at }, context) => {
    if (expires_at !== undefined && expires_at < published_at)
      context.addIssue({ code: "custom", path: ["expires_at"], message: "expires_at_invalid" });
  });
export type NoticeInput = z.infer<typeof noticeSchema>;

export const LINK_FIELDS = ["relation", "subject", "why"] as const;

/** A link as an officer enters it: the address of what the notice speaks of. */
export const linkSchema = z.object({
  relation: required(choice(NOTICE_RELATIONS, "relation_required"), "relation_required"),
  subject: required(line(NOTICE_LIMITS.url, "subject_unknown"), "subject_unknown"),
  why: paragraphs(NOTICE_LIMITS.why, "text_too_long"),
});

/** Which notices a list shows. What makes no sense in an address is as if it were not there. */
export const noticeFilter = z.object({
  event: z
    .string()
    .regex(/^[a-z0-9-]{1,80}$/)
    .optional()
    .catch(undefined),
  country: z
    .string()
    .transform((code) => code.toUpperCase())
    .refine(isCountryCode)
    .optional()
    .catch(undefined),
  cursor: z.string().max(1_000).optional().catch(undefined),
});
export type NoticeFilter = z.infer<typeof noticeFilter>;
