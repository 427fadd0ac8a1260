/**
 * Controlled rounding: instead of hiding cells, every figure becomes a multiple of a base, and the tables still add up.
 *
 * Each figure goes to the multiple below or above, a multiple stays (zero-restricted rounding; Cox, "A constructive
 * procedure for unbiased controlled rounding", JASA 82 (1987); Salazar-González, "Controlled rounding and cell perturbation",
 * Mathematical Programming 105 (2006)). Of all roundings that add up the nearest is taken, by whole-number programming. In
 * tables of three dimensions there may be none; then a figure may also go one multiple further.
 *
 * Figures rounded in an earlier release keep their rounding: who saw one count rounded twice could average.
 * A reader knows then that each count lies less than `reach` from its figure; `roundedLimits` gives that to the attacker.
 * Pure.
 */
import type { Bounds } from "./attack.ts";
import type { Solver } from "./solver.ts";
import type { Compiled } from "./table-system.ts";

export interface Rounding {
  /** One figure a cell, multiples of the base. */
  figures: Float64Array;
  /** How far a figure may lie from its count, exclusive: the base, or twice the base where it had to go further. */
  reach: number;
}

export interface RoundingOptions {
  solver: Solver;
  /** Figures are multiples of it; 3 and 5 are usual. */
  base: number;
  /** What earlier releases showed for a count that has not changed since, by cell id. */
  before?: ReadonlyMap<string, number>;
}

/** Rounds all figures of a system so that they add up. Null when not even the wider rounding exists. */
export function roundTables(system: Compiled, { solver, base, before }: RoundingOptions): Rounding | null {
  for (const further of [0, 1]) {
    const figures = roundWithin(system, solver, base, further, before);
    if (figures) return { figures, reach: base * (1 + further) };
  }
  return null;
}

/** What a reader of rounded figures knows of each count. */
export function roundedLimits({ figures, reach }: Rounding): Bounds {
  return {
    low: figures.map((figure) => Math.max(0, figure - reach + 1)),
    high: figures.map((figure) => figure + reach - 1),
  };
}

function roundWithin(
  system: Compiled,
  solver: Solver,
  base: number,
  further: number,
  before: ReadonlyMap<string, number> | undefined,
): Float64Array | null {
  const { cells, values, starts, columns, coefficients } = system;
  const size = cells.length;
  // Columns: the multiple of each cell, then how far it lies from the count, which two rows a cell hold.
  const lower = new Float64Array(2 * size);
  const upper = new Float64Array(2 * size).fill(base * (1 + further));
  const costs = new Float64Array(2 * size).fill(0).fill(1, size);
  for (let cell = 0; cell < size; cell += 1) {
    const kept = before?.get(cells[cell]!.id);
    const isMultiple = values[cell]! % base === 0;
    const below = Math.floor(values[cell]! / base);
    lower[cell] = kept === undefined ? Math.max(0, below - (isMultiple ? 0 : further)) : kept / base;
    upper[cell] = kept === undefined ? (isMultiple ? below : below + 1 + further) : kept / base;
    if (further > 0 && isMultiple && values[cell]! > 0 && kept === undefined) {
      lower[cell] = Math.max(0, below - 1);
      upper[cell] = below + 1;
    }
  }
  const rowStarts = [0];
  const rowColumns: number[] = [];
  const rowCoefficients: number[] = [];
  const rowLower: number[] = [];
  const rowUpper: number[] = [];
  for (let row = 0; row < starts.length - 1; row += 1) {
    for (let k = starts[row]!; k < starts[row + 1]!; k += 1) {
      rowColumns.push(columns[k]!);
      rowCoefficients.push(coefficients[k]!);
    }
    rowStarts.push(rowColumns.length);
    rowLower.push(0);
    rowUpper.push(0);
  }
  for (let cell = 0; cell < size; cell += 1) {
    for (const sign of [1, -1]) {
      // distance ≥ ±(base · multiple − count)
      rowColumns.push(cell, size + cell);
      rowCoefficients.push(-sign * base, 1);
      rowStarts.push(rowColumns.length);
      rowLower.push(-sign * values[cell]!);
      rowUpper.push(Number.POSITIVE_INFINITY);
    }
  }
  const program = solver.open({
    lower,
    upper,
    starts: Int32Array.from(rowStarts),
    columns: Int32Array.from(rowColumns),
    coefficients: Float64Array.from(rowCoefficients),
    rowLower: Float64Array.from(rowLower),
    rowUpper: Float64Array.from(rowUpper),
    costs,
    whole: true,
  });
  try {
    const { values: found } = program.solve("minimise");
    if (found.length === 0) return null;
    return Float64Array.from({ length: size }, (_, cell) => Math.round(found[cell]!) * base + 0);
  } finally {
    program.close();
  }
}
