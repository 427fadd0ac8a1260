import path from "node:path";
import type { Sql } from "postgres";
import { KINDS, type QueueFilter } from "#app/features/moderation/queue.ts";
import { listQueue } from "#app/features/moderation/queue.server.ts";
import { connectSql, openDoor, type Db } from "#app/platform/db.server.ts";
import { startEmbedded } from "#app/platform/embedded.server.ts";
import { migrate } from "#app/server/migrate.ts";
import { makeMember } from "#tests/support/staff.ts";
import { signToken } from "#tests/support/token.ts";
import { byTurns, median, percentile, type Benchmark, type Finding } from "./measuring.ts";
import { root } from "./places.ts";
import { temporaryDirectory } from "./processes.ts";

interface Queue {
  sql: Sql;
  db: Db;
  close(): Promise<void>;
}

const nothing: QueueFilter = { kind: null, event: null, language: null, stage: null, age: null };

/** What a member of the staff asks of the queue: its first page, pages further on, and each filter alone and together. */
const questions: readonly { filter: QueueFilter; pages: number }[] = [
  { filter: nothing, pages: 1 },
  { filter: nothing, pages: 6 },
  ...KINDS.slice(0, 6).map((kind) => ({ filter: { ...nothing, kind }, pages: 1 })),
  { filter: { ...nothing, event: "quake" }, pages: 2 },
  { filter: { ...nothing, language: "ja" }, pages: 1 },
  { filter: { ...nothing, stage: 2 as const }, pages: 1 },
  { filter: { ...nothing, age: 24 }, pages: 1 },
  { filter: { ...nothing, kind: "new" as const, event: "quake", language: "en" }, pages: 1 },
];

/** The queue as the desk of the staff asks for it, with a hundred thousand items waiting beside a thousand. */
export const queue: Benchmark = async ({ quick, rounds }, say) => {
  const postgres = await startEmbedded(path.join(temporaryDirectory("queue"), "data"), {
    what: "a benchmark",
    log: { info() {}, warn: console.error, error: console.error },
  });
  const open: Queue[] = [];
  try {
    const sizes = quick ? [200, 5_000] : [1_000, 100_000];
    for (const size of sizes) {
      open.push(await openQueue(postgres.address, size));
      say(`${size.toLocaleString("en")} items wait`);
    }
    const [small, large] = open as [Queue, Queue];
    // Once round to warm what a running site has warm.
    await ask(small.db, 1);
    await ask(large.db, 1);
    const measured = await byTurns(rounds, {
      small: () => ask(small.db, quick ? 2 : 8),
      large: () => ask(large.db, quick ? 2 : 8),
    });
    const typical = (runs: number[][], share: number) => median(runs.map((run) => percentile(run, share)));
    return [0.95, 0.5].map((share): Finding => ({
      what: `a page of the queue, ${share === 0.5 ? "median" : "p95"}, ${sizes[1]!.toLocaleString("en")} waiting`,
      unit: "ms",
      ours: typical(measured.large, share),
      peer: typical(measured.small, share),
      beside: `${sizes[0]!.toLocaleString("en")} waiting`,
      ...(share === 0.95 ? { aim: { atMost: 3 } } : {}),
      note: "through row policies, with filters and cursors",
    }));
  } finally {
    for (const one of open) await one.close();
    await postgres.stop();
  }
};

async function ask(db: Db, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    for (const { filter, pages } of questions) {
      let cursor: string | null = null;
      for (let page = 0; page < pages; page += 1) {
        const began = performance.now();
        const found = await listQueue(db, filter, { cursor });
        took.push(performance.now() - began);
        cursor = found.next;
        if (!cursor) break;
      }
    }
  }
  return took;
}

async function openQueue(address: Parameters<typeof connectSql>[0], size: number): Promise<Queue> {
  const name = `queue_${size}`;
  const operator = connectSql(address, "postgres", 1);
  await operator.unsafe(`create database ${name}`);
  await operator.end();
  const door = await openDoor(address, name, "a benchmark has nothing to hide", {
    owned: true,
    prepare: async (session) => {
      await migrate(session, path.join(root, "supabase/migrations"));
    },
    connections: 4,
  });
  const sql = connectSql(address, name, 2);
  await sql`
    insert into app.events (slug, titles, kind, country)
    select 'event-' || n, '{"en": "An event"}'::jsonb, 'flood', 'NZ' from generate_series(1, 20) n
    union all select 'quake', '{"en": "Quake"}'::jsonb, 'earthquake', 'NZ'`;
  await sql`
    insert into app.persons (record_id, event_id, posted_as, full_name, source_date, expiry_date, visibility, freshest_at)
    select 'lookout.example/person.' || n, e.id, 'me', 'Person ' || n, now(), now() + interval '60 days', 'public', now()
    from generate_series(1, ${Math.min(size, 20_000)}::int) n
    join lateral (select id from app.events order by id offset n % 21 limit 1) e on true`;
  // As many have been decided already as wait; every third waits at the second stage.
  await sql`
    insert into app.queue_items (kind, severity, subject_type, subject_id, person_id, event_id, language, stage, text, created_at,
                                 decided_at, decision, decided_by, decision_reason)
    select (${[...KINDS]}::text[])[1 + n % ${KINDS.length}::int], 1 + n % 5, 'person', p.id, p.id, p.event_id,
           (array['zh-TW', 'zh-TW', 'en', 'ja'])[1 + n % 4], case when n % 3 = 0 then 2 else 1 end, 'item ' || n,
           now() - make_interval(secs => (n * 7919) % 864000),
           case when n > ${size}::int then now() end, case when n > ${size}::int then 'accept' end,
           case when n > ${size}::int then 'A' end, case when n > ${size}::int then 'B' end
    from generate_series(1, ${size * 2}::int) n
    join lateral (select id, event_id from app.persons where record_id = 'lookout.example/person.' || (1 + n % ${Math.min(size, 20_000)}::int)) p on true`;
  await sql`analyze`;
  const { userId } = await makeMember(sql, { role: "officer", areas: ["NZ", "JP"] });
  const token = signToken(
    { role: "authenticated", aud: "authenticated", sub: userId, exp: Math.floor(Date.now() / 1000) + 7200 },
    door.jwtSecret,
  );
  return {
    sql,
    db: door.staff(token),
    async close() {
      await sql.end({ timeout: 1 });
      await door.close();
    },
  };
}
