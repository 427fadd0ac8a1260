/** `npm run bench -- [NAME…] [--quick] [--million]`: measures, prints a table of ratios, writes `bench-results.json`. */
import { writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { api } from "./api.ts";
import { boardCached, boardUncached } from "./boards.ts";
import { checkIn } from "./check-in.ts";
import { clusters } from "./clusters.ts";
import { confidence } from "./confidence.ts";
import { exportBench } from "./export.ts";
import { importBench } from "./import.ts";
import { live } from "./live.ts";
import { isMet, ratioOf, type Benchmark, type Finding, type Sizes } from "./measuring.ts";
import { personalData } from "./personal-data.ts";
import { root } from "./places.ts";
import { clearUp } from "./processes.ts";
import { queue } from "./queue.ts";
import { release } from "./release.ts";
import { search } from "./search.ts";
import { start } from "./start.ts";
import { weight } from "./weight.ts";

const benchmarks: Record<string, Benchmark> = {
  "board-cached": boardCached,
  "board-uncached": boardUncached,
  api,
  search,
  "check-in": checkIn,
  clusters,
  confidence,
  export: exportBench,
  import: importBench,
  live,
  "personal-data": personalData,
  queue,
  release,
  weight,
  start,
};

const usage = `npm run bench -- [NAME…] [--quick] [--million] [--seconds N]
  NAME       one or more of ${Object.keys(benchmarks).join(", ")}; all of them unless told
  --quick    small boards and short rounds: whether it works, not how well
  --million  search a board of a million persons and map a million reports too (makes them first: some minutes, 2 GB of disk)
  --seconds  how long each round of a load lasts`;

interface Row extends Finding {
  benchmark: string;
}

/** Runs the benchmarks that were named, or all. Gives 1 when one could not run; an aim that is missed is told, no fault. */
export async function bench(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (typeof asked === "string") {
    console.error(asked);
    return 2;
  }
  const rows: Row[] = [];
  const load = [loadavg()[0]!];
  const failed: string[] = [];
  for (const name of asked.names) {
    console.log(`${name} …`);
    try {
      const findings = await benchmarks[name]!(asked.sizes, (line) => console.log(`  ${line}`));
      rows.push(...findings.map((finding) => ({ benchmark: name, ...finding })));
      print(rows.filter(({ benchmark }) => benchmark === name));
    } catch (error) {
      console.error(error);
      failed.push(name);
    } finally {
      await clearUp();
      load.push(loadavg()[0]!);
    }
  }
  if (asked.names.length > 1) print(rows);
  writeFileSync(
    path.join(root, "bench-results.json"),
    `${JSON.stringify(report(rows, asked.sizes, load), null, 2)}\n`,
  );
  if (failed.length > 0) console.error(`could not run: ${failed.join(", ")}`);
  return failed.length > 0 ? 1 : 0;
}

function readArguments(args: readonly string[]): { names: string[]; sizes: Sizes } | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: "boolean" },
        million: { type: "boolean" },
        seconds: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    return `${(error as Error).message}\n${usage}`;
  }
  const { values, positionals } = parsed;
  const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
  if (values.help || unknown.length > 0)
    return unknown.length > 0 ? `There is no benchmark ${unknown.join(", ")}.\n${usage}` : usage;
  const quick = values.quick ?? false;
  const seconds = Number(values.seconds ?? (quick ? 2 : 8));
  if (!(seconds >= 1 && seconds <= 600)) return `--seconds is a number from 1 to 600.\n${usage}`;
  const boards = quick ? [2_000] : [10_000, 100_000];
  return {
    names: positionals.length > 0 ? positionals : Object.keys(benchmarks),
    sizes: {
      quick,
      persons: quick ? 2_000 : 10_000,
      boards: values.million ? [...boards, 1_000_000] : boards,
      queries: quick ? 110 : 500,
      imported: quick ? 2_000 : 100_000,
      seconds,
      rounds: quick ? 1 : 3,
    },
  };
}

function report(rows: readonly Row[], sizes: Sizes, load: readonly number[]) {
  return {
    measured_at: new Date().toISOString(),
    node: process.version,
    cores: availableParallelism(),
    load_average: load.map((value) => Number(value.toFixed(1))),
    sizes,
    results: rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) })),
  };
}

function print(rows: readonly Row[]): void {
  const cells = rows.map((row) => [
    row.benchmark,
    row.what,
    `${figure(row.ours)} ${row.unit}`.trim(),
    `${figure(row.peer)} ${row.unit}`.trim(),
    row.beside,
    ratioOf(row).toFixed(2),
    row.aim ? ("atLeast" in row.aim ? `≥ ${short(row.aim.atLeast)}` : `≤ ${short(row.aim.atMost)}`) : "",
    isMet(row) === null ? "" : isMet(row) ? "met" : "MISSED",
    row.note ?? "",
  ]);
  const head = ["benchmark", "what", "ours", "peer", "beside", "ratio", "aim", "", ""];
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at]!.length)));
  for (const row of [head, ...cells])
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join("  ")
        .trimEnd(),
    );
}

function figure(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}
