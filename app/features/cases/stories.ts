/** Case stories: what they may tell, and how it is coarsened until nobody can be recognised. Pure and browser-safe. */
import { z } from "zod";
import {
  checkAnonymity,
  type AnonymityCheck,
  type Description,
  type Hierarchy,
  type Line,
} from "../../privacy/k-anonymity.ts";
import {
  CASE_TYPES,
  PROGRAMMES,
  REGIONS,
  REGION_OF_COUNTRY,
  type Case,
  type CaseType,
  type Programme,
  type Region,
} from "./cases.ts";

export const STORY_STATES = ["draft", "waiting", "published", "hidden"] as const;
export type StoryState = (typeof STORY_STATES)[number];

/** Ages a story may name; one whose band is not known names none. */
export const STORY_AGES = ["under_18", "18_29", "30_44", "45_64", "65_up"] as const;

export const STORY_LANGUAGES = ["zh-TW", "en", "ja"] as const;

export const STORY_LIMITS = { title: 120, account: 8_000, lesson: 2_000, checklist: 20, item: 200 } as const;

/** What a story tells of its case beside the text. Null is coarser than any value: no matter which. */
export interface StoryFacts {
  /** `2024-Q2`, `2024`, or null: at some time. */
  quarter: string | null;
  /** Null: somewhere in the region. */
  country: string | null;
  region: Region;
  type: CaseType | null;
  programme: Programme | null;
  age_band: (typeof STORY_AGES)[number] | null;
}

const facts = {
  quarter: z.string().nullable(),
  country: z.string().nullable(),
  region: z.enum(REGIONS),
  type: z.enum(CASE_TYPES).nullable(),
  programme: z.enum(PROGRAMMES).nullable(),
  age_band: z.enum(STORY_AGES).nullable(),
};

const text = {
  id: z.string(),
  title: z.string(),
  language: z.enum(STORY_LANGUAGES),
  account: z.string(),
  lesson: z.string(),
  checklist: z.array(z.string()),
};

/** A published story. */
export const storyRow = z.object({
  ...text,
  ...facts,
  correction: z.string().nullable(),
  published_at: z.string(),
  invented: z.boolean(),
});
export type Story = z.infer<typeof storyRow>;

/** A story in the list of staff. */
export const staffStoryRow = z.object({
  id: z.string(),
  title: z.string(),
  language: z.enum(STORY_LANGUAGES),
  ...facts,
  state: z.enum(STORY_STATES),
  invented: z.boolean(),
  changed_at: z.string(),
  version: z.number(),
  /** Written or last changed by who asks: somebody else signs it. */
  mine: z.boolean(),
});
export type StaffStory = z.infer<typeof staffStoryRow>;

/** A story as an officer works on it. */
export const storyDetail = z.object({
  ...text,
  ...facts,
  state: z.enum(STORY_STATES),
  correction: z.string().nullable(),
  invented: z.boolean(),
  published_at: z.string().nullable(),
  version: z.number(),
  mine: z.boolean(),
  case_id: z.string().nullable(),
});
export type StoryDetail = z.infer<typeof storyDetail>;

/** The quarter a day lies in: `2024-05-03` → `2024-Q2`. */
export function quarterOf(day: string): string {
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** What a story may tell of a case at most: a quarter, a country, an age band; no day, no town, no exact age. */
export function factsOfCase(
  one: Pick<Case, "opened_on" | "country" | "region" | "type" | "programme" | "age_band">,
): StoryFacts {
  return {
    quarter: quarterOf(one.opened_on),
    country: one.country,
    region: one.region,
    type: one.type,
    programme: one.programme,
    age_band: one.age_band === "unknown" ? null : one.age_band,
  };
}

/** How many cases must fit a story at least: more where somebody was arrested, hurt, killed or attacked, or might have been. */
export function storyK(type: CaseType | null): number {
  return type === null || type === "arrest" || type === "injury_death" || type === "violent_crime" ? 10 : 5;
}

/** Among them at least so many different outcomes. */
export const STORY_L = 2;

const ANY = "*";
const toAny = () => ANY;

/** How each detail of a story is coarsened, finest level first. */
export const STORY_HIERARCHIES: readonly Hierarchy[] = [
  {
    field: "quarter",
    levels: ["quarter", "year", "any"],
    coarser: (value, level) => (level === 0 ? value.slice(0, 4) : ANY),
  },
  {
    field: "country",
    levels: ["country", "region"],
    coarser: (value) => REGION_OF_COUNTRY.get(value) ?? ANY,
  },
  { field: "age_band", levels: ["band", "any"], coarser: toAny },
  { field: "programme", levels: ["programme", "any"], coarser: toAny },
  { field: "type", levels: ["type", "any"], coarser: toAny },
];

/** Counts of cases as the database gives them for one region. */
export const caseLines = z.array(
  z.tuple([z.string(), z.string(), z.string(), z.string(), z.string(), z.string(), z.number()]),
);
export type CaseLines = z.infer<typeof caseLines>;

/**
 * How many cases of the region could be the one a story tells of, how many ends they had, and which details to coarsen
 * when they are too few. A case whose age nobody wrote down fits no age band.
 */
export function checkStory(lines: CaseLines, story: StoryFacts): AnonymityCheck {
  const table: Line[] = lines.map(([quarter, country, type, programme, age_band, outcome, count]) => ({
    values: { quarter, country, type, programme, age_band },
    sensitive: { outcome },
    count,
  }));
  const one = (value: string | null) => ({ value: value ?? ANY, level: value === null ? 1 : 0 });
  const description: Description = {
    quarter: {
      value: story.quarter ?? ANY,
      level: story.quarter === null ? 2 : story.quarter.length === 4 ? 1 : 0,
    },
    country: { value: story.country ?? story.region, level: story.country === null ? 1 : 0 },
    age_band: one(story.age_band),
    programme: one(story.programme),
    type: one(story.type),
  };
  return checkAnonymity(table, description, STORY_HIERARCHIES, { k: storyK(story.type), l: STORY_L });
}

/**
 * Takes exact days and the place out of an account: "2024年5月3日" becomes "2024年第2季", the name of the town becomes that
 * of the country. What was masked stays masked. It does not understand the text: a person reads it afterwards.
 */
export function coarsenText(
  account: string,
  { place, country }: { place: string | null; country: string },
): string {
  let coarse = account
    .replace(
      /(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?!\d)/g,
      (whole, year: string, month: string) => {
        const quarter = Math.ceil(Number(month) / 3);
        return quarter >= 1 && quarter <= 4 ? `${year}年第${quarter}季` : whole;
      },
    )
    // A day without its year is as exact for whoever knows the year.
    .replace(/(?<![\d年第])(\d{1,2})\s*月\s*(\d{1,2})\s*日/g, "某日");
  for (const name of (place ?? "").split(/[,，、;；\s]+/).filter((part) => [...part].length >= 2))
    coarse = coarse.replaceAll(name, country);
  return coarse;
}
