import { describe, expect, it } from "vitest";
import type { Commands } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { importPfif, type ImportProgress } from "./pfif-import.server.ts";

interface Call {
  persons: Array<{ n: number; record_id: string }>;
  notes: Array<{ n: number; record_id: string; person_record_id: string }>;
}

/** Stands for the database: knows who has come, and refuses a whole batch for one record that it will not have. */
function database(poison: string[] = []) {
  const calls: Call[] = [];
  const known = new Set<string>();
  const commands: Commands = {
    async call<T>(_name: string, args: Record<string, unknown> = {}) {
      const p = args["p"] as Call;
      calls.push(p);
      if ([...p.persons, ...p.notes].some(({ record_id }) => poison.includes(record_id))) {
        throw new Failure("unavailable", "unavailable");
      }
      for (const { record_id } of p.persons) known.add(record_id);
      return {
        persons: p.persons.map(({ n }) => ({ n, outcome: "created" })),
        notes: p.notes.map(({ n, person_record_id }) => ({
          n,
          outcome: known.has(person_record_id) ? "created" : "person_unknown",
        })),
      } as T;
    },
  };
  return { calls, commands };
}

const person = (n: number | string, inner = "", date = "2026-01-01T00:00:00Z") =>
  `<person><person_record_id>a.example/${n}</person_record_id><source_date>${date}</source_date>` +
  `<full_name>Name ${n}</full_name>${inner}</person>\n`;
const note = (n: number | string, of: number | string) =>
  `<note><note_record_id>a.example/n${n}</note_record_id><person_record_id>a.example/${of}</person_record_id>` +
  `<author_name>A</author_name><source_date>2026-01-02T00:00:00Z</source_date><text>T</text></note>\n`;
const document = (...records: string[]) =>
  `<pfif xmlns="http://zesty.ca/pfif/1.4">\n${records.join("")}</pfif>`;

async function run(commands: Commands, source: string, options: { ownDomain?: string } = {}) {
  const steps: ImportProgress[] = [];
  const stream = (async function* () {
    yield source;
  })();
  const now = new Date("2026-11-22T00:00:00Z");
  for await (const step of importPfif(commands, stream, { ownDomain: "our.example", now, ...options }))
    steps.push(step);
  return { steps, last: steps.at(-1)!, skipped: steps.flatMap((step) => step.skipped) };
}

describe("importPfif", () => {
  it("sends a long document in batches and tells how far it is", async () => {
    const { calls, commands } = database();
    const { steps, last } = await run(
      commands,
      document(...Array.from({ length: 650 }, (_, n) => person(n))),
    );
    expect(calls.map(({ persons }) => persons.length)).toEqual([300, 300, 50]);
    expect(steps.map(({ totals }) => totals.persons.created)).toEqual([300, 600, 650, 650]);
    expect(last.totals.persons.read).toBe(650);
    expect(last.broken).toBeNull();
  });

  it("F22: finds the rows that spoil a batch and writes all the others", async () => {
    const { commands } = database(["a.example/17", "a.example/299", "a.example/301"]);
    const { last, skipped } = await run(
      commands,
      document(...Array.from({ length: 320 }, (_, n) => person(n))),
    );
    expect(last.totals.persons).toMatchObject({ read: 320, created: 317, refused: 3 });
    expect(skipped).toEqual(
      [17, 299, 301].map((n) => ({
        kind: "person",
        line: n + 2,
        record_id: `a.example/${n}`,
        reason: "record_unusable",
        refused: true,
      })),
    );
  });

  it("gives up when it is the database that is away", async () => {
    const commands: Commands = { call: () => Promise.reject(new Failure("unavailable", "unavailable")) };
    await expect(run(commands, document(person(1)))).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("an unknown event is nobody's fault but the caller's", async () => {
    let calls = 0;
    const commands: Commands = {
      call: () => {
        calls += 1;
        return Promise.reject(new Failure("invalid", "event_unknown"));
      },
    };
    await expect(run(commands, document(person(1), person(2)))).rejects.toMatchObject({
      token: "event_unknown",
    });
    expect(calls).toBe(1);
  });

  it("H41: a note may come before its person, batches apart", async () => {
    const { commands } = database();
    const others = Array.from({ length: 400 }, (_, n) => person(n));
    const { last, skipped } = await run(
      commands,
      document(note(1, "late"), note(2, "never"), ...others, person("late")),
    );
    expect(last.totals.notes).toMatchObject({ read: 2, created: 1, refused: 1 });
    expect(skipped).toEqual([
      { kind: "note", line: 3, record_id: "a.example/n2", reason: "person_unknown", refused: true },
    ]);
  });

  it("H41: nobody speaks for our ids, however they are spelled, nor from next year", async () => {
    const { calls, commands } = database();
    const ours = person(1).replace("a.example", "OUR.Example");
    const { skipped } = await run(commands, document(ours, person(2, "", "2027-01-01T00:00:00Z")));
    expect(skipped.map(({ reason }) => reason)).toEqual(["own_domain", "date_in_future"]);
    expect(calls).toEqual([]);
  });

  it("what cannot be read is named with its line, and a broken end costs only what it breaks", async () => {
    const { commands } = database();
    const bad = "<person><full_name>Nobody</full_name></person>\n";
    const { last, skipped } = await run(
      commands,
      document(person(1), bad, person(2)).replace("</pfif>", "<oops"),
    );
    expect(skipped).toMatchObject([{ line: 3, reason: "person_record_id_missing", refused: true }]);
    expect(last.totals.persons).toMatchObject({ read: 3, created: 2, refused: 1 });
    expect(last.broken).toMatchObject({ reason: "xml_not_well_formed" });
  });

  it("lets others have their turn", async () => {
    const { commands } = database();
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const given = Array.from({ length: 2_000 }, (_, n) => person(n).replace("Name", "陳林志明淑芬"));
    await run(commands, document(...given));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
