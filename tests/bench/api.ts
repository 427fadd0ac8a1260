import path from "node:path";
import { searchKeys } from "#app/names/name-keys.ts";
import { uncached } from "./boards.ts";
import { byTurns, load, medians, type Benchmark, type Finding } from "./measuring.ts";
import { root } from "./places.ts";
import { startPostgrest } from "./postgrest.ts";
import { startProgram } from "./processes.ts";
import { startSite, startSiteOnProject } from "./site.ts";

const cached = { "accept-encoding": "gzip" };
const searched = "陳怡君";
const rows = 50;

/** The public list and search for programs, beside PostgREST giving the same rows of the same Postgres. */
export const api: Benchmark = async ({ persons, seconds, rounds }) => {
  const site = await startSite({ persons });
  const postgrest = await startPostgrest(site.address, site.sql);
  const keys = { publishable: "sb_publishable_bench", secret: "sb_secret_bench" };
  const gateway = await startProgram(
    process.execPath,
    [
      path.join(root, "tests/bench/gateway.mjs"),
      postgrest.url,
      keys.publishable,
      keys.secret,
      postgrest.asServer["authorization"]!.slice(7),
    ],
    { cwd: root, env: {}, ready: /^listening: (http:\/\/\S+)$/m },
  );
  const inProject = await startSiteOnProject({
    url: gateway.said[1]!,
    publishableKey: keys.publishable,
    secretKey: keys.secret,
  });

  const at = (base: string, where: string, headers: Record<string, string>) =>
    load({ url: base + where, seconds, connections: 20, headers });
  const findings: Finding[] = [];
  const compare = async (what: string, where: string, peer: () => ReturnType<typeof load>) => {
    const results = await byTurns(rounds, {
      embedded: () => at(site.url, where, uncached),
      embeddedCached: () => at(site.url, where, cached),
      project: () => at(inProject.url, where, uncached),
      projectCached: () => at(inProject.url, where, cached),
      peer,
    });
    const beside = medians(results.peer).perSecond;
    const add = (mode: string, measured: typeof results.peer, atLeast: number) =>
      findings.push({
        what: `${what}, ${mode}`,
        unit: "1/s",
        ours: medians(measured).perSecond,
        peer: beside,
        beside: "PostgREST",
        aim: { atLeast },
        note: `p99 ${medians(measured).p99} ms, peer ${medians(results.peer).p99} ms`,
      });
    add("embedded", results.embedded, 0.3);
    add("embedded, cache on", results.embeddedCached, 3);
    add("Supabase", results.project, 0.8);
    add("Supabase, cache on", results.projectCached, 3);
  };

  await compare(`list of ${rows}`, `/api/v1/persons?limit=${rows}`, () =>
    load({
      url: `${postgrest.url}/persons?drill=eq.false&order=freshest_at.desc,id.desc&limit=${rows + 1}`,
      seconds,
      connections: 20,
    }),
  );
  const { words } = searchKeys(searched);
  await compare("search", `/api/v1/persons?q=${encodeURIComponent(searched)}&limit=${rows}`, () =>
    load({
      url: `${postgrest.url}/rpc/search_persons`,
      seconds,
      connections: 20,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        p_keys: { whole: [], words },
        p_event: null,
        p_status: null,
        p_country: null,
        p_limit: 200,
      }),
    }),
  );
  await inProject.stop();
  await gateway.stop();
  await postgrest.stop();
  await site.stop();
  return findings;
};
