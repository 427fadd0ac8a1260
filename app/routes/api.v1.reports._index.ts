import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { findEvent } from "../features/events/events.server.ts";
import { boxOfEvent } from "../features/map/map-ground.server.ts";
import { reportsQuery, toApiReport } from "../features/map/reports.api.ts";
import { REPORT_FIELDS, reportSchema } from "../features/map/reports.schema.ts";
import { findPlace, listReports, postReport } from "../features/map/reports.server.ts";
import { GEOJSON_MEDIA_TYPE } from "../formats/geojson.ts";
import { bboxOf } from "../formats/geometry.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { clientIdOf, readJson } from "../server/json-body.ts";
import { mapCaller } from "../server/page-answers.ts";
import { accepted, acceptedQuery, orProblem, Refused } from "../server/problem.ts";

/** Published reports as GeoJSON. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const query = acceptedQuery(reportsQuery, request);
    const { db } = context.backend;
    const [event, { items, next, total }] = await Promise.all([
      query.event === undefined ? null : findEvent(db, query.event),
      listReports(db, query),
    ]);
    if (query.event !== undefined && event === null) {
      throw new Refused(422, "event_unknown", [{ field: "event", token: "event_unknown" }]);
    }
    const now = new Date();
    const bbox = bboxOf(items.map(({ geometry }) => geometry));
    const features = items.map((report) => toApiReport(report, context.publicUrl, now));
    const collection = { type: "FeatureCollection", ...(bbox ? { bbox } : {}), features, next, total };
    return dataAnswer(request, GEOJSON_MEDIA_TYPE, JSON.stringify(collection));
  });
}

/** Posts a report. */
export function action({ context, request }: ActionFunctionArgs) {
  return orProblem(async () => {
    const { fields, digest } = await readJson(request, REPORT_FIELDS);
    const clientId = clientIdOf(request);
    const { db } = context.backend;
    const slug = typeof fields["event"] === "string" ? fields["event"] : "everyday";
    const event = /^[a-z0-9][a-z0-9-]{0,79}$/.test(slug) ? await findEvent(db, slug) : null;
    const setting = {
      now: new Date(),
      area: boxOfEvent(event),
      timeZone: event?.time_zone ?? null,
      startedAt: event?.started_at ? new Date(event.started_at) : null,
    };
    const input = accepted(reportSchema(setting), {
      ...fields,
      ...(clientId === undefined ? {} : { client_id: clientId }),
    });
    const found = await findPlace(db, input.where, { slug: input.event, area: setting.area });
    const posted = await postReport(mapCaller(context, request), input, found, { body: digest });
    context.wrote();
    const { publicUrl } = context;
    return Response.json(
      {
        id: posted.id,
        url: publicUrl + paths.report(posted.id),
        manage_url: publicUrl + paths.manageReport(posted.id, posted.manage),
        held: posted.held,
      },
      { status: 201, headers: { ...secretPage(), Location: publicUrl + paths.api.report(posted.id) } },
    );
  });
}
