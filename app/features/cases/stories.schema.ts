/** What an officer writes into a story, and what may be asked of the published ones. Messages are tokens. */
import { z } from "zod";
import { choice, line, noAnswer, paragraphs, required, wholeNumber } from "../../formats/form-fields.ts";
import { country } from "./answers.ts";
import { CASE_TYPES, PROGRAMMES, REGION_OF_COUNTRY, REGIONS } from "./cases.ts";
import { STORY_AGES, STORY_LANGUAGES, STORY_LIMITS } from "./stories.ts";

/** Fields of the form, in the order a reader meets them. */
export const STORY_FIELDS = [
  "title", "language", "account", "lesson", "checklist", "quarter", "country", "region", "type", "programme", "age_band",
  "case_id", "version",
] as const; // prettier-ignore

/** One thing to do a line; marks that people put before list items are dropped. */
const checklist = z
  .unknown()
  .optional()
  .transform((value, context): string[] => {
    if (noAnswer(value)) return [];
    const items: string[] = [];
    const one = line(STORY_LIMITS.item, "checklist_item_too_long");
    for (const given of (typeof value === "string" ? value : "").split(/\r\n?|\n/).slice(0, 200)) {
      const parsed = one.safeParse(given.replace(/^\s*(?:[-*•・●□☐✓]|\d{1,2}[.)、])\s*/u, ""));
      if (!parsed.success) {
        context.issues.push({ code: "custom", message: parsed.error.issues[0]!.message, input: given });
        return z.NEVER;
      }
      if (parsed.data !== undefined && !items.includes(parsed.data)) items.push(parsed.data);
    }
    if (items.length > STORY_LIMITS.checklist) {
      context.issues.push({ code: "custom", message: "checklist_too_long", input: value });
      return z.NEVER;
    }
    return items;
  });

const quarter = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    const typed = typeof value === "string" ? value.normalize("NFKC").trim().toUpperCase() : "";
    if (/^(?:19|20|21)\d\d(?:-Q[1-4])?$/.test(typed)) return typed;
    context.issues.push({ code: "custom", message: "quarter_invalid", input: value });
    return z.NEVER;
  });

/** The schema of a story. The region follows from the country where one is named. */
export const storySchema = z
  .object({
    title: required(line(STORY_LIMITS.title, "title_too_long"), "title_required"),
    language: choice(STORY_LANGUAGES, "answer_invalid").transform(
      (language) => language ?? ("zh-TW" as const),
    ),
    account: required(paragraphs(STORY_LIMITS.account, "text_too_long"), "account_required"),
    lesson: required(paragraphs(STORY_LIMITS.lesson, "text_too_long"), "lesson_required"),
    checklist,
    quarter,
    country,
    region: choice(REGIONS, "region_required"),
    type: choice(CASE_TYPES, "case_type_unknown"),
    programme: choice(PROGRAMMES, "programme_unknown"),
    age_band: choice(STORY_AGES, "age_band_unknown"),
    case_id: z.preprocess(
      (value) => (noAnswer(value) ? undefined : value),
      z.uuid({ error: "id_invalid" }).optional(),
    ),
    version: wholeNumber(1, 9_999, "changed_meanwhile"),
  })
  .transform((value, context) => {
    const region = value.country === undefined ? value.region : REGION_OF_COUNTRY.get(value.country);
    if (region === undefined) {
      context.issues.push({ code: "custom", path: ["country"], message: "region_required", input: value });
      return z.NEVER;
    }
    return {
      title: value.title,
      language: value.language,
      account: value.account,
      lesson: value.lesson,
      checklist: value.checklist,
      quarter: value.quarter ?? null,
      country: value.country ?? null,
      region,
      type: value.type ?? null,
      programme: value.programme ?? null,
      age_band: value.age_band ?? null,
      case_id: value.case_id ?? null,
      version: value.version ?? null,
    };
  });
export type StoryInput = z.output<typeof storySchema>;

/** The schema of a filter on the published stories. It never fails: what makes no sense is not a filter. */
export const storiesQuerySchema = z.object({
  country: country.catch(undefined),
  type: z.enum(CASE_TYPES).optional().catch(undefined),
  programme: z.enum(PROGRAMMES).optional().catch(undefined),
  cursor: z.string().max(1_000).optional().catch(undefined),
});
export type StoriesQuery = z.output<typeof storiesQuerySchema>;
