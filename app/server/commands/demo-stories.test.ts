import { expect, test } from "vitest";
import { REGION_OF_COUNTRY } from "../../features/cases/cases.ts";
import { checkStory, quarterOf, type CaseLines } from "../../features/cases/stories.ts";
import { storySchema } from "../../features/cases/stories.schema.ts";
import { findInStory } from "../../features/cases/stories.server.ts";
import { inventCases } from "./demo-cases.ts";
import { inventStories } from "./demo-stories.ts";

const stories = inventStories(new Date("2026-11-25T00:00:00Z"));
const lines: CaseLines = inventCases(5_000).map((one) => [
  quarterOf(one.opened_on),
  one.country,
  one.type,
  one.programme,
  one.age_band,
  one.outcome,
  1,
]);

test.each(stories.map((story) => [story.title, story] as const))(
  "%s is as safe among the invented cases as a real story must be",
  (_title, story) => {
    expect(storySchema.safeParse({ ...story, checklist: story.checklist.join("\n") }).error).toBeUndefined();
    const near = lines.filter(([, country]) => REGION_OF_COUNTRY.get(country) === story.region);
    expect(checkStory(near, story).isProtected).toBe(true);
    expect(findInStory(story, [])).toEqual([]);
  },
);
