/** Case stories as the API gives them. Pure. */
import { z } from "zod";
import { listOf, moment, type ApiOperation } from "../../formats/openapi.ts";
import { paths } from "../../platform/paths.ts";
import { CASE_TYPES, PROGRAMMES, REGION_OF_COUNTRY, REGIONS } from "./cases.ts";
import { STORY_AGES, STORY_LANGUAGES, STORY_L, storyK, type Story } from "./stories.ts";

const mostRows = 100;

/** What may be asked of the list. Unlike on a page, what makes no sense is refused: a program should hear of it. */
export const storiesQuery = z.object({
  country: z
    .string()
    .transform((code) => code.toUpperCase())
    .refine((code) => REGION_OF_COUNTRY.has(code), "country_invalid")
    .optional()
    .describe("ISO 3166-1 alpha-2. Stories that name only a region are not among them."),
  type: z.enum(CASE_TYPES, { error: "case_type_unknown" }).optional(),
  programme: z.enum(PROGRAMMES, { error: "programme_unknown" }).optional(),
  limit: z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,4}$/.test(value) ? Number(value) : value),
    z.int("limit_invalid").min(1, "limit_invalid").max(mostRows, "limit_invalid").default(50),
  ),
  cursor: z.string().max(1_000, "cursor_invalid").optional().describe("The next of the page before."),
});

export const apiStory = z.object({
  id: z.string(),
  title: z.string(),
  language: z.enum(STORY_LANGUAGES).describe("Of the texts."),
  account: z.string(),
  lesson: z.string(),
  checklist: z.array(z.string()).describe("What to prepare before going."),
  quarter: z.string().nullable().describe('"2024-Q2", "2024", or null: in recent years. Never a day.'),
  country: z.string().nullable().describe("Null: somewhere in the region. Never a town."),
  region: z.enum(REGIONS),
  type: z.enum(CASE_TYPES).nullable(),
  programme: z.enum(PROGRAMMES).nullable(),
  age_band: z.enum(STORY_AGES).nullable(),
  correction: z.string().nullable(),
  published_at: moment,
  basis: z.string().describe("What this is and is not."),
  url: z.string(),
  invented: z.boolean().describe("True when it is an example: there is no such person."),
});
export type ApiStory = z.infer<typeof apiStory>;

export const apiStoryList = listOf(apiStory);

/** What a story is, to whoever reads one without its page. */
export const STORY_BASIS = `Written by officers from real cases, without identities; two officers signed. At least ${storyK("passport_lost")} cases fit what it tells (${storyK("arrest")} where somebody was arrested, hurt, killed or attacked), with at least ${STORY_L} outcomes. Not a statistic: stories are chosen for what they teach, and say nothing about how often it happens.`;

/** A published story as the API gives it. */
export function toApiStory(story: Story, publicUrl: string): ApiStory {
  return {
    id: story.id,
    title: story.title,
    language: story.language,
    account: story.account,
    lesson: story.lesson,
    checklist: story.checklist,
    quarter: story.quarter,
    country: story.country,
    region: story.region,
    type: story.type,
    programme: story.programme,
    age_band: story.age_band,
    correction: story.correction,
    published_at: story.published_at,
    basis: story.invented ? "Invented for demonstration: there is no such person." : STORY_BASIS,
    url: publicUrl + paths.caseStory(story.id),
    invented: story.invented,
  };
}

/** The calls about case stories. */
export const storyOperations: readonly ApiOperation[] = [
  {
    method: "get",
    path: "/api/v1/cases",
    id: "listCaseStories",
    tag: "cases",
    summary: "Published case stories, newest first.",
    description:
      "De-identified accounts with lesson and checklist. Cases themselves are not open; counts of them are in the statistics.",
    query: storiesQuery,
    answer: {
      status: 200,
      description: "Stories.",
      content: { name: "CaseStoryList", schema: apiStoryList },
    },
    refusals: [422, 503],
  },
];
