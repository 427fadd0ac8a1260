import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VERDICTS } from "#app/features/map/confidence.ts";
import { FLAGS, LOOP_ACTS, REPORT_LIMITS, reportRow } from "#app/features/map/reports.ts";
import { MOST_CORNERS } from "#app/features/map/reports.schema.ts";
import {
  PASSABLE,
  REPORT_KINDS,
  REPORT_LOOPS,
  REPORT_SEVERITIES,
  REPORT_SOURCES,
  REPORT_STATUSES,
  ROAD_DIRECTIONS,
  ROAD_STATES,
  VERIFICATIONS,
} from "#app/formats/report-record.ts";
import { freshDatabase, type TestDatabase } from "#tests/support/database.ts";
import { postReport } from "#tests/support/reports.ts";

// Vocabularies and bounds of reports stand twice: in the schemas for kindness, in the database for truth. Here they meet.
let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.drop());

describe("words", () => {
  // The order matters too: the largest vehicle, the worst severity.
  it.each([
    ["report_kind", REPORT_KINDS],
    ["road_state", ROAD_STATES],
    ["passable", PASSABLE],
    ["report_severity", REPORT_SEVERITIES],
    ["report_status", REPORT_STATUSES],
    ["report_loop", REPORT_LOOPS],
    ["road_direction", ROAD_DIRECTIONS],
    ["report_source", REPORT_SOURCES],
    ["report_verification", VERIFICATIONS],
    ["verdict", VERDICTS],
  ] as const)("%s are the same in both, in the same order", async (type, words) => {
    const [row] = await database.sql`select enum_range(null::app.${database.sql(type)})::text[] as words`;
    expect(row!.words).toEqual([...words]);
  });

  it("reasons of flags and acts of the loop too", async () => {
    const { commands } = database.lite;
    for (const reason of FLAGS) {
      const { id } = await postReport(commands);
      await expect(commands.call("flag_report", { p: { report_id: id, reason } })).resolves.toBeTruthy();
    }
    for (const act of LOOP_ACTS) {
      const { id, manageHash } = await postReport(commands);
      await database.sql`update app.reports set loop = 'taken', taken_by = 'A', taken_at = now() where id = ${id}`;
      await expect(
        commands.call("move_report", { p: { report_id: id, act, manage_hash: manageHash } }),
        act,
      ).resolves.toBeTruthy();
    }
  });
});

describe("bounds", () => {
  const longest = (characters: number) => "𠮷".repeat(characters);

  it("hold everything the schemas let through", async () => {
    const { id } = await postReport(database.lite.commands, {
      text: longest(REPORT_LIMITS.text), bypass: longest(REPORT_LIMITS.text), road: longest(REPORT_LIMITS.line),
      place: longest(REPORT_LIMITS.line), cause: longest(REPORT_LIMITS.line), author_name: longest(REPORT_LIMITS.name),
      author_email: `${"a".repeat(REPORT_LIMITS.email - 12)}@example.org`, author_phone: "1".repeat(REPORT_LIMITS.phone),
      expiry_days: REPORT_LIMITS.expiryDays, width_limit_m: REPORT_LIMITS.width, weight_limit_t: REPORT_LIMITS.weight,
      source_url: `https://example.org/${"x".repeat(1_980)}`,
      line: Array.from({ length: MOST_CORNERS }, (_, n) => [-179.123456 + n * 1e-6, -89.123456]),
    }); // prettier-ignore
    const rows = (await database.lite.anon.from("reports").select("*").eq("id", id)).data as unknown[];
    expect(reportRow.parse(rows[0]).geometry.coordinates).toHaveLength(MOST_CORNERS);
  });

  it("end somewhere for every text that a visitor sends", async () => {
    const endless = "x".repeat(1_000_000);
    for (const field of ["text", "bypass", "road", "place", "cause", "author_name", "author_email", "author_phone", "source_url", "time_zone"]) {
      await expect(postReport(database.lite.commands, { [field]: endless }), field).rejects.toMatchObject({ kind: "invalid" });
    } // prettier-ignore
    for (const size of [{ width_limit_m: 0 }, { width_limit_m: 101 }, { weight_limit_t: -1 }, { expiry_days: 0 }, { expiry_days: 361 }]) {
      await expect(postReport(database.lite.commands, size), JSON.stringify(size)).rejects.toMatchObject({ kind: "invalid" });
    } // prettier-ignore
  });
});
