/** The catalogue as the API gives it. Pure. */
import { z } from "zod";
import { DATASET_FORMATS, formatsOf, UPDATE_FREQUENCIES, type Dataset } from "../../formats/dataset.ts";
import { listOf, type ApiOperation } from "../../formats/openapi.ts";
import { LICENCE, said } from "./catalogue.ts";

interface Counted {
  state: { rows: number; changed: string | null };
  uses: { views: number; downloads: number; api_calls: number } | undefined;
}

export const apiDataset = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  formats: z
    .array(z.enum(DATASET_FORMATS))
    .describe("Each under /data/{id}.{format}; limit and cursor give a part."),
  basis: z.string().describe("Who counted what, and what is missing."),
  licence: z.string(),
  update_frequency: z.enum(UPDATE_FREQUENCIES),
  updated_at: z.string().nullable(),
  rows: z.int().min(0),
  views: z.int().min(0),
  downloads: z.int().min(0),
  api_calls: z.int().min(0),
  url: z.string(),
  fields: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() })),
});
export type ApiDataset = z.infer<typeof apiDataset>;

export const apiDatasetList = listOf(apiDataset);

/** A dataset as the API gives it, in the language asked for. */
export function toApiDataset(
  dataset: Dataset,
  { state, uses }: Counted,
  language: string,
  publicUrl: string,
): ApiDataset {
  return {
    id: dataset.id,
    title: said(dataset.title, language),
    description: said(dataset.about, language),
    formats: formatsOf(dataset),
    basis: said(dataset.basis, language),
    licence: LICENCE.url,
    update_frequency: dataset.updates,
    updated_at: state.changed,
    rows: state.rows,
    views: uses?.views ?? 0,
    downloads: uses?.downloads ?? 0,
    api_calls: uses?.api_calls ?? 0,
    url: `${publicUrl}/data/${dataset.id}`,
    fields: dataset.fields.map(({ name, type, about }) => ({
      name,
      type,
      description: said(about, language),
    })),
  };
}

/** The call about the catalogue. */
export const openDataOperations: readonly ApiOperation[] = [
  {
    method: "get",
    path: "/api/v1/datasets",
    id: "listDatasets",
    tag: "datasets",
    summary: "Every dataset: what it holds, its formats and basis, how fresh it is, how often it is used.",
    answer: {
      status: 200,
      description: "All datasets.",
      content: { name: "DatasetList", schema: apiDatasetList },
    },
    refusals: [503],
  },
];
