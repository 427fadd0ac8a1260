import { setTimeout as sleep } from "node:timers/promises";
import { byTurns, load, median, medians, percentile, type Benchmark, type Finding } from "./measuring.ts";
import { startPostgrest } from "./postgrest.ts";
import { openForm, startSite } from "./site.ts";

/** Posts that were acknowledged, from one client and from many, beside PostgREST inserting a plain row. */
export const checkIn: Benchmark = async ({ persons, seconds, rounds }) => {
  const site = await startSite({ persons });
  await site.sql.unsafe(`
    create table public.bench_plain (id uuid primary key default gen_random_uuid(), said text, at timestamptz default now());
    grant insert on public.bench_plain to service_role;
  `);
  const postgrest = await startPostgrest(site.address, site.sql);
  const post = await openForm(site.url);
  const acknowledged: string[] = [];
  const findings: Finding[] = [];
  for (const clients of [1, 32]) {
    const results = await byTurns(rounds, {
      ours: async () => {
        const until = performance.now() + seconds * 1000;
        const times: number[] = [];
        await Promise.all(
          Array.from({ length: clients }, async () => {
            while (performance.now() < until) {
              const began = performance.now();
              const nth = acknowledged.length;
              acknowledged.push(
                await post(names[nth % names.length]!, { author_email: `bench-${nth}@example.org` }),
              );
              times.push(performance.now() - began);
            }
          }),
        );
        return { perSecond: times.length / seconds, p50: median(times), p99: percentile(times, 0.99) };
      },
      peer: () =>
        load({
          url: `${postgrest.url}/bench_plain`,
          seconds,
          connections: clients,
          method: "POST",
          headers: { ...postgrest.asServer, "content-type": "application/json", prefer: "return=minimal" },
          body: JSON.stringify({ said: "平安，在朋友家。" }),
        }),
    });
    const [ours, peer] = [medians(results.ours), medians(results.peer)];
    findings.push({
      what: `posts acknowledged, ${clients === 1 ? "1 client" : `${clients} clients`}`,
      unit: "1/s",
      ours: ours.perSecond,
      peer: peer.perSecond,
      beside: "PostgREST, plain insert",
      aim: { atLeast: 0.5 },
      note: `p99 ${ours.p99.toFixed(0)} ms, peer ${peer.p99} ms`,
    });
  }
  await sleep(100);
  const [there] = await site.sql<{ n: number }[]>`
    select count(*)::int as n from app.persons where id = any(${acknowledged})`;
  findings.push({
    what: "acknowledged posts that are there",
    unit: "",
    ours: there!.n,
    peer: acknowledged.length,
    beside: "acknowledged",
    aim: { atLeast: 1 },
  });
  await postgrest.stop();
  await site.stop();
  return findings;
};

const names = [
  "陳怡君",
  "林志明",
  "黃淑芬",
  "Chang Chia-hao",
  "李冠宇",
  "Wu Mei-ling",
  "王小明",
  "Tan Wei Ming",
];
