import { writeFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildHydratedSite, hydratedBoard } from "./hydrated-site.ts";
import { byTurns, load, medians, type Benchmark } from "./measuring.ts";
import { root } from "./places.ts";
import { startProgram, temporaryDirectory } from "./processes.ts";
import { openForm, startSite, type BenchSite } from "./site.ts";

const browser = { cookie: "lang=zh-TW", "accept-encoding": "gzip, br" };
/** A cookie that the cache does not know makes every answer a fresh one. */
export const uncached = { cookie: "lang=zh-TW; bench=1", "accept-encoding": "gzip, br" };

/** The board as everybody sees it, while somebody posts every second. */
export const boardCached: Benchmark = async ({ persons, seconds, rounds }) => {
  const site = await startSite({ persons });
  const bare = await startProgram(
    process.execPath,
    [path.join(root, "tests/bench/bare-server.mjs"), await pictureOf(site)],
    {
      cwd: root,
      env: {},
      ready: /^listening: (http:\/\/\S+)$/m,
    },
  );
  const post = await openForm(site.url);
  const own: number[] = [];
  const others: number[] = [];
  const results = await byTurns(rounds, {
    ours: async () => {
      const until = performance.now() + seconds * 1000;
      const posting = (async () => {
        while (performance.now() < until - 1000) {
          await seePost(site, post, own, others);
          await sleep(1000);
        }
      })();
      const measured = await load({ url: `${site.url}/safety`, seconds, connections: 50, headers: browser });
      await posting;
      return measured;
    },
    peer: () => load({ url: bare.said[1]!, seconds, connections: 50, headers: browser }),
  });
  const [ours, peer] = [medians(results.ours), medians(results.peer)];
  await bare.stop();
  await site.stop();
  return [
    {
      what: "views, 50 connections",
      unit: "1/s",
      ours: ours.perSecond,
      peer: peer.perSecond,
      beside: "bare Node, same bytes",
      aim: { atLeast: 0.5 },
    },
    {
      what: "99 % of views within",
      unit: "ms",
      ours: ours.p99,
      peer: 25,
      beside: "limit",
      aim: { atMost: 1 },
      note: `peer: ${peer.p99} ms`,
    },
    {
      what: "own post on the board after",
      unit: "ms",
      ours: Math.max(...own),
      peer: 1000,
      beside: "limit",
      note: `worst of ${own.length}, first view after the answer; it held the post every time`,
    },
    {
      what: "others see a post after",
      unit: "ms",
      ours: Math.max(...others),
      peer: 1000,
      beside: "limit",
      aim: { atMost: 1 },
      note: `worst of ${others.length}`,
    },
  ];
};

/** Posts, looks at once as the author does, and then as others do until the post is there. */
async function seePost(
  site: BenchSite,
  post: (name: string) => Promise<string>,
  own: number[],
  others: number[],
): Promise<void> {
  const began = performance.now();
  const id = await post(`驗新${Math.random().toString(36).slice(2, 8)}`);
  const answered = performance.now();
  const isThere = async () =>
    (await (await fetch(`${site.url}/safety`, { headers: { cookie: "lang=zh-TW" } })).text()).includes(id);
  if (!(await isThere())) throw new Error("A post is not on the board of the one who wrote it.");
  own.push(performance.now() - answered);
  others.push(performance.now() - began);
}

/** The board made anew for each visitor, beside the same page as Remix makes it unless told otherwise. */
export const boardUncached: Benchmark = async ({ persons, seconds, rounds }, say) => {
  say("building the hydrated variant");
  const site = await startSite({ from: await buildHydratedSite(), persons });
  const at = (where: string) => load({ url: site.url + where, seconds, connections: 20, headers: uncached });
  await Promise.all([fetch(`${site.url}/safety`), fetch(site.url + hydratedBoard)]);
  const results = await byTurns(rounds, { ours: () => at("/safety"), peer: () => at(hydratedBoard) });
  const [ours, peer] = [medians(results.ours), medians(results.peer)];
  await site.stop();
  return [
    {
      what: "views made anew, 20 connections",
      unit: "1/s",
      ours: ours.perSecond,
      peer: peer.perSecond,
      beside: "hydrated Remix route",
      aim: { atLeast: 2 },
      note: `p99 ${ours.p99} ms, peer ${peer.p99} ms`,
    },
  ];
};

/** What the site answers for its board, for a server that can answer nothing else. */
async function pictureOf(site: BenchSite): Promise<string> {
  const picture = await new Promise<{ headers: string[]; body: string }>((resolve, reject) => {
    request(`${site.url}/safety`, { headers: browser }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const dropped = new Set(["date", "connection", "keep-alive"]);
        const pairs = Array.from({ length: answer.rawHeaders.length / 2 }, (_, n) =>
          answer.rawHeaders.slice(2 * n, 2 * n + 2),
        );
        resolve({
          headers: pairs.filter(([name]) => !dropped.has(name!.toLowerCase())).flat(),
          body: Buffer.concat(chunks).toString("base64"),
        });
      });
    })
      .on("error", reject)
      .end();
  });
  const file = path.join(temporaryDirectory("picture"), "answer.json");
  writeFileSync(file, JSON.stringify(picture));
  return file;
}
