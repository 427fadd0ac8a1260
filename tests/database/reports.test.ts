import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { inventReports } from "#app/server/commands/demo-reports.ts";
import { inventedEvents } from "#app/server/commands/demo-events.ts";
import { openEvent } from "#app/features/events/events.server.ts";
import { priorFrom } from "#app/features/map/confidence.ts";
import { postInventedReport } from "#app/features/map/invented-reports.server.ts";
import { reportRow } from "#app/features/map/reports.ts";
import { eventClosure, expireReports, getReport, nearReports } from "#app/features/map/reports.server.ts";
import { distanceMetres, roundToGrid, type Position } from "#app/formats/geometry.ts";
import { unwrap } from "#app/platform/db.server.ts";
import { hashOf } from "#app/platform/secret-links.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { placesOf } from "#tests/support/records.ts";
import { makeMember } from "#tests/support/staff.ts";
import { confirmReport, postReport, type PostedReport } from "#tests/support/reports.ts";

forEachDoor((door) => {
  const read = async (id: string) => {
    const rows = unwrap(await door.anon.from("reports").select("*").eq("id", id)) as unknown[];
    return rows.length === 0 ? null : reportRow.parse(rows[0]);
  };
  const own = (command: string, { id, manageHash }: PostedReport, changes: Record<string, unknown> = {}) =>
    door.commands.call<Record<string, unknown>>(command, {
      p: { report_id: id, manage_hash: manageHash, caller: null, ...changes },
    });
  const waiting = async (id: string) => [
    ...(await door.sql`
      select kind, severity, reason from app.queue_items
      where subject_type = 'report' and subject_id = ${id} and decided_at is null order by kind`),
  ];

  describe("where a report is", () => {
    it("a protected one is shown in the middle of its cell, as the formats have it, and its true place in no view", async () => {
      const places: Position[] = [[83.98765, 28.12345], [-179.999, 0.001], [179.999, -0.001], [12.5, 89.9999], [12.5, -89.9], [0, 0], [180, 10], [-180, 10]]; // prettier-ignore
      for (const [lon, lat] of places) {
        const { id } = await postReport(door.commands, { kind: "volunteers_needed", lat, lon });
        expect((await read(id))!.geometry.coordinates, `${lon} ${lat}`).toEqual([
          ...roundToGrid([lon, lat], 1_000),
        ]);
        expect(distanceMetres(roundToGrid([lon, lat], 1_000), [lon, lat])).toBeLessThan(800);
      }
      expect(await placesOf(door.sql, "83.98765")).toEqual(["app.report_secrets.exact_position"]);
      const near = await nearReports(door.anon, [83.98765, 28.12345], { metres: 3_000, limit: 5 });
      // The distance is to the place that is shown.
      expect(near[0]!.metres).toBeGreaterThan(10);
    });

    it("what was protected once stays so, whatever it is called afterwards", async () => {
      const posted = await postReport(door.commands, {
        kind: "shelter",
        private: true,
        lat: 28.7,
        lon: 84.123456,
      });
      await own("edit_report", posted, { kind: "road", lat: 28.7, lon: 84.123456, version: 1, line: [[84.1, 28.7], [84.2, 28.7]] }); // prettier-ignore
      expect(await read(posted.id)).toMatchObject({
        kind: "road",
        protected: true,
        geometry: { type: "Point" },
      });
      expect(JSON.stringify(await read(posted.id))).not.toContain("84.123456");
    });

    it("near ones of a line are found along all of it", async () => {
      const line = [[86, 27], [86.2, 27.1]]; // prettier-ignore
      const { id } = await postReport(door.commands, { lat: 27.05, lon: 86.1, line });
      const [near] = await nearReports(door.anon, [86.19, 27.096], {
        metres: 500,
        kind: "landslide",
        limit: 5,
      });
      expect(near?.report.id).toBe(id);
      expect(await nearReports(door.anon, [86.19, 27.15], { metres: 500, limit: 5 })).toEqual([]);
      expect(await nearReports(door.anon, [86.19, 27.096], { metres: 500, kind: "fire", limit: 5 })).toEqual(
        [],
      );
    });

    it("cannot be nowhere, beyond the poles, or a line without end", async () => {
      await expect(postReport(door.commands, { lat: null })).rejects.toMatchObject({
        token: "location_required",
      });
      await expect(postReport(door.commands, { lat: 91 })).rejects.toMatchObject({
        token: "position_invalid",
      });
      await expect(postReport(door.commands, { lat: "NaN" })).rejects.toMatchObject({
        token: "position_invalid",
      });
      for (const line of [[[1, 1]], "x", [[1, 1], [1, 91]], [[1, 1], [1]], Array.from({ length: 2_001 }, (_, n) => [n / 100, 1])]) {
        await expect(postReport(door.commands, { line }), JSON.stringify(line).slice(0, 60)).rejects.toMatchObject({ kind: "invalid" });
      } // prettier-ignore
      await expect(postReport(door.commands, { event: "nowhere" })).rejects.toMatchObject({
        token: "event_unknown",
      });
    });
  });

  describe("who reported", () => {
    it("can correct, extend, delete and bring back with the manage link; another claim begins without confirmations", async () => {
      const posted = await postReport(door.commands);
      await confirmReport(door.commands, posted.id, "still");
      await own("edit_report", posted, {
        kind: "landslide",
        state: "closed",
        passable: "foot",
        text: "Same, said better",
        lat: 27.7,
        lon: 85.3,
        version: 1,
      });
      expect(await read(posted.id)).toMatchObject({
        text: "Same, said better",
        confirmations: 1,
        version: 2,
      });
      await own("edit_report", posted, {
        kind: "landslide",
        state: "single_lane",
        passable: "car",
        lat: 27.7,
        lon: 85.3,
        version: 2,
      });
      expect(await read(posted.id)).toMatchObject({ state: "single_lane", confirmations: 0 });
      await expect(
        own("edit_report", posted, { kind: "road", lat: 1, lon: 1, version: 2 }),
      ).rejects.toMatchObject({ token: "changed_meanwhile" });
      const before = Date.parse((await read(posted.id))!.expires_at);
      await own("extend_report", posted);
      expect(Date.parse((await read(posted.id))!.expires_at) - before).toBeGreaterThan(29 * 86_400_000);
      await own("delete_report", posted);
      await expect(getReport(door.anon, posted.id)).rejects.toMatchObject({ token: "report_gone" });
      expect(await own("read_own_report", posted)).toMatchObject({ sealed: { reason: "deleted" } });
      await own("restore_report", posted);
      expect(await read(posted.id)).toMatchObject({ state: "single_lane", publication: "published" });
    });

    it("cannot be somebody with another link, or none", async () => {
      const [mine, other] = [await postReport(door.commands), await postReport(door.commands)];
      for (const manage_hash of [other.manageHash, hashOf("x"), null, "", mine.manage]) {
        for (const command of [
          "edit_report",
          "extend_report",
          "delete_report",
          "restore_report",
          "move_report",
        ]) {
          await expect(
            own(command, mine, { manage_hash, act: "confirm", kind: "road", lat: 1, lon: 1, version: 1 }),
            command,
          ).rejects.toMatchObject({ token: "token_wrong" });
        }
        expect(await own("read_own_report", mine, { manage_hash })).toBeNull();
      }
      expect(await read(mine.id)).toMatchObject({ version: 1, status: "active" });
    });

    it("what was deleted or ran out is wiped from every table; what remains says how it ended", async () => {
      const planted = `planted${randomUUID().replaceAll("-", "")}`;
      const posted = await postReport(door.commands, {
        text: planted, road: planted, place: planted, cause: planted, author_name: planted, author_email: `${planted}@example.org`,
        kind: "water", needed: true, photo: { id: randomUUID(), width: 1, height: 1, content: Buffer.from(planted).toString("base64") },
      }); // prettier-ignore
      await confirmReport(door.commands, posted.id, "still");
      await door.sql`update app.reports set expires_at = now() - interval '1 minute' where id = ${posted.id}`;
      expect((await expireReports(door.commands)).sealed).toBe(1);
      expect(await read(posted.id)).toBeNull();
      await door.sql`update app.sealed_reports set wipe_at = now()`;
      await expireReports(door.commands);
      expect((await placesOf(door.sql, planted)).filter((place) => !/idempotency/.test(place))).toEqual([]);
      const [row] =
        await door.sql`select publication, kind, needed, position, text from app.reports where id = ${posted.id}`;
      expect(row).toEqual({
        publication: "placeholder",
        kind: "water",
        needed: true,
        position: null,
        text: "",
      });
      await expect(own("restore_report", posted)).rejects.toMatchObject({ token: "token_wrong" });
    });
  });

  describe("the loop", () => {
    const take = (id: string, changes: Record<string, unknown> = {}) =>
      door.commands.call("take_report", {
        p: {
          report_id: id,
          name: "Road crew",
          taker_hash: hashOf("taker"),
          caller: null,
          voice: "taker",
          ...changes,
        },
      });
    const move = (id: string, act: string, link: Record<string, unknown>) =>
      door.commands.call("move_report", { p: { report_id: id, act, caller: null, ...link } });
    const taker = { taker_hash: hashOf("taker") };

    it("can be gone through: taken by name, done by the taker, confirmed by two who are neither", async () => {
      const { id, voice } = await postReport(door.commands);
      await take(id);
      expect(await read(id)).toMatchObject({ loop: "taken", taken_by: "Road crew" });
      await expect(take(id, { name: "Another" })).rejects.toMatchObject({ token: "report_taken" });
      await move(id, "done", taker);
      // Neither the reporter's word nor the taker's own is one of the two.
      await confirmReport(door.commands, id, "cleared", { voice });
      await confirmReport(door.commands, id, "cleared", { voice: "taker" });
      await confirmReport(door.commands, id, "cleared");
      expect(await read(id)).toMatchObject({ loop: "done", status: "active" });
      expect(await confirmReport(door.commands, id, "cleared")).toMatchObject({ loop: "confirmed" });
      expect(await read(id)).toMatchObject({ loop: "confirmed", status: "cleared" });
    });

    it("goes back to open when two on the spot say it is still so; whoever took it and is silent for a day blocks nobody", async () => {
      const { id } = await postReport(door.commands);
      await take(id);
      await move(id, "done", taker);
      await confirmReport(door.commands, id, "still");
      await confirmReport(door.commands, id, "still");
      expect(await read(id)).toMatchObject({ loop: "open", taken_by: null });
      await take(id);
      await door.sql`update app.reports set taken_at = now() - interval '25 hours' where id = ${id}`;
      await take(id, { name: "Another", taker_hash: hashOf("another"), voice: "another" });
      await expect(move(id, "done", taker)).rejects.toMatchObject({ token: "token_wrong" });
      expect(await read(id)).toMatchObject({ loop: "taken", taken_by: "Another" });
    });

    it("is the reporter's to end and to open again; not the taker's to confirm, nor anybody's without a name or a link", async () => {
      const posted = await postReport(door.commands);
      await expect(take(posted.id, { name: " " })).rejects.toMatchObject({ token: "author_name_required" });
      await take(posted.id);
      await expect(move(posted.id, "confirm", taker)).rejects.toMatchObject({ token: "act_not_possible" });
      await expect(move(posted.id, "done", {})).rejects.toMatchObject({ token: "token_wrong" });
      await move(posted.id, "confirm", { manage_hash: posted.manageHash });
      expect(await read(posted.id)).toMatchObject({ loop: "confirmed", status: "cleared" });
      await move(posted.id, "reopen", { manage_hash: posted.manageHash });
      expect(await read(posted.id)).toMatchObject({ loop: "open", status: "active", taken_by: null });
    });

    it("H15: a name that looks like an office makes nothing official, in whatever letters", async () => {
      for (const name of ["外交部", "Ministry οf Fοreign Affairs", "МОFА"]) {
        const { id } = await postReport(door.commands, {
          author_name: name,
          source_name: name,
          source: "official",
        });
        await take(id, { name });
        expect(await read(id)).toMatchObject({
          source: "crowd",
          source_name: null,
          verification: "unreviewed",
          staff: null,
          taken_by: name,
        });
      }
    });

    it("is counted: how many needed somebody, and how many were closed", async () => {
      await door.sql`insert into app.events (slug, titles, kind) values ('counted', '{"en": "C"}', 'flood')`;
      const post = (changes: Record<string, unknown>) =>
        postReport(door.commands, { event: "counted", ...changes });
      const closed = await post({});
      await post({ kind: "water", state: null, passable: null });
      await post({ kind: "water", state: null, passable: null, needed: true });
      await post({ kind: "road", state: "open", passable: "heavy" });
      const gone = await post({ kind: "bridge" });
      await move(closed.id, "confirm", { manage_hash: closed.manageHash });
      await take((await post({ kind: "fire", state: null })).id);
      // Deleted is not closed, but it did need somebody.
      await own("delete_report", gone);
      const false_ = await post({ kind: "flood" });
      await door.sql`select app.moderate_report(${false_.id}, 'false', '{}')`;
      expect(await eventClosure(door.anon, "counted")).toMatchObject({
        needing: 4,
        taken: 1,
        done: 0,
        closed: 1,
      });
      expect(await eventClosure(door.anon, "nowhere")).toMatchObject({
        needing: 0,
        closed: 0,
        median_hours: null,
      });
    });
  });

  describe("what staff is asked, and does", () => {
    it("every new report waits in the queue by how bad it is; a call for help ahead, a form of a program behind", async () => {
      expect(await waiting((await postReport(door.commands)).id)).toEqual([
        { kind: "new", severity: 3, reason: "landslide" },
      ]);
      expect(
        await waiting(
          (await postReport(door.commands, { kind: "water", needed: true, severity: "extreme" })).id,
        ),
      ).toEqual([{ kind: "needs_help", severity: 1, reason: "water" }]);
      const held = await postReport(door.commands, { held: true });
      expect(await waiting(held.id)).toMatchObject([{ kind: "held" }]);
      expect(await read(held.id)).toBeNull();
      await door.sql`select app.moderate_report(${held.id}, 'accept', '{}')`;
      expect(await read(held.id)).toMatchObject({ verification: "accepted" });
    });

    it("a flag asks, and changes nothing", async () => {
      const { id } = await postReport(door.commands);
      const flag = (p: Record<string, unknown>) =>
        door.commands.call("flag_report", { p: { report_id: id, caller: null, ...p } });
      await flag({ reason: "privacy", text: "My house" });
      expect(await waiting(id)).toMatchObject([{ kind: "flagged", reason: "privacy" }, { kind: "new" }]);
      await expect(flag({ reason: "because" })).rejects.toMatchObject({ token: "reason_required" });
      expect(await read(id)).toMatchObject({ publication: "published" });
    });

    it("official and crowd of one road within 200 m and a day, and people who contradict each other, are looked at", async () => {
      const road = (changes: Record<string, unknown>) => postReport(door.commands, { kind: "road", lat: 31, lon: 90, line: [[90, 31], [90.01, 31]], ...changes }); // prettier-ignore
      const crowd = await road({ state: "closed", passable: "none" });
      const same = await road({ state: "closed", passable: "none", lat: 31.001, line: null });
      const official = await road({ state: "open", passable: "car", line: [[90.005, 31.001], [90.02, 31.001]] }); // prettier-ignore
      const far = await road({ state: "closed", passable: "none", lat: 31.004, lon: 90.005, line: null });
      await door.sql`update app.reports set source = 'official' where id = ${official.id}`;
      await door.sql`select app.queue_disagreements(${official.id})`;
      expect(await waiting(crowd.id)).toContainEqual({
        kind: "disagreement",
        severity: 2,
        reason: "official_disagrees",
      });
      for (const { id } of [far, official])
        expect((await waiting(id)).map(({ kind }) => kind)).not.toContain("disagreement");
      await door.sql`select app.queue_disagreements(${official.id})`;
      expect((await waiting(crowd.id)).filter(({ kind }) => kind === "disagreement")).toHaveLength(1);
      for (const verdict of ["still", "wrong", "still", "cleared"])
        await confirmReport(door.commands, same.id, verdict);
      expect((await waiting(same.id)).map(({ reason }) => reason)).toContain("confirmations_contradict");
    });

    it("decisions do what they say, and no more", async () => {
      const decide = (id: string, decision: string, p: Record<string, unknown> = {}) =>
        door.sql`select app.moderate_report(${id}, ${decision}, ${door.sql.json(p as never)})`;
      const [a, b] = [await postReport(door.commands), await postReport(door.commands)];
      await decide(a.id, "verified");
      expect(await read(a.id)).toMatchObject({ verification: "verified", staff: "verified" });
      await decide(b.id, "duplicate", { duplicate_of: a.id });
      expect(await read(b.id)).toMatchObject({ status: "withdrawn", duplicate_of: a.id });
      // The second witness counts for the first.
      expect(await read(a.id)).toMatchObject({ confirmations: 1 });
      await expect(decide(a.id, "duplicate", { duplicate_of: a.id })).rejects.toMatchObject({
        message: "duplicate_unknown",
      });
      await decide(a.id, "corrected", { correct_text: "The other bridge" });
      expect(await read(a.id)).toMatchObject({ correct_text: "The other bridge", status: "active" });
      await decide(a.id, "unverifiable");
      expect(await read(a.id)).toMatchObject({ verification: "unreviewed" });
      await decide(a.id, "false", { correct_text: "Never was" });
      expect(await read(a.id)).toMatchObject({
        staff: "false",
        status: "withdrawn",
        correct_text: "Never was",
      });
      await decide(a.id, "hide");
      expect(await read(a.id)).toBeNull();
      await decide(a.id, "restore");
      expect(await read(a.id)).toMatchObject({ status: "active", staff: null });
      await decide(a.id, "uphold");
      expect(await read(a.id)).toMatchObject({ status: "active" });
      const [row] = await door.sql`select app.describe_report(${a.id}) as told`;
      expect(row!.told).toMatchObject({ event: "everyday", public: true, url: `/map/reports/${a.id}` });
    });
  });

  it("staff decides with their own session; the author reads why, contests it, and another decides that", async () => {
    const seats: Record<string, ReturnType<typeof door.as>> = {};
    for (const [name, role] of [["lin", "volunteer"], ["chen", "officer"], ["guo", "officer"]] as const) {
      seats[name] = door.as({ sub: (await makeMember(door.sql, { role, name })).userId });
    } // prettier-ignore
    const decide = async (
      who: string,
      item: { id: string; version: number },
      decision: string,
      changes = {},
    ) =>
      unwrap(
        await seats[who]!.rpc("decide", {
          p: {
            item_id: item.id,
            version: item.version,
            decision,
            reason_code: "other",
            reason: "看過了",
            ...changes,
          },
        }),
      );
    const itemOf = async (id: string, kind: string) => {
      const [item] = await door.sql<{ id: string; version: number }[]>`
        select id, version from app.queue_items where subject_id = ${id} and kind = ${kind} and decided_at is null`;
      return item!;
    };
    const decisionsOf = (posted: PostedReport, manageHash = posted.manageHash) =>
      door.commands.call<{ item_id: string; decision: string; may_appeal: boolean }[] | null>(
        "own_report_decisions",
        {
          p_id: posted.id,
          p_manage_hash: manageHash,
        },
      );
    const posted = await postReport(door.commands, { text: "My number is 0912 345 678" });
    await decide("lin", await itemOf(posted.id, "new"), "mask", { masked_text: "My number is ▇▇▇▇" });
    expect(await read(posted.id)).toMatchObject({ text: "My number is ▇▇▇▇", verification: "accepted" });

    const other = await postReport(door.commands);
    await decide("lin", await itemOf(other.id, "new"), "hide");
    expect(await read(other.id)).toBeNull();
    const [made] = (await decisionsOf(other))!;
    expect(made).toMatchObject({ decision: "hide", may_appeal: true });
    expect(await decisionsOf(other, posted.manageHash)).toBeNull();
    const appeal = (manage_hash: string, report_id = other.id, item_id = made!.item_id) =>
      door.commands.call("appeal_report", {
        p: { report_id, manage_hash, item_id, text: "It is true", caller: null },
      });
    await expect(appeal(posted.manageHash)).rejects.toMatchObject({ token: "token_wrong" });
    await appeal(other.manageHash);
    await decide("chen", await itemOf(other.id, "appeal"), "restore");
    expect(await read(other.id)).toMatchObject({ status: "active" });
    // Restored for another reason, it stays masked; who appealed against the masking has the words back.
    await door.sql`select app.moderate_report(${posted.id}, 'restore', '{"overturned": "hide"}')`;
    expect(await read(posted.id)).toMatchObject({ text: "My number is ▇▇▇▇" });
    const [masking] = (await decisionsOf(posted))!;
    await appeal(posted.manageHash, posted.id, masking!.item_id);
    await decide("chen", await itemOf(posted.id, "appeal"), "restore");
    expect(await read(posted.id)).toMatchObject({ text: "My number is 0912 345 678", status: "active" });
    // A visitor's seat decides nothing.
    expect(
      (await door.as({}).rpc("decide", { p: { item_id: made!.item_id, decision: "hide" } })).error,
    ).not.toBeNull();
  });

  it("the neighbourhood is weighed as confidence.ts weighs it", async () => {
    const at: Position = [70.5, 40.5];
    const around = await Promise.all(
      [0.001, 0.002, 0.004].map((by) => postReport(door.commands, { lon: at[0] + by, lat: at[1] })),
    );
    const other = await postReport(door.commands, {
      lon: at[0],
      lat: at[1] + 0.001,
      state: "open",
      passable: "heavy",
    });
    const { id } = await postReport(door.commands, { lon: at[0], lat: at[1] });
    const mine = (await read(id))!;
    const now = Date.now();
    const prior = priorFrom(
      "landslide",
      await Promise.all(
        [...around, other].map(async (near) => {
          const report = (await read(near.id))!;
          return {
            caller: near.voice,
            metres: distanceMetres(at, [report.lon, report.lat]),
            observedAt: Date.parse(report.observed_at),
            agrees: near !== other,
            confidence: report.support / (report.support + 1 + report.opposition),
          };
        }),
      ),
    );
    expect(mine.prior_support).toBeCloseTo(prior.support, 2);
    expect(mine.prior_opposition).toBeCloseTo(prior.opposition, 2);
    expect(mine.prior_callers).toBe(prior.callers);
    expect(Math.abs(Date.parse(mine.prior_at!) - now)).toBeLessThan(60_000);
    // It speaks for them too.
    expect((await read(around[0]!.id))!.prior_callers).toBe(4);
  });

  it("the demonstration is invented once, under invented events alone", async () => {
    const secret = (purpose: string) => Buffer.from(purpose);
    const caller = { commands: door.commands, secret };
    const [example] = inventedEvents;
    await openEvent(door.commands, { ...example!.event, started_at: new Date().toISOString() });
    const reports = inventReports(example!, new Date());
    expect(reports.length).toBeGreaterThan(50);
    for (const report of reports) expect(await postInventedReport(caller, report)).toBe("created");
    expect(await postInventedReport(caller, reports[0]!)).toBe("present");
    const [counted] = await door.sql`
      select count(distinct r.kind)::int as kinds, count(r.line)::int as lines, count(distinct r.loop)::int as loops, count(*)::int as all
      from app.reports r join app.events e on e.id = r.event_id where e.slug = ${example!.event.slug}`;
    expect(counted).toMatchObject({ loops: 4, all: reports.length });
    expect(counted!.kinds).toBeGreaterThan(10);
    expect(counted!.lines).toBeGreaterThan(10);
    await expect(
      postInventedReport(caller, { ...reports[1]!, key: "x", event: "everyday" }),
    ).rejects.toMatchObject({ token: "event_not_invented" });
    const closure = await eventClosure(door.anon, example!.event.slug);
    expect(closure.closed).toBeGreaterThan(0);
  });

  it("H32: visitors read what is public and call nothing that writes", async () => {
    for (const [name, p] of [
      ["post_report", {}],
      ["confirm_report", {}],
      ["read_own_report", {}],
      ["import_reports", {}],
      ["take_report", {}],
    ] as const) {
      expect((await door.anon.rpc(name, { p })).error, name).not.toBeNull();
    }
    for (const relation of ["report_secrets", "sealed_reports", "report_counts", "report_measures"]) {
      expect((await door.anon.from(relation).select("*").limit(1)).error, relation).not.toBeNull();
    }
    expect(
      (await door.anon.from("reports").update({ status: "cleared" }).neq("id", randomUUID())).error,
    ).not.toBeNull();
  });
});
