/** Counts how datasets are used: kept here for a moment, then added to the day in the database. */
import { z } from "zod";
import { unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { datasets, findDataset } from "./catalogue.ts";

export const USE_KINDS = ["view", "download", "api"] as const;
export type UseKind = (typeof USE_KINDS)[number];

/** Which dataset an answer at this address is a use of, and in what way; null for none. */
export function useOf(path: string): { dataset: string; kind: UseKind } | null {
  const file = /^\/data\/([a-z][a-z0-9-]*)(?:\.(csv|json|xml|ods|geojson))?$/.exec(path);
  if (file) {
    const dataset = findDataset(file[1]!);
    return dataset && { dataset: dataset.id, kind: file[2] === undefined ? "view" : "download" };
  }
  if (!path.startsWith("/api/v1/")) return null;
  const called = datasets.find(
    ({ api }) => api !== undefined && (path === api || path.startsWith(`${api}/`)),
  );
  return called ? { dataset: called.id, kind: "api" } : null;
}

const kept = new Map<string, number>();

/** Notes that an answer was given at this address. Costs nothing that a reader could feel. */
export function countUse(path: string): void {
  const use = useOf(path);
  if (!use) return;
  const key = `${use.dataset} ${use.kind}`;
  kept.set(key, (kept.get(key) ?? 0) + 1);
}

/** Adds what was noted to the counts of today. What cannot be added now is kept for the next time. */
export async function addUses(commands: Commands): Promise<number> {
  const uses = [...kept].map(([key, count]) => {
    const [dataset, kind] = key.split(" ");
    return { dataset, kind, count };
  });
  if (uses.length === 0) return 0;
  kept.clear();
  try {
    await commands.call("count_dataset_uses", { p: { uses } });
  } catch (error) {
    for (const { dataset, kind, count } of uses) {
      const key = `${dataset} ${kind}`;
      kept.set(key, (kept.get(key) ?? 0) + count);
    }
    throw error;
  }
  return uses.reduce((sum, { count }) => sum + count, 0);
}

export interface Uses {
  views: number;
  downloads: number;
  api_calls: number;
}

const totalRow = z.object({
  dataset: z.string(),
  views: z.coerce.number(),
  downloads: z.coerce.number(),
  api_calls: z.coerce.number(),
});

/** All uses of each dataset since it is counted. */
export async function usesOfAll(db: Db): Promise<Map<string, Uses>> {
  const rows = z.array(totalRow).parse(unwrap(await db.rpc("dataset_use_totals")));
  return new Map(rows.map(({ dataset, ...uses }) => [dataset, uses]));
}
