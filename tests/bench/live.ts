/** One write, heard by two thousand who listen, beside the same write heard by one. */
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { median, type Benchmark, type Finding } from "./measuring.ts";
import { openForm, startSite, type BenchSite } from "./site.ts";

interface Listeners {
  /** When each heard of this id, in the order they heard; resolves when all have. */
  heard(id: string): Promise<number[]>;
  leave(): Promise<void>;
}

export const live: Benchmark = async ({ quick, rounds, seconds }, say) => {
  const many = quick ? 200 : 2_000;
  const site = await startSite();
  try {
    const post = await openForm(site.url);
    // Whatever a site does once, it does now.
    await post("第一筆");
    const alone = await listen(site.url, 1);
    const single = await writes(alone, post, rounds * 3);
    const askedAlone = await questions(site, seconds);
    await alone.leave();
    const memory = await resident(site);
    const crowd = await listen(site.url, many);
    say(`${many} listen`);
    const grown = (await resident(site)) - memory;
    const heard = await writes(crowd, post, rounds * 3);
    const askedByMany = await questions(site, seconds);
    await crowd.leave();
    const of = (pick: (times: number[]) => number, all: number[][]) => median(all.map(pick));
    const first = of((times) => times[0]!, heard);
    const last = of((times) => times.at(-1)!, heard);
    const row = (
      what: string,
      ours: number,
      peer: number,
      beside: string,
      more: Partial<Finding> = {},
    ): Finding => ({
      what,
      unit: "ms",
      ours,
      peer,
      beside,
      ...more,
    });
    return [
      row(`the last of ${many} hears after the first`, last - first, 1_000, "limit", { aim: { atMost: 1 } }),
      row(
        `the last of ${many} hears after the post is answered`,
        last,
        of((times) => times[0]!, single),
        "one listener",
      ),
      row(
        `the first of ${many} hears after the post is answered`,
        first,
        of((times) => times[0]!, single),
        "one listener",
      ),
      row("questions to the database a second", askedByMany, askedAlone, "one listener", {
        unit: "/s",
        aim: { atMost: 1.2 },
      }),
      row(`memory for ${many} listeners`, grown / 1024 ** 2, 128, "limit", {
        unit: "MB",
        aim: { atMost: 1 },
      }),
    ];
  } finally {
    await site.stop();
  }
};

async function listen(url: string, count: number): Promise<Listeners> {
  const { hostname, port } = new URL(url);
  // Of every post, also those whose id is not known here yet: some hear before the author is answered.
  const times = new Map<string, number[]>();
  const open: ReturnType<typeof request>[] = [];
  let ready = 0;
  await new Promise<void>((resolve, reject) => {
    const next = () => {
      if (open.length >= count) return;
      const stream = request(
        {
          hostname,
          port,
          path: "/api/v1/live?topics=persons",
          headers: { accept: "text/event-stream" },
          agent: false,
        },
        (answer) => {
          if (answer.statusCode !== 200)
            return reject(new Error(`A listener was answered with ${answer.statusCode}.`));
          let isReady = false;
          answer.setEncoding("utf8").on("data", (text: string) => {
            const at = performance.now();
            if (!isReady && text.includes("event: ready")) {
              isReady = true;
              ready += 1;
              if (ready === count) resolve();
            }
            for (const [, id] of text.matchAll(/"id":"([0-9a-f-]{36})","kind":"created"/g)) {
              const known = times.get(id!);
              if (known) known.push(at);
              else times.set(id!, [at]);
            }
          });
        },
      );
      stream.on("error", (error) => {
        if (ready < count) reject(error);
      });
      stream.end();
      open.push(stream);
      // Fifty at a time, as an opening crowd would be.
      if (open.length % 50 === 0) setTimeout(next, 10);
      else next();
    };
    next();
  });
  return {
    async heard(id) {
      const until = performance.now() + 30_000;
      for (;;) {
        const all = times.get(id) ?? [];
        if (all.length >= count) return all;
        if (performance.now() > until) throw new Error(`${all.length} of ${count} heard of a post.`);
        await sleep(5);
      }
    },
    async leave() {
      for (const stream of open) stream.destroy();
      await sleep(500);
    },
  };
}

/** When the listeners heard of each post, in milliseconds since it was answered. */
async function writes(
  listeners: Listeners,
  post: (name: string, more?: Record<string, string>) => Promise<string>,
  count: number,
): Promise<number[][]> {
  const all: number[][] = [];
  for (let n = 0; n < count; n += 1) {
    const id = await post(`聽見 ${n}`);
    const answered = performance.now();
    all.push((await listeners.heard(id)).map((at) => at - answered));
    await sleep(300);
  }
  return all;
}

/** Transactions of the database a second while nobody does anything but listen. */
async function questions({ sql }: BenchSite, seconds: number): Promise<number> {
  const count = async () => {
    await sleep(1_100);
    const [row] = await sql<
      { n: string }[]
    >`select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()`;
    return Number(row!.n);
  };
  const before = await count();
  const began = performance.now();
  await sleep(Math.max(5, seconds) * 1_000);
  return ((await count()) - before) / ((performance.now() - began) / 1_000);
}

async function resident({ url }: BenchSite): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/lookout_resident_bytes (\d+)/.exec(metrics)?.[1]);
}
