import { beforeAll, describe, expect, it } from "vitest";
import {
  AGE_BANDS,
  CASE_TYPES,
  OUTCOMES,
  PARTIES,
  PARTY_RESULTS,
  PROGRAMMES,
  REGION_OF_COUNTRY,
  SUBTYPES,
} from "#app/features/cases/cases.ts";
import { caseSchema, type CaseInput } from "#app/features/cases/cases.schema.ts";
import { getCase, importCases, listCases, saveCase, staffAdds } from "#app/features/cases/cases.server.ts";
import type { Db } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { makeMember } from "#tests/support/staff.ts";

const today = "2026-11-25";
const input = (answers: Record<string, unknown> = {}): CaseInput =>
  caseSchema(today).parse({
    opened_on: "2026-03-01",
    country: "AU",
    subtype: "traffic_accident",
    programme: "working_holiday",
    place: "Bundaberg",
    narrative: "右腳骨折，保險已過期。",
    party_family: "informed",
    ...answers,
  });

forEachDoor((door) => {
  const seats: Record<"australia" | "japan" | "everywhere" | "volunteer" | "ended" | "stranger", Db> =
    {} as never;
  let id = "";
  beforeAll(async () => {
    const member = async (options: Parameters<typeof makeMember>[1]) =>
      door.as({ sub: (await makeMember(door.sql, options)).userId });
    seats.australia = await member({ role: "officer", areas: ["AU", "NZ"] });
    seats.japan = await member({ role: "officer", areas: ["JP"] });
    seats.everywhere = await member({ role: "officer" });
    seats.volunteer = await member({ role: "volunteer" });
    seats.ended = await member({ role: "admin", expires_at: "2026-01-01T00:00:00Z" });
    seats.stranger = door.as({});
    id = await saveCase(seats.australia, input());
  });

  describe("who may read and keep a case", () => {
    it("an officer of the area reads all of it, what was told included", async () => {
      expect(await getCase(seats.australia, id)).toMatchObject({
        country: "AU",
        region: "oceania",
        type: "injury_death",
        subtype: "traffic_accident",
        insured: null,
        place: "Bundaberg",
        narrative: "右腳骨折，保險已過期。",
        parties: [{ party: "family", result: "informed" }],
        version: 1,
        invented: false,
      });
      expect((await listCases(seats.everywhere, {}, 10)).items.map((one) => one.id)).toContain(id);
    });

    it("A1 an officer of another area, a volunteer, an ended admin and a stranger find no such case", async () => {
      for (const seat of ["japan", "volunteer", "ended", "stranger"] as const) {
        await expect(getCase(seats[seat], id), seat).rejects.toMatchObject({ token: "case_not_found" });
        expect(await listCases(seats[seat], {}, 10), seat).toEqual({ items: [], next: null, total: 0 });
        await expect(saveCase(seats[seat], input()), seat).rejects.toMatchObject({
          kind: "forbidden",
          token: "case_out_of_area",
        });
      }
    });

    it("A2 A3 the publishable key reaches neither cases nor what was told, by any door", async () => {
      for (const relation of ["cases", "case_secrets", "case_parties"]) {
        const { data, error } = await door.anon.from(relation).select("*");
        expect(data ?? [], relation).toEqual([]);
        expect(error, relation).not.toBeNull();
      }
      for (const [name, args] of [
        ["read_case", { p_id: id }],
        ["save_case", { p: input() }],
        ["import_cases", { p: { cases: [] } }],
      ] as const)
        expect((await door.anon.rpc(name, args)).error, name).not.toBeNull();
      // Signed in or not, the tables themselves stand in no exposed schema.
      for (const seat of Object.values(seats))
        expect((await seat.from("case_secrets").select("*")).error).not.toBeNull();
    });

    it("A1 nobody moves a case into or out of an area that is not theirs", async () => {
      await expect(
        saveCase(seats.australia, input({ country: "JP", version: "1" }), id),
      ).rejects.toMatchObject({ token: "case_out_of_area" });
      await expect(saveCase(seats.japan, input({ country: "JP", version: "1" }), id)).rejects.toMatchObject({
        token: "case_not_found",
      });
      const [row] = await door.sql`select country, version from app.cases where id = ${id}`;
      expect(row).toEqual({ country: "AU", version: 1 });
    });
  });

  describe("changing a case", () => {
    it("F14 of two edits of the same version one lands, the other is told", async () => {
      const own = await saveCase(seats.australia, input());
      const change = (outcome: string) =>
        saveCase(seats.australia, input({ outcome, version: "1", party_hospital: "helping" }), own);
      const ends = await Promise.allSettled([change("returned_home"), change("resolved")]);
      expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(ends.find(({ status }) => status === "rejected")).toMatchObject({
        reason: { kind: "conflict", token: "changed_meanwhile" },
      });
      expect(await getCase(seats.australia, own)).toMatchObject({
        version: 2,
        parties: [
          { party: "family", result: "informed" },
          { party: "hospital", result: "helping" },
        ],
      });
    });

    it("what happened stands in the log, without a word of it", async () => {
      const own = await saveCase(seats.australia, input());
      await saveCase(seats.australia, input({ outcome: "resolved", version: "1" }), own);
      const acts = await door.sql`
        select act, role, details from app.log_entries where subject_id = ${own} order by id`;
      expect(acts).toMatchObject([
        { act: "case_added", role: "officer", details: { count: 1 } },
        { act: "case_changed", role: "officer", details: { version: 2 } },
      ]);
    });

    it("D62 the database too lets only a search end with found and reported", async () => {
      await expect(
        door.sql`update app.cases set outcome = 'found_and_reported' where id = ${id}`,
      ).rejects.toMatchObject({ constraint_name: "cases_are_found_only_when_contact_was_lost" });
    });
  });

  describe("many cases at once", () => {
    const table = [
      "編號,開案日期,國家,細類,目的,年齡層,投保,人數,結果,說明",
      "T-1,2026/5/3,日本,護照被竊,觀光,34,有,1,已解決,在車站",
      "T-2,民國115年5月4日,澳洲,車禍,打工度假,18-29,無,2,治療中,",
      ",2026-05-04,JP,護照遺失,觀光,,,1,,",
      ",2026-05-04,JP,護照遺失,觀光,,,1,,",
      "T-3,2026-02-30,JP,護照遺失,觀光,,,1,,",
      "T-4,2026-05-05,JP,護照遺失,登月,,,1,,",
    ].join("\r\n");
    const read = async (db: Db, text: string) => {
      let last: Awaited<ReturnType<ReturnType<typeof importCases>["next"]>>["value"] | undefined;
      const refused = [];
      async function* source() {
        yield text;
      }
      for await (const step of importCases(staffAdds(db), source(), { today })) {
        refused.push(...step.refused);
        last = step;
      }
      return { totals: last!.totals, refused };
    };

    it("F22 good rows land, bad ones are named with line and field, and a second time changes nothing", async () => {
      const first = await read(seats.everywhere, table);
      expect(first.totals).toEqual({ read: 6, created: 4, present: 0, refused: 2 });
      expect(first.refused).toEqual([
        { line: 6, errors: [{ field: "opened_on", token: "date_invalid" }], token: null },
        { line: 7, errors: [{ field: "programme", token: "programme_unknown" }], token: null },
      ]);
      const again = await read(seats.everywhere, table);
      expect(again.totals).toEqual({ read: 6, created: 0, present: 4, refused: 2 });
      const [told] = await door.sql`
        select s.narrative from app.case_secrets s join app.cases c on c.id = s.case_id where c.source_key = 'T-1'`;
      expect(told).toEqual({ narrative: "在車站" });
    });

    it("a key that stands for other facts is not overwritten, and nobody imports into another's area", async () => {
      const other = table.split("\r\n").slice(0, 2).join("\n").replace("日本", "法國");
      expect(await read(seats.everywhere, other)).toMatchObject({
        refused: [{ line: 2, errors: [{ field: "source_key", token: "source_key_taken" }] }],
      });
      expect(await read(seats.japan, table.replace("T-2", "T-22"))).toMatchObject({
        totals: { created: 0 },
        refused: [
          { line: 3, errors: [{ field: "country", token: "case_out_of_area" }] },
          { line: 6 },
          { line: 7 },
        ],
      });
    });

    it("one import is one entry in the log", async () => {
      await read(seats.everywhere, "source_key,opened_on,country,subtype,programme\nL-1,2026-01-01,FR,theft,tourism\nL-2,2026-01-01,FR,theft,tourism");
      const [last] = await door.sql`select act, details from app.log_entries order by id desc limit 1`;
      expect(last).toEqual({ act: "case_added", details: { count: 2 } });
    }); // prettier-ignore

    it("H35 the list pages by cursor through all of them, and a cursor of another filter is refused", async () => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listCases(seats.everywhere, { cursor }, 2);
        seen.push(...page.items.map((one) => one.id));
        cursor = page.next ?? undefined;
        expect(page.total).toBeGreaterThan(6);
      } while (cursor !== undefined);
      const [count] = await door.sql`select count(*)::int as n from app.cases`;
      expect(new Set(seen).size).toBe(count!.n);
      expect(seen.length).toBe(count!.n);
      const { next } = await listCases(seats.everywhere, {}, 1);
      await expect(listCases(seats.everywhere, { country: "JP", cursor: next! }, 1)).rejects.toMatchObject({
        token: "cursor_invalid",
      });
    });
  });

  it("both vocabularies say the same", async () => {
    const regions = await door.sql`select country, region from app.country_regions order by country`;
    expect(new Map(regions.map(({ country, region }) => [country, region]))).toEqual(
      new Map([...REGION_OF_COUNTRY].sort()),
    );
    const subtypes = await door.sql<{ type: string; subtype: string }[]>`
      select type, subtype from app.case_subtypes`;
    expect(new Set(subtypes.map(({ type, subtype }) => `${type} ${subtype}`))).toEqual(
      new Set(CASE_TYPES.flatMap((type) => SUBTYPES[type].map((subtype) => `${type} ${subtype}`))),
    );
    const words = async (constraint: string) => {
      const [row] = await door.sql<{ text: string }[]>`
        select pg_get_constraintdef(oid) as text from pg_constraint where conname = ${constraint}`;
      return [...row!.text.matchAll(/'([a-z0-9_]+)'/g)].map(([, word]) => word).sort();
    };
    expect(await words("cases_programmes_are_known")).toEqual([...PROGRAMMES].sort());
    expect(await words("cases_age_bands_are_known")).toEqual([...AGE_BANDS].sort());
    expect(await words("cases_outcomes_are_known")).toEqual([...OUTCOMES].sort());
    expect(await words("case_parties_are_known")).toEqual([...PARTIES].sort());
    expect(await words("case_parties_have_a_known_result")).toEqual([...PARTY_RESULTS].sort());
  });
});
