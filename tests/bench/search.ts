import { startEmbedded } from "#app/platform/embedded.server.ts";
import { connectSql, openDoor, type Db } from "#app/platform/db.server.ts";
import { searchPersons } from "#app/features/safety/persons.server.ts";
import { migrate } from "#app/server/migrate.ts";
import path from "node:path";
import type { Sql } from "postgres";
import { fillBoard, peopleOnBoard, personId } from "./board-data.ts";
import { byTurns, median, percentile, type Benchmark, type Finding } from "./measuring.ts";
import { root } from "./places.ts";
import { temporaryDirectory } from "./processes.ts";
import { inventQueries, type SearchQuery } from "./search-queries.ts";

interface Answered {
  query: SearchQuery;
  took: number;
  found: boolean;
}

type Search = (query: SearchQuery) => Promise<Set<string>>;

/** Looking for a person by name on boards of several sizes, beside what Postgres offers for the same names. */
export const search: Benchmark = async ({ boards, queries: count, rounds }, say) => {
  const postgres = await startEmbedded(path.join(temporaryDirectory("search"), "data"), {
    what: "a benchmark",
    log: { info() {}, warn: console.error, error: console.error },
  });
  const findings: Finding[] = [];
  const p95 = new Map<number, number>();
  try {
    for (const size of boards) {
      const board = await openBoard(postgres.address, size);
      say(`${size} persons are on the board`);
      const queries = inventQueries([...peopleOnBoard(Math.min(size, 20_000))], count);
      const ours = ourSearch(board.db);
      // Once round to warm what a running site has warm.
      await ask(queries, ours, 1);
      const measured = await byTurns(rounds, {
        ours: () => ask(queries, ours, 1),
        crowd: () => ask(queries, ours, 8),
        ilike: () => ask(queries, ilike(board.sql), 1),
        similar: () => ask(sampled(queries, size), similarity(board.sql), 1),
      });
      const typical = (runs: Answered[][]) =>
        median(
          runs.map((run) =>
            percentile(
              run.map(({ took }) => took),
              0.95,
            ),
          ),
        );
      const times = {
        ours: typical(measured.ours),
        crowd: typical(measured.crowd),
        ilike: typical(measured.ilike),
        similar: typical(measured.similar),
      };
      p95.set(size, times.ours);
      const recall = recallOf(measured.ours[0]!);
      const seen = `${size.toLocaleString("en")} persons`;
      findings.push(
        {
          what: `found, ${seen}`,
          unit: "%",
          ours: recall,
          peer: 97,
          beside: "limit",
          aim: { atLeast: 1 },
          note: kindsOf(measured.ours[0]!),
        },
        {
          what: `found, ${seen}`,
          unit: "%",
          ours: recall,
          peer: recallOf(measured.ilike[0]!),
          beside: "ilike",
        },
        {
          what: `found, ${seen}`,
          unit: "%",
          ours: recall,
          peer: recallOf(measured.similar[0]!),
          beside: "trigram similarity",
        },
        {
          what: `95 % of searches within, ${seen}`,
          unit: "ms",
          ours: times.ours,
          peer: times.similar,
          beside: "trigram similarity",
          ...(size === boards.at(-1) ? { aim: { atMost: 0.1 } } : {}),
          note: `ilike ${times.ilike.toFixed(1)} ms`,
        },
        {
          what: `the same, 8 callers, ${seen}`,
          unit: "ms",
          ours: times.crowd,
          peer: times.ours,
          beside: "one caller",
          aim: { atMost: 3 },
        },
      );
      await board.close();
    }
    const [smallest, largest] = [boards[0]!, boards.at(-1)!];
    if (smallest !== largest) {
      findings.push({
        what: `95 % of searches within, ${largest.toLocaleString("en")} persons`,
        unit: "ms",
        ours: p95.get(largest)!,
        peer: p95.get(smallest)!,
        beside: `${smallest.toLocaleString("en")} persons`,
        aim: { atMost: 3 },
      });
    }
  } finally {
    await postgres.stop();
  }
  return findings;
};

async function openBoard(address: Parameters<typeof connectSql>[0], size: number) {
  const name = `board_${size}`;
  const operator = connectSql(address, "postgres", 1);
  await operator.unsafe(`create database ${name}`);
  await operator.end({ timeout: 1 });
  const door = await openDoor(address, name, "a secret of no importance at all", {
    owned: true,
    prepare: async (session) => {
      await migrate(session, path.join(root, "supabase/migrations"));
    },
  });
  const sql = connectSql(address, name, 2);
  await fillBoard(sql, size);
  // The names as one column of their own, with the index that ilike and similarity ask for.
  await sql.unsafe(
    `
    create extension if not exists pg_trgm;
    create table bench_names as
      select id, full_name || ' ' || array_to_string(alternate_names, ' ') as names
      from app.persons where publication = 'published' and visibility = 'public';
    create index on bench_names using gin (names gin_trgm_ops);
    vacuum analyze bench_names;
  `.replace("vacuum analyze bench_names;", "analyze bench_names;"),
  );
  return {
    db: door.db,
    sql,
    async close() {
      await sql.end({ timeout: 1 });
      await door.close();
    },
  };
}

/** As the page does it: keys, one or two questions to the database, ranking. */
function ourSearch(db: Db): Search {
  return async ({ q }) => new Set((await searchPersons(db, { q, limit: 200 })).items.map(({ id }) => id));
}

function ilike(sql: Sql): Search {
  return async ({ q }) => {
    const like = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
    const rows = await sql<{ id: string }[]>`select id from bench_names where names ilike ${like} limit 200`;
    return new Set(rows.map(({ id }) => id));
  };
}

function similarity(sql: Sql): Search {
  return async ({ q }) => {
    const rows = await sql<{ id: string }[]>`
      select id from bench_names where names % ${q} order by similarity(names, ${q}) desc limit 200`;
    return new Set(rows.map(({ id }) => id));
  };
}

/** Similarity over a million names takes about a second each: a part of the questions tells enough. */
function sampled(queries: readonly SearchQuery[], size: number): readonly SearchQuery[] {
  return size > 100_000 ? queries.filter((_, at) => at % 5 === 0) : queries;
}

async function ask(queries: readonly SearchQuery[], search: Search, callers: number): Promise<Answered[]> {
  const answers: Answered[] = [];
  let next = 0;
  const caller = async () => {
    for (let query = queries[next++]; query; query = queries[next++]) {
      const began = performance.now();
      const ids = await search(query);
      answers.push({
        query,
        took: performance.now() - began,
        found: query.wanted !== null && ids.has(personId(query.wanted)),
      });
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return answers;
}

function recallOf(answers: readonly Answered[]): number {
  const wanted = answers.filter(({ query }) => query.wanted !== null);
  return (100 * wanted.filter(({ found }) => found).length) / wanted.length;
}

function kindsOf(answers: readonly Answered[]): string {
  const kinds = [
    ...new Set(answers.filter(({ query }) => query.wanted !== null).map(({ query }) => query.kind)),
  ];
  return kinds
    .map((kind) => `${kind} ${recallOf(answers.filter(({ query }) => query.kind === kind)).toFixed(0)}`)
    .join(", ");
}
