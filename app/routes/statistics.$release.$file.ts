import type { LoaderFunctionArgs } from "@remix-run/node";
import { areaText, programmeText, typeText } from "../features/statistics/names.ts";
import { CSV_COLUMNS, csvRows, isOf, TABLES } from "../features/statistics/release-views.ts";
import { getRelease } from "../features/statistics/releases.server.ts";
import { csvChunks } from "../formats/csv.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { translator } from "../i18n/translate.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { Failure } from "../platform/failure.ts";
import { dataAnswer, jsonAnswer } from "../server/data-answer.ts";
import { orRefuse, refusal } from "../server/page-answers.ts";

/** One table of a release, with its basis: `/statistics/3/area.csv`, `/statistics/3/type.json`. */
export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const [, name, format] = /^([a-z-]+)\.(csv|json)$/.exec(params.file ?? "") ?? [];
  const table = TABLES.find((one) => one === name);
  if (!table) throw refusal(new Failure("not_found", "release_not_found"));
  const release = await orRefuse(getRelease(context.backend.db, params.release ?? ""));
  const { code } = detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language"));
  if (format === "json") {
    const { basis, rule, figures, period, invented } = release.content;
    return jsonAnswer(request, {
      release: release.number,
      period,
      published_at: new Date(release.published_at).toISOString(),
      invented,
      basis,
      rule,
      figures: figures.filter((figure) => isOf(table, figure, period)),
    });
  }
  const t = translator(code);
  const rows = csvRows(release, table, code, {
    area: (area) => areaText(t, code, area),
    type: (type) => typeText(t, type),
    programme: (programme) => programmeText(t, programme),
  });
  let text = "";
  for await (const chunk of csvChunks(rows, CSV_COLUMNS, { bom: true })) text += chunk;
  return dataAnswer(request, "text/csv; charset=utf-8; header=present", text, {
    ...sharedPage(),
    "Content-Disposition": `attachment; filename="lookout-statistics-${release.number}-${table}.csv"`,
  });
}
