import { describe, expect, it } from "vitest";
import { HALF_LIFE_HOURS, REACH_METRES, tallyOf, type Verdict } from "#app/features/map/confidence.ts";
import { reportRow } from "#app/features/map/reports.ts";
import { REPORT_KINDS } from "#app/formats/report-record.ts";
import { unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { confirmReport, postReport } from "#tests/support/reports.ts";

forEachDoor((door) => {
  const read = async (id: string) => {
    const rows = unwrap(await door.anon.from("reports").select("*").eq("id", id)) as unknown[];
    return rows.length === 0 ? null : reportRow.parse(rows[0]);
  };

  it("the table of half-lives and reaches is the one the words of confidence are made from", async () => {
    const rows =
      await door.sql`select kind, half_life_hours, reach_metres from app.report_measures order by kind`;
    expect(rows.map((row) => row.kind)).toEqual([...REPORT_KINDS]);
    for (const row of rows) {
      const kind = row.kind as (typeof REPORT_KINDS)[number];
      expect([kind, row.half_life_hours]).toEqual([kind, HALF_LIFE_HOURS[kind]]);
      expect([kind, row.reach_metres]).toEqual([kind, REACH_METRES[kind]]);
    }
  });

  describe("can", () => {
    it("come from anybody: a caller has one word, the newest", async () => {
      const { id } = await postReport(door.commands);
      expect(await confirmReport(door.commands, id, "still", { voice: "a" })).toMatchObject({
        counted: true,
        confirmations: 1,
        denials: 0,
      });
      // Clicks are no voices.
      for (let again = 0; again < 3; again += 1)
        await confirmReport(door.commands, id, "still", { voice: "a" });
      await confirmReport(door.commands, id, "still", { voice: "b" });
      expect(await read(id)).toMatchObject({ confirmations: 2, denials: 0, verification: "unreviewed" });
      await confirmReport(door.commands, id, "cleared", { voice: "a" });
      expect(await read(id)).toMatchObject({ confirmations: 1, denials: 1, status: "active" });
    });

    it("be added up as confidence.ts adds them up", async () => {
      const { id } = await postReport(door.commands, {
        observed_at: new Date(Date.now() - 30 * 3_600_000).toISOString(),
      });
      const said: [string, Verdict, number][] = [
        ["a", "still", 20], ["b", "still", 9], ["c", "changed", 7], ["d", "wrong", 3], ["e", "still", 2], ["f", "cleared", 1],
      ]; // prettier-ignore
      for (const [voice, verdict] of said) await confirmReport(door.commands, id, verdict, { voice });
      await door.sql`update app.reports set claimed_at = now() - interval '40 hours' where id = ${id}`;
      for (const [voice, verdict, hours] of said) {
        await door.sql`
          update app.report_confirmations set said_at = now() - ${`${hours} hours`}::interval
          where report_id = ${id} and caller_hash = app.caller_hash(${`report ${id}`}, ${voice}) and verdict = ${verdict}`;
      }
      await door.sql`select app.derive_report(${id})`;
      const report = (await read(id))!;
      const now = Date.now();
      const tally = tallyOf({
        kind: "landslide",
        source: "crowd",
        author: "author",
        observedAt: now - 30 * 3_600_000,
        expiresAt: null,
        voices: said.map(([caller, verdict, hours]) => ({ caller, verdict, at: now - hours * 3_600_000 })),
      });
      expect(report).toMatchObject({ confirmations: tally.confirmations, denials: tally.denials });
      expect(report.support).toBeCloseTo(tally.support, 2);
      expect(report.opposition).toBeCloseTo(tally.opposition, 2);
      expect(Math.abs(Date.parse(report.affirmed_at) - tally.affirmedAt)).toBeLessThan(60_000);
    });

    it("keep a report fresh, the reporter's own word too", async () => {
      const { id, voice } = await postReport(door.commands, { kind: "fire" });
      await door.sql`
        update app.reports set observed_at = now() - interval '20 hours', affirmed_at = now() - interval '20 hours' where id = ${id}`;
      expect(await read(id)).toMatchObject({ stale: true });
      expect(await confirmReport(door.commands, id, "still", { voice })).toMatchObject({ counted: false });
      expect(await read(id)).toMatchObject({ stale: false, confirmations: 0 });
    });
  });

  describe("cannot", () => {
    it("be the reporter's own", async () => {
      const { id, voice, manageHash } = await postReport(door.commands);
      await confirmReport(door.commands, id, "still", { voice });
      await confirmReport(door.commands, id, "still", { manage_hash: manageHash });
      expect(await read(id)).toMatchObject({ confirmations: 0, denials: 0 });
    });

    it("hide a hazard, however many strangers deny it", async () => {
      const { id } = await postReport(door.commands);
      for (let n = 0; n < 8; n += 1) await confirmReport(door.commands, id, "wrong");
      expect(await read(id)).toMatchObject({ denials: 8, status: "active", publication: "published" });
    });

    it("tell who said it", async () => {
      const { id } = await postReport(door.commands);
      await confirmReport(door.commands, id, "still");
      const rows = unwrap(
        await door.anon.from("report_confirmations").select("*").eq("report_id", id),
      ) as object[];
      expect(Object.keys(rows[0]!).sort()).toEqual(["by_reporter", "id", "report_id", "said_at", "verdict"]);
    });

    it("reach what is held, or what is not there", async () => {
      const held = await postReport(door.commands, { held: true });
      expect(await read(held.id)).toBeNull();
      for (const id of [held.id, "00000000-0000-4000-8000-000000000000"]) {
        await expect(confirmReport(door.commands, id, "still")).rejects.toMatchObject({
          token: "report_not_found",
        });
      }
    });
  });
});
