/** Releases of statistics as the API gives them. Pure. */
import { z } from "zod";
import { listOf, moment, type ApiOperation } from "../../formats/openapi.ts";
import { paths } from "../../platform/paths.ts";
import { RELEASE_KINDS } from "./periods.ts";
import { basisSchema, figureSchema, type ReleaseContent } from "./release-content.ts";

const release = z.object({
  number: z.int(),
  kind: z.enum(RELEASE_KINDS),
  period: z.string().describe("2026-07, 2026-Q3 or 2026."),
  published_at: moment,
  corrects: z.int().nullable().describe("The release it takes the place of."),
  corrected_by: z.int().nullable().describe("The release that takes its place."),
  note: z.string().nullable(),
  invented: z.boolean().describe("True when it is an example."),
  hash: z.string().describe("SHA-256 of the content as it was signed; it stands in the log."),
  url: z.string(),
});

export const apiReleaseList = listOf(release);

export const apiRelease = release.extend({
  basis: basisSchema.describe("What is counted, by whom, what is missing; each by language."),
  rule: z.object({
    threshold: z.int(),
    sensitive_threshold: z.int(),
    sensitive_types: z.array(z.string()),
  }),
  figures: z
    .array(figureSchema)
    .describe(
      "One a cell. `cases` is null where hidden: then low and high are what anybody can compute. Countries that are not listed had none.",
    ),
});

interface Known {
  number: number;
  kind: (typeof RELEASE_KINDS)[number];
  period: string;
  published_at: string;
  corrects: number | null;
  corrected_by: number | null;
  note: string | null;
  invented: boolean;
  hash: string;
}

/** A release as the API lists it. */
export function toApiRelease(one: Known, publicUrl: string): z.infer<typeof release> {
  const { number, kind, period, corrects, corrected_by, note, invented, hash } = one;
  return {
    number,
    kind,
    period,
    published_at: new Date(one.published_at).toISOString(),
    corrects,
    corrected_by,
    note,
    invented,
    hash,
    url: publicUrl + paths.release(String(number)),
  };
}

/** A release with its figures. */
export function toApiReleaseDetail(
  one: Known & { content: ReleaseContent },
  publicUrl: string,
): z.infer<typeof apiRelease> {
  const { basis, rule, figures } = one.content;
  return { ...toApiRelease(one, publicUrl), basis, rule, figures };
}

/** The calls about statistics. */
export const releaseOperations: readonly ApiOperation[] = [
  {
    method: "get",
    path: "/api/v1/statistics/releases",
    id: "listReleases",
    tag: "statistics",
    summary: "Published releases of statistics, newest first.",
    answer: {
      status: 200,
      description: "Releases.",
      content: { name: "ReleaseList", schema: apiReleaseList },
    },
    refusals: [503],
  },
  {
    method: "get",
    path: "/api/v1/statistics/releases/{id}",
    id: "getRelease",
    tag: "statistics",
    summary: "One release with basis and figures.",
    pathParameters: { id: "Number of the release." },
    answer: { status: 200, description: "The release.", content: { name: "Release", schema: apiRelease } },
    refusals: [404, 503],
  },
];
