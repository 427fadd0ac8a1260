import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { confirmReport, postReport } from "#tests/support/reports.ts";

type Answers = Record<string, unknown>;
const source = () => `Source ${randomUUID()}`;

function aRow(changes: Answers = {}): Answers {
  return {
    n: 0,
    source_key: "row-1",
    kind: "landslide",
    lat: 27.71,
    lon: 85.32,
    line: null,
    state: "closed",
    text: "Rock on the road",
    language: "en",
    severity: "severe",
    observed_at: new Date(Date.now() - 3_600_000).toISOString(),
    ...changes,
  };
}

forEachDoor((door) => {
  const take = async (from: string, rows: Answers[], more: Answers = {}) => {
    const told = await door.commands.call<{ n: number; outcome: string }[]>("import_reports", {
      p: { source_name: from, reports: rows.map((row, n) => ({ ...row, n })), ...more },
    });
    return told.map(({ outcome }) => outcome);
  };
  const reportsOf = async (from: string) =>
    unwrap(await door.anon.from("reports").select("*").eq("source_name", from)) as Answers[];

  describe("can", () => {
    it("land beside the crowd's under the name of their source, once however often they come", async () => {
      const from = source();
      const rows = [
        aRow(),
        aRow({
          source_key: "row-2",
          line: [
            [85.32, 27.71],
            [85.33, 27.72],
          ],
        }),
      ];
      expect(await take(from, rows)).toEqual(["created", "created"]);
      expect(await take(from, rows)).toEqual(["unchanged", "unchanged"]);
      const found = await reportsOf(from);
      expect(
        found.map(({ source, source_name, verification }) => [source, source_name, verification]),
      ).toEqual([
        ["imported", from, "unreviewed"],
        ["imported", from, "unreviewed"],
      ]);
      expect(found.map(({ geometry }) => (geometry as { type: string }).type).sort()).toEqual([
        "LineString",
        "Point",
      ]);
    });

    it("be official: verified by who says it, with the voices of an authority", async () => {
      const from = source();
      await take(from, [aRow()], { official: true });
      const [report] = await reportsOf(from);
      expect(report).toMatchObject({ source: "official", verification: "verified", support: 6 });
    });

    it("change when their source knows more, and not when it knows less", async () => {
      const from = source();
      const at = (hour: number) => `2031-06-02T0${hour}:00:00Z`;
      expect(await take(from, [aRow({ updated_at: at(2) })])).toEqual(["created"]);
      expect(await take(from, [aRow({ updated_at: at(3), state: "single_lane" })])).toEqual(["updated"]);
      expect(await take(from, [aRow({ updated_at: at(1), state: "open" })])).toEqual(["older"]);
      expect(await reportsOf(from)).toMatchObject([{ state: "single_lane" }]);
    });

    it("be replaced by another message about the same thing, and ended by one without words", async () => {
      const from = source();
      await take(from, [aRow({ source_key: "first" })]);
      const [{ id } = {}] = await reportsOf(from);
      expect(await take(from, [aRow({ source_key: "second", replaces: ["first"], state: "open" })])).toEqual([
        "updated",
      ]);
      expect(await reportsOf(from)).toMatchObject([{ id, state: "open", status: "active" }]);
      const cancel = { source_key: "third", replaces: ["second"], ended: true };
      expect(await take(from, [cancel])).toEqual(["ended"]);
      expect(await take(from, [cancel])).toEqual(["unchanged"]);
      expect(await reportsOf(from)).toMatchObject([{ id, status: "cleared" }]);
      expect(await take(source(), [cancel])).toEqual(["nothing_to_end"]);
    });

    it("find the event they lie in by themselves, the smallest one, and never a drill", async () => {
      const box = (slug: string, size: number, drill = false) =>
        door.commands.call("open_event", {
          p: {
            slug,
            titles: { en: slug },
            kind: "flood",
            west: 10,
            south: 10,
            east: 10 + size,
            north: 10 + size,
            drill,
          },
        });
      const name = (what: string) => `${what}-${door.name}`;
      await box(name("wide"), 5);
      await box(name("narrow"), 1);
      await box(name("exercise"), 0.5, true);
      const from = source();
      await take(from, [
        aRow({ source_key: "in", lat: 10.2, lon: 10.2 }),
        aRow({ source_key: "out", lat: -40, lon: 10.2 }),
        aRow({ source_key: "told", lat: -40, lon: 10.2, event: name("wide") }),
      ]);
      const events = Object.fromEntries((await reportsOf(from)).map(({ event }) => [event, true]));
      expect(Object.keys(events).sort()).toEqual(["everyday", name("narrow"), name("wide")].sort());
    });
  });

  describe("cannot", () => {
    it("come back when somebody has taken them away", async () => {
      const from = source();
      await take(from, [aRow()]);
      await door.sql`update app.reports set publication = 'hidden' where source_name = ${from}`;
      expect(await take(from, [aRow({ text: "Once more" })])).toEqual(["suppressed"]);
      expect(await reportsOf(from)).toEqual([]);
    });

    it("F22 be taken without a place, past their time or in an event nobody knows: the others land", async () => {
      const from = source();
      expect(
        await take(from, [
          aRow({ source_key: "a", lat: null, lon: null }),
          aRow({ source_key: "b", expires_at: "2020-01-01T00:00:00Z" }),
          aRow({ source_key: "c", event: "nowhere" }),
          aRow({ source_key: "d" }),
        ]),
      ).toEqual(["no_place", "expired", "event_unknown", "created"]);
    });

    it("A3 tell where volunteers are asked for, more exactly than anybody may know", async () => {
      const from = source();
      await take(from, [aRow({ kind: "volunteers_needed", state: null, lat: 27.71234, lon: 85.32123 })]);
      const [report] = await reportsOf(from);
      expect(report).toMatchObject({ protected: true, precision_m: 1000 });
      expect(JSON.stringify(report)).not.toMatch(/27\.7123|85\.3212/);
    });

    it("A5 be many voices: a source is one, however many records it sends", async () => {
      const from = source();
      const rows = Array.from({ length: 12 }, (_, n) =>
        aRow({ source_key: `copy ${n}`, lat: 45.5, lon: 7.5 }),
      );
      await take(from, rows);
      const beside = await postReport(door.commands, { lat: 45.5, lon: 7.5 });
      const [report] = unwrap(await door.anon.from("reports").select("*").eq("id", beside.id)) as Answers[];
      expect(report).toMatchObject({ prior_callers: 1 });
      // The twelve copies do not speak for one another; those nearest have heard the one beside them.
      expect(new Set((await reportsOf(from)).map(({ prior_callers }) => prior_callers))).toEqual(
        new Set([0, 1]),
      );
    });
  });

  describe("versions that were sent", () => {
    const versions = async (id: string) => {
      const rows = unwrap(
        await door.anon.from("report_versions").select("act,sent").eq("report_id", id).order("sent"),
      ) as { act: string; sent: string }[];
      return rows.map(({ act }) => act);
    };
    const accept = (id: string) => door.sql`update app.reports set accepted_at = now() where id = ${id}`;

    it("begin when staff let a report through, and say what is new and nothing twice", async () => {
      const { id } = await postReport(door.commands);
      expect(await versions(id)).toEqual([]);
      await confirmReport(door.commands, id, "still");
      expect(await versions(id)).toEqual([]);
      await accept(id);
      expect(await versions(id)).toEqual(["alert"]);
      await door.sql`update app.reports set loop = 'open' where id = ${id}`;
      expect(await versions(id)).toEqual(["alert"]);
      await door.sql`update app.reports set state = 'single_lane' where id = ${id}`;
      await door.sql`update app.reports set status = 'cleared' where id = ${id}`;
      expect(await versions(id)).toEqual(["alert", "update", "update"]);
      const [newest] = unwrap(await door.anon.rpc("newest_versions", { p: { report_id: id } })) as Answers[];
      expect(newest).toMatchObject({ act: "update", event: "everyday", drill: false });
      expect((newest!.earlier as string[]).length).toBe(2);
    });

    it.each([
      ["found false", "false_at = now()"],
      ["withdrawn", "status = 'withdrawn'"],
      ["hidden", "publication = 'hidden'"],
      ["a copy of another", "duplicate_of = id"],
    ])("end when the report is %s, also for who asks after it is gone", async (_why, change) => {
      const { id } = await postReport(door.commands);
      await accept(id);
      await door.sql.unsafe(`update app.reports set ${change} where id = '${id}'`);
      expect(await versions(id)).toEqual(["alert", "cancel"]);
      await door.sql.unsafe(`update app.reports set text = 'other words' where id = '${id}'`);
      expect(await versions(id)).toEqual(["alert", "cancel"]);
      const newest = unwrap(await door.anon.rpc("newest_versions", { p: {} })) as { report_id: string }[];
      expect(newest.map(({ report_id }) => report_id)).toContain(id);
    });

    it("A2 are written by nobody but the reports themselves", async () => {
      const { error } = await door
        .as({})
        .from("report_versions")
        .insert({ report_id: randomUUID(), act: "alert" });
      expect(error).not.toBeNull();
    });
  });
});
