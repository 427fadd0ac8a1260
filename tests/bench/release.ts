/** Protecting a year of statistics, as the tables grow: time, and what readers lose, beside hiding only what is small itself. */
import { attack } from "#app/privacy/disclosure-control/attack.ts";
import { primaryCells } from "#app/privacy/disclosure-control/primary-rules.ts";
import { loadSolver } from "#app/privacy/disclosure-control/solver.ts";
import { informationOf, requiredWidths, suppress } from "#app/privacy/disclosure-control/suppression.ts";
import { compile, type Compiled } from "#app/privacy/disclosure-control/table-system.ts";
import { milliseconds, type Benchmark, type Finding } from "./measuring.ts";
import { inventYear, type CubeSize } from "./release-cubes.ts";

const YEARS: readonly (CubeSize & { what: string; large?: boolean })[] = [
  { what: "month × 200 countries, × 7 types, linked tables", tables: "release", countries: 200, subtypes: 0, cases: 850 },
  { what: "whole cube, 4 countries", tables: "cube", countries: 4, subtypes: 0, cases: 400 },
  { what: "whole cube, 50 countries", tables: "cube", countries: 50, subtypes: 0, cases: 850 },
  { what: "whole cube, 200 countries, 14 sub-types", tables: "cube", countries: 200, subtypes: 2, cases: 850, large: true },
]; // prettier-ignore

export const release: Benchmark = async ({ quick }, say) => {
  const solver = await loadSolver();
  const findings: Finding[] = [];
  for (const { what, large, ...size } of YEARS) {
    if (quick && (large || size.countries === 50)) continue;
    const system = compile(inventYear(size));
    const cells = system.cells.length.toLocaleString("en");
    let primary = new Map<number, unknown>();
    const primaryMs = await milliseconds(async () => (primary = primaryCells(system)));
    let result: ReturnType<typeof suppress> | undefined;
    const ours = await milliseconds(async () => {
      result = suppress(system, {
        solver,
        onProgress: (round, exposed) => say(`${what}: round ${round}, ${exposed} cells exposed`),
      });
    });
    const { hidden, unprotected } = result!;
    if (unprotected.length > 0) throw new Error(`${unprotected.length} cells stay unprotected`);
    const counts = system.cells.filter(({ value }) => value > 0).length;
    findings.push({
      what: `${what}: ${cells} cells`,
      unit: "ms",
      ours,
      peer: Math.max(primaryMs, 0.01),
      beside: "primary suppression only",
      note: `${counts} not nought, ${primary.size} primary, ${sum(hidden)} hidden`,
    });
    if (system.cells.length < 20_000) {
      const width = requiredWidths(system);
      let narrow = 0;
      const ms = await milliseconds(async () => {
        const { low, high } = attack(system, hidden, { solver, whole: false });
        for (const [at, one] of hidden.entries()) if (one && high[at]! - low[at]! < width[at]!) narrow += 1;
      });
      findings.push({
        what: `${what}: hidden cells that the attacker narrows`,
        unit: "",
        ours: narrow,
        peer: sum(hidden),
        beside: "hidden cells",
        aim: { atMost: 0 },
        note: `every interval in ${Math.round(ms)} ms`,
      });
    }
    const alone = Uint8Array.from(system.cells, (_, at) => (primary.has(at) ? 1 : 0));
    const rows = wholeRows(system, primary);
    findings.push(
      {
        what: `${what}: information hidden`,
        unit: "%",
        ours: lost(system, hidden),
        peer: lost(system, alone),
        beside: "primary only (can be computed)",
        note: "weight 1 + log2(1 + count) of each figure that is not nought",
      },
      {
        what: `${what}: information hidden`,
        unit: "%",
        ours: lost(system, hidden),
        peer: lost(system, rows),
        beside: "hiding whole rows",
        aim: { atMost: 1 },
      },
    );
  }
  return findings;
};

function sum(flags: Uint8Array): number {
  return flags.reduce((total, flag) => total + flag, 0);
}

/** The share of the weight of all figures that are not nought, in per cent. */
function lost(system: Compiled, hidden: Uint8Array): number {
  let all = 0;
  let gone = 0;
  for (const [at, cell] of system.cells.entries()) {
    if (cell.value === 0) continue;
    all += informationOf(cell.value);
    if (hidden[at]) gone += informationOf(cell.value);
  }
  return (100 * gone) / all;
}

/** The simple way: whatever has a small figure among its parts shows none of its parts, and a small total not itself either. */
function wholeRows(system: Compiled, primary: ReadonlyMap<number, unknown>): Uint8Array {
  const hidden = Uint8Array.from(system.cells, (_, at) => (primary.has(at) ? 1 : 0));
  for (let row = 0; row < system.starts.length - 1; row += 1) {
    const parts = system.columns.subarray(system.starts[row]! + 1, system.starts[row + 1]!);
    if (parts.some((part) => primary.has(part))) for (const part of parts) hidden[part] = 1;
  }
  return hidden;
}
