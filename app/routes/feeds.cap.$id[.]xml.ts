import { redirect, type LoaderFunctionArgs } from "@remix-run/node";
import { alertAbout } from "../features/map/report-feeds.server.ts";
import { CAP_MEDIA_TYPE } from "../formats/cap.ts";
import { writeCap } from "../formats/cap-writer.ts";
import { systemClock } from "../platform/clock.ts";
import { paths } from "../platform/paths.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** One alert (CAP 1.2), by the id of its report or by its identifier. Who asks for an older version is sent to the newest. */
export function loader({ context, params, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const site = { sender: context.env.siteDomain, publicUrl: context.publicUrl };
    const { alert, current } = await alertAbout(context.backend.db, site, params.id ?? "", systemClock.now());
    if (!current) return redirect(paths.feeds.capAlert(alert.identifier));
    return dataAnswer(request, `${CAP_MEDIA_TYPE}; charset=utf-8`, writeCap(alert));
  });
}
