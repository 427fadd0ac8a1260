/** The catalogue with what each dataset holds now, for pages, the API and other catalogues. */
import type { AppLoadContext } from "@remix-run/node";
import { datasets } from "../features/open-data/catalogue.ts";
import type { CatalogueSite } from "../features/open-data/metadata.ts";
import { stateOf } from "../features/open-data/rows.server.ts";
import { usesOfAll } from "../features/open-data/uses.server.ts";

/** Every dataset with its rows, its newest change and its uses. */
export async function describedDatasets({ backend }: AppLoadContext) {
  const uses = await usesOfAll(backend.db);
  return Promise.all(
    datasets.map(async (dataset) => ({
      dataset,
      state: await stateOf(backend.db, dataset),
      uses: uses.get(dataset.id),
    })),
  );
}

/** Who publishes, as catalogues want to know it. */
export function catalogueSite({ publicUrl }: AppLoadContext): CatalogueSite {
  return { publicUrl, name: "守望 Lookout", contactUrl: `${publicUrl}/data/requests` };
}
