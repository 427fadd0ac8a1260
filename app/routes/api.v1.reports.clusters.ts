import type { LoaderFunctionArgs } from "@remix-run/node";
import { clustersQuery, toApiCluster } from "../features/map/reports.api.ts";
import { clusterReports } from "../features/map/reports.server.ts";
import { GEOJSON_MEDIA_TYPE } from "../formats/geojson.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** How many reports stand in each cell of a view of the map. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { bbox = [-180, -90, 180, 90], zoom, ...filter } = acceptedQuery(clustersQuery, request);
    const page = await clusterReports(context.backend.db, { bbox, zoom }, filter);
    const now = new Date();
    return dataAnswer(
      request,
      GEOJSON_MEDIA_TYPE,
      JSON.stringify({
        type: "FeatureCollection",
        bbox: page.bbox,
        features: page.clusters.map((cluster) => toApiCluster(cluster, context.publicUrl, now)),
        total: page.total,
      }),
    );
  });
}
