/**
 * What a release holds for everybody: basis and protected tables. This is all that pages, files and the API are made of;
 * true counts of hidden cells are nowhere in it. Pure and browser-safe.
 */
import { z } from "zod";
import { RELEASE_KINDS } from "./periods.ts";

const texts = z.record(z.string(), z.string());

/** What is counted, by whom, what is missing (D83, D84); each text by language. */
export const basisSchema = z.object({
  counted: texts,
  counted_by: texts,
  coverage: texts,
  undercount: texts,
  protection: texts,
});
export type Basis = z.infer<typeof basisSchema>;

/**
 * One figure. `cases` is null where it is hidden; then `low` and `high` are what anybody can compute from all releases
 * (`high` null: nothing bounds it).
 */
export const figureSchema = z.object({
  time: z.string(),
  area: z.string(),
  type: z.string(),
  programme: z.string(),
  cases: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Figure = z.infer<typeof figureSchema>;

export const contentSchema = z.object({
  version: z.literal(1),
  kind: z.enum(RELEASE_KINDS),
  period: z.string(),
  invented: z.boolean(),
  basis: basisSchema,
  rule: z.object({
    threshold: z.number(),
    sensitive_threshold: z.number(),
    sensitive_types: z.array(z.string()),
  }),
  /** Cells of countries without any case in the year so far are left out: they are noughts. */
  figures: z.array(figureSchema),
});
export type ReleaseContent = z.infer<typeof contentSchema>;

/** What officers see before they publish. */
export const reportSchema = z.object({
  cells: z.number(),
  not_nought: z.number(),
  hidden: z.object({ small: z.number(), group: z.number(), complement: z.number(), earlier: z.number() }),
  /** Shares of the information in all figures that are not nought, in per mille. */
  lost: z.object({ ours: z.number(), primary_only: z.number(), whole_rows: z.number() }),
  attack: z.object({
    /** Releases that the attacker was given. */
    releases: z.number(),
    /** Hidden cells of all of them that it attacked. */
    cells: z.number(),
    /** Those it narrowed below the width. */
    narrowed: z.number(),
    /** The narrowest interval of a cell of this release, as a width. */
    narrowest: z.number().nullable(),
  }),
  unprotected: z.number(),
  rounds: z.number(),
  /** Why each hidden cell of this release is hidden. */
  reasons: z.record(z.string(), z.enum(["small", "group", "complement", "earlier"])),
});
export type ReleaseReport = z.infer<typeof reportSchema>;

/** Finds a figure by its codes; undefined for what no table shows, and for countries without a case. */
export function figureFinder(
  figures: readonly Figure[],
): (codes: Partial<Figure> & { time: string }) => Figure | undefined {
  const byCodes = new Map(
    figures.map((figure) => [[figure.time, figure.area, figure.type, figure.programme].join("|"), figure]),
  );
  return ({ time, area = "all", type = "all", programme = "all" }) =>
    byCodes.get([time, area, type, programme].join("|"));
}
