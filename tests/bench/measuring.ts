/** How benchmarks measure: ours and the peer by turns, three times each, and the medians set beside one another. */
import autocannon from "autocannon";

export interface Finding {
  /** What was measured, as a row of the table says it. */
  what: string;
  unit: string;
  ours: number;
  /** The figure of the peer, or the limit. */
  peer: number;
  beside: string;
  /** `ratio`: ours ÷ peer must reach it. `at most`: it must not be more. Without, the row only informs. */
  aim?: { atLeast: number } | { atMost: number };
  note?: string;
}

export interface Sizes {
  quick: boolean;
  /** Persons on the board of the web benchmarks. */
  persons: number;
  /** Boards that are searched, smallest first. */
  boards: number[];
  queries: number;
  imported: number;
  /** How long each of the three rounds of a load lasts. */
  seconds: number;
  rounds: number;
}

export type Benchmark = (sizes: Sizes, say: (line: string) => void) => Promise<Finding[]>;

export function ratioOf({ ours, peer }: Finding): number {
  return ours / peer;
}

/** Null where there is nothing to meet. */
export function isMet(finding: Finding): boolean | null {
  const { aim } = finding;
  if (!aim) return null;
  return "atLeast" in aim ? ratioOf(finding) >= aim.atLeast : ratioOf(finding) <= aim.atMost;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Runs each of the works in turn, and all of that `rounds` times; the results by name. */
export async function byTurns<Name extends string, Result>(
  rounds: number,
  works: Record<Name, () => Promise<Result>>,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(works) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) results[name].push(await works[name]());
  }
  return results;
}

export interface Load {
  url: string;
  seconds: number;
  connections: number;
  headers?: Record<string, string>;
  method?: "GET" | "POST";
  body?: string;
}

export interface LoadResult {
  perSecond: number;
  p50: number;
  p99: number;
}

/** Asks for one address from many connections at once. Any answer but a good one ends the benchmark. */
export async function load({
  url,
  seconds,
  connections,
  headers,
  method = "GET",
  body,
}: Load): Promise<LoadResult> {
  const result = await autocannon({
    url,
    duration: seconds,
    connections,
    method,
    headers: headers ?? {},
    ...(body === undefined ? {} : { body }),
  });
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(
      `${url}: ${result.errors} errors and ${result.non2xx} refusals among ${result.requests.total}`,
    );
  }
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

/** The medians of several rounds of load. */
export function medians(results: readonly LoadResult[]): LoadResult {
  const of = (pick: (result: LoadResult) => number) => median(results.map(pick));
  return { perSecond: of((r) => r.perSecond), p50: of((r) => r.p50), p99: of((r) => r.p99) };
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
