import { once } from "node:events";
import type { Readable } from "node:stream";
import type { Sql } from "postgres";
import { datasets } from "./dataset-columns.ts";
import { byTurns, median, milliseconds, type Benchmark } from "./measuring.ts";
import { startSite } from "./site.ts";

/** All public persons as CSV over HTTP, beside Postgres writing the same columns of the same rows with COPY. */
export const exportBench: Benchmark = async ({ quick, rounds }, say) => {
  const count = quick ? 20_000 : 1_000_000;
  const site = await startSite({ persons: 1_000 });
  try {
    await multiply(site, count);
    say(`${count} persons are on the board`);
    const columns = datasets.persons;
    let [rows, bytes, growth] = [0, 0, 0];
    const resident = async () => {
      const text = await (await fetch(`${site.url}/metrics`)).text();
      return Number(/resident_bytes\s+(\d+)/.exec(text)?.[1] ?? Number.NaN);
    };
    const results = await byTurns(rounds, {
      ours: () =>
        milliseconds(async () => {
          const answer = await fetch(`${site.url}/data/persons.csv`, {
            // COPY packs nothing either.
            headers: { "accept-encoding": "identity" },
          });
          const began = await resident();
          [rows, bytes] = [0, 0];
          let next = 64_000_000;
          for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
            bytes += piece.length;
            for (const byte of piece) if (byte === 10) rows += 1;
            if (bytes < next) continue;
            next += 64_000_000;
            growth = Math.max(growth, (await resident()) - began);
          }
        }),
      peer: () =>
        milliseconds(async () => {
          const stream = (await site.sql
            .unsafe(
              `copy (select ${columns.join(",")} from public.persons where drill = false order by id) to stdout with (format csv)`,
            )
            .readable()) as Readable;
          stream.on("data", () => {});
          await once(stream, "end");
        }),
    });
    if (rows < count) throw new Error(`${rows} of ${count} rows came.`);
    say(`${rows} rows, ${Math.round(bytes / 1e6)} MB`);
    const perSecond = (took: readonly number[]) => rows / (median(took) / 1000);
    return [
      {
        what: `rows of ${count.toLocaleString("en")} as CSV over HTTP`,
        unit: "1/s",
        ours: perSecond(results.ours),
        peer: perSecond(results.peer),
        beside: "copy … to stdout",
        aim: { atLeast: 0.5 },
      },
      {
        what: "memory of the server grown during an export",
        unit: "MB",
        ours: growth / 1e6,
        peer: 64,
        beside: "limit",
        aim: { atMost: 1 },
      },
    ];
  } finally {
    await site.stop();
  }
};

/** More of the same persons under other ids: who is searched for does not matter here, and names need no keys. */
async function multiply({ sql }: { sql: Sql }, count: number): Promise<void> {
  await sql.begin(async (work) => {
    await work.unsafe("set local session_replication_role = replica");
    await work.unsafe(`
      create temp table sample on commit drop as
        select p.*, row_number() over () as nth from app.persons p
        where visibility = 'public' and publication = 'published';
      insert into app.persons (id, record_id, event_id, posted_as, full_name, alternate_names, sex, age_from, age_to,
        home_city, home_country, source_date, entry_date, expiry_date, visibility, status, status_date, status_by,
        last_known_location, note_count, freshest_at, name_keys)
      select gen_random_uuid(), 'bench.example.org/copy.' || n, event_id, posted_as, full_name, alternate_names, sex,
        age_from, age_to, home_city, home_country, source_date, entry_date, expiry_date, visibility, status,
        status_date, status_by, last_known_location, note_count, freshest_at, '{}'
      from generate_series(1, ${count}) n
      join sample on sample.nth = 1 + n % (select count(*) from sample)`);
  });
  await sql.unsafe("vacuum analyze app.persons");
}
