import { describe, expect, test } from "vitest";
import { csvChunks } from "./csv.ts";
import { LANDSLIDE } from "#tests/fixtures/landslide-report.ts";
import { readReportsCsv, readWkt, REPORT_COLUMNS, reportRow, writeWkt } from "./reports-csv.ts";
import type { ReportsCsvItem } from "./reports-csv.ts";

async function read(text: string): Promise<ReportsCsvItem[]> {
  async function* pieces() {
    yield text;
  }
  const items: ReportsCsvItem[] = [];
  for await (const item of readReportsCsv(pieces())) items.push(item);
  return items;
}

async function written(...reports: (typeof LANDSLIDE)[]): Promise<string> {
  let text = "";
  for await (const chunk of csvChunks(reports.map(reportRow), REPORT_COLUMNS)) text += chunk;
  return text;
}

describe("reports in a table", () => {
  test("what is written is read again", async () => {
    const point = {
      ...LANDSLIDE,
      id: "p",
      geometry: { type: "Point" as const, coordinates: [-72.5, -0.25] as const },
    };
    const items = await read(await written(LANDSLIDE, point));
    expect(items).toMatchObject([
      {
        kind: "report",
        line: 2,
        draft: { source_key: LANDSLIDE.id, geometry: LANDSLIDE.geometry, text: LANDSLIDE.text },
      },
      {
        kind: "report",
        line: 3,
        draft: { source_key: "p", geometry: point.geometry, state: "closed", passable: "none" },
      },
    ]);
  });

  test("columns of other people, in any order; bad rows are named and cost themselves", async () => {
    const table = [
      "Latitude,Longitude,Type,observed_at,text,unknown",
      '27.7,85.3,flood,2031-06-02T06:10:00+05:45,"knee deep, rising",x',
      '"27,7172","85,3240",flood,2031-06-02T06:10:00+05:45,decimal commas,',
      "N27°43'02\",E85°19'26\",flood,2031-06-02T06:10:00+05:45,degrees,",
      "121.5,25.0,flood,2031-06-02T06:10:00+05:45,the wrong way round,",
      "27.7,,flood,2031-06-02T06:10:00+05:45,half a place,",
      "NaN,85,flood,2031-06-02T06:10:00+05:45,no number,",
      "27.7,85.3,flood,,no time,",
      '27.7,85.3,flood,2031-06-02T06:10:00+05:45,"never closed,',
    ].join("\n");
    const items = await read(table);
    expect(
      items.map((item) =>
        item.kind === "refused"
          ? `${item.refused[0]!.field}: ${item.refused[0]!.token}`
          : item.kind === "unreadable"
            ? item.token
            : item.draft.text,
      ),
    ).toEqual([
      "knee deep, rising",
      "decimal commas",
      "degrees",
      "lat: coordinates_swapped",
      "lon: coordinates_missing",
      "lat: coordinates_invalid",
      "observed_at: time_missing",
      "quote_not_closed",
    ]);
  });

  test("A3: nothing a record brings along beside the columns leaves with it", () => {
    const secret = { ...LANDSLIDE, exact_position: "85.1000001,27.9" };
    expect(Object.keys(reportRow(secret)).sort()).toEqual([...REPORT_COLUMNS].sort());
  });

  test("H43: a formula in a report is text in the table", async () => {
    expect(await written({ ...LANDSLIDE, text: "=cmd|'/c calc'!A1", road: "+886" })).toMatch(
      /'=cmd.*|'\+886/,
    );
  });

  test("H20: columns named like a prototype's are only columns", async () => {
    const items = await read(
      "constructor,__proto__,toString,kind,lat,lon,observed_at\nx,y,z,flood,1,2,2031-06-02T06:10:00Z",
    );
    expect(items).toMatchObject([{ kind: "report", draft: { kind: "flood" } }]);
  });

  test("WKT there and back, and what is none", () => {
    expect(readWkt(writeWkt(LANDSLIDE.geometry))).toEqual(LANDSLIDE.geometry);
    expect(readWkt("POINT(85 27)")).toEqual({ type: "Point", coordinates: [85, 27] });
    for (const text of ["", "POLYGON((0 0, 1 1))", "POINT 1 2", "LINESTRING((1 2))"])
      expect(readWkt(text)).toBeNull();
    expect(readWkt("LINESTRING()")).toEqual({ type: "LineString", coordinates: [] });
    expect(readWkt("POINT(1e309 2)")).toEqual({ type: "Point", coordinates: [NaN, 2] });
  });
});
