/**
 * The attacker: what anybody can compute about hidden cells from the published ones.
 *
 * The attacker knows every published count, that the tables add up, that counts are whole and not negative, and
 * how the tables are linked. For each hidden cell the largest and the smallest value in any table that agrees with
 * all of that are the ends of its feasible interval. Linear programming finds them (Fischetti & Salazar-González,
 * "Models and algorithms for optimizing cell suppression in tabular data with linear constraints", JASA 95 (2000),
 * 916–928, the "attacker subproblem"). Where the optimum of the linear program is not whole, the program is solved
 * again in whole numbers, because counts are: in tables of three and more dimensions the two may differ.
 *
 * Every end that is given is witnessed: a whole table with that value exists. So an interval here is never wider than the truth.
 * Pure.
 */
import type { OpenProgram, Solver } from "./solver.ts";
import type { Compiled } from "./table-system.ts";

/** What an attacker can know about one hidden cell. */
export interface Interval {
  id: string;
  low: number;
  /** Infinity when nothing bounds it. */
  high: number;
}

/** The published figures contradict each other: no table agrees with them. */
export class Contradiction extends Error {}

/** The bounds that tables have been found for, and how far the search went. One number a cell of the system. */
export interface Bounds {
  low: Float64Array;
  high: Float64Array;
}

export interface AttackOptions {
  solver: Solver;
  /** Stop at a cell once its interval is known to be at least so wide (one number a cell). Without it, find every interval. */
  enough?: Float64Array;
  /** With `enough`: pull on all cells at once a few times and stop there. What is then settled is settled cheaply. */
  glance?: boolean;
  /** Tables known to agree with what is published, as bounds; widened in place. The protector knows one: the truth. */
  witnessed?: Bounds;
  /**
   * `true` (unless told otherwise): an optimum that is not whole is sought again in whole numbers, so every end is witnessed.
   * `false`: the classic attacker of the literature, who knows of real numbers only; ends are rounded inwards. Far quicker in
   * large tables of three dimensions.
   */
  whole?: boolean;
  /** What is said of hidden cells beside the equations: that a rounded figure lies near, for instance. */
  limits?: Bounds;
  /** Told how many of the hidden cells are settled. */
  onProgress?: (settled: number, of: number) => void;
}

/** Counts are known to stay below this, unless the figures themselves are larger. */
const CEILING = 1_000_000;

/**
 * The intervals of all hidden cells.
 *
 * @param system the equations; true values of hidden cells are not looked at unless `witnessed` brings them.
 * @param hidden 1 for each cell that is not published.
 * @returns bounds for each cell; published ones have their value twice. With `enough`, an interval is only as wide as asked or as it can be.
 * @throws Contradiction if no table agrees with the published figures.
 */
export function attack(system: Compiled, hidden: Uint8Array, options: AttackOptions): Bounds {
  const size = system.cells.length;
  const low = options.witnessed?.low ?? new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const high = options.witnessed?.high ?? new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  for (let cell = 0; cell < size; cell += 1) {
    if (!hidden[cell]) low[cell] = high[cell] = system.values[cell]!;
  }
  let largest = 0;
  for (let cell = 0; cell < size; cell += 1) {
    if (!hidden[cell]) largest = Math.max(largest, Math.abs(system.values[cell]!));
  }
  const ceiling = Math.max(CEILING, largest * 10);
  const outer = outerBounds(system, hidden, ceiling, options.limits);
  const total = hidden.reduce((sum, one) => sum + one, 0);
  let settled = 0;
  const isSettled = (cell: number) =>
    options.enough ? high[cell]! - low[cell]! >= options.enough[cell]! : false;

  // What propagation alone has pinned down needs no solver.
  const open = new Uint8Array(size);
  for (let cell = 0; cell < size; cell += 1) {
    if (!hidden[cell]) continue;
    if (outer.low[cell] === outer.high[cell]) {
      low[cell] = high[cell] = outer.low[cell]!;
      settled += 1;
    } else open[cell] = 1;
  }
  for (const component of components(system, open)) {
    if (component.cells.every(isSettled)) settled += component.cells.length;
    else {
      attackComponent(system, component, outer, { low, high }, isSettled, options, () => {
        settled += 1;
        options.onProgress?.(settled, total);
      });
    }
  }
  for (let cell = 0; cell < size; cell += 1)
    if (high[cell]! >= ceiling) high[cell] = Number.POSITIVE_INFINITY;
  for (let cell = 0; cell < size; cell += 1) if (low[cell]! <= -ceiling) low[cell] = Number.NEGATIVE_INFINITY;
  return { low, high };
}

/** The attacker's report: every hidden cell that some table would show, with its interval. */
export function intervals(system: Compiled, hidden: Uint8Array, options: AttackOptions): Interval[] {
  const { low, high } = attack(system, hidden, options);
  return system.cells.flatMap((cell, at) =>
    hidden[at] && !cell.latent ? [{ id: cell.id, low: low[at]!, high: high[at]! }] : [],
  );
}

/** Bounds that follow from single equations, repeated until nothing changes: never narrower than what is feasible. */
function outerBounds(system: Compiled, hidden: Uint8Array, ceiling: number, limits?: Bounds): Bounds {
  const { cells, starts, columns, coefficients, rowsOf, values } = system;
  const low = Float64Array.from(cells, (cell, at) =>
    hidden[at] ? (cell.signed ? -ceiling : 0) : values[at]!,
  );
  const high = Float64Array.from(cells, (cell, at) =>
    hidden[at] ? (cell.structural ? 0 : ceiling) : values[at]!,
  );
  for (let cell = 0; limits && cell < cells.length; cell += 1) {
    if (!hidden[cell]) continue;
    low[cell] = Math.max(low[cell]!, limits.low[cell]!);
    high[cell] = Math.min(high[cell]!, limits.high[cell]!);
  }
  const rows = starts.length - 1;
  const queued = new Uint8Array(rows).fill(1);
  const queue = Array.from({ length: rows }, (_, row) => row);
  // A circle of equations can narrow bounds by one forever; what is left over is the solver's work.
  let steps = rows * 12;
  for (let head = 0; head < queue.length && steps > 0; head += 1, steps -= 1) {
    const row = queue[head]!;
    queued[row] = 0;
    let least = 0;
    let most = 0;
    for (let k = starts[row]!; k < starts[row + 1]!; k += 1) {
      const cell = columns[k]!;
      if (coefficients[k]! > 0) {
        least += low[cell]!;
        most += high[cell]!;
      } else {
        least -= high[cell]!;
        most -= low[cell]!;
      }
    }
    if (least > 1e-6 || most < -1e-6)
      throw new Contradiction(`the parts of ${cells[columns[starts[row]!]!]!.id} cannot add up`);
    for (let k = starts[row]!; k < starts[row + 1]!; k += 1) {
      const cell = columns[k]!;
      if (!hidden[cell]) continue;
      // x = −Σ others ÷ its own coefficient, and without this cell the others lie between what is left of least and most.
      const own: [number, number] =
        coefficients[k]! > 0
          ? [-(most - high[cell]!), -(least - low[cell]!)]
          : [least + high[cell]!, most + low[cell]!];
      const nextLow = Math.max(low[cell]!, own[0]);
      const nextHigh = Math.min(high[cell]!, own[1]);
      if (nextLow > nextHigh) throw new Contradiction(`${cells[cell]!.id} can be nothing`);
      if (nextLow > low[cell]! || nextHigh < high[cell]!) {
        low[cell] = nextLow;
        high[cell] = nextHigh;
        for (const other of rowsOf[cell]!) {
          if (!queued[other]) {
            queued[other] = 1;
            queue.push(other);
          }
        }
      }
    }
  }
  return { low, high };
}

interface Component {
  cells: number[];
  rows: number[];
}

/** Hidden cells that no equation connects can be attacked one group after another. */
function components(system: Compiled, open: Uint8Array): Component[] {
  const { starts, columns, rowsOf } = system;
  const seen = new Uint8Array(open.length);
  const seenRow = new Uint8Array(starts.length - 1);
  const found: Component[] = [];
  for (let first = 0; first < open.length; first += 1) {
    if (!open[first] || seen[first]) continue;
    const component: Component = { cells: [first], rows: [] };
    seen[first] = 1;
    for (let head = 0; head < component.cells.length; head += 1) {
      for (const row of rowsOf[component.cells[head]!]!) {
        if (seenRow[row]) continue;
        seenRow[row] = 1;
        component.rows.push(row);
        for (let k = starts[row]!; k < starts[row + 1]!; k += 1) {
          const other = columns[k]!;
          if (open[other] && !seen[other]) {
            seen[other] = 1;
            component.cells.push(other);
          }
        }
      }
    }
    found.push(component);
  }
  return found;
}

const LARGE = 3_000;

const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6;

function attackComponent(
  system: Compiled,
  { cells, rows }: Component,
  outer: Bounds,
  { low, high }: Bounds,
  isSettled: (cell: number) => boolean,
  { solver, enough, glance, whole = true }: AttackOptions,
  onSettled: () => void,
): void {
  // Pulling on thousands of cells of a cube at once takes longer than asking them one by one.
  const isLarge = cells.length > LARGE;
  if (glance && isLarge) return;
  const position = new Map(cells.map((cell, at) => [cell, at]));
  const { starts, columns, coefficients } = system;
  const rowStarts = new Int32Array(rows.length + 1);
  const rowColumns: number[] = [];
  const rowCoefficients: number[] = [];
  const sums = new Float64Array(rows.length);
  for (const [at, row] of rows.entries()) {
    for (let k = starts[row]!; k < starts[row + 1]!; k += 1) {
      const inside = position.get(columns[k]!);
      if (inside !== undefined) {
        rowColumns.push(inside);
        rowCoefficients.push(coefficients[k]!);
      } else sums[at]! -= coefficients[k]! * outer.low[columns[k]!]!;
    }
    rowStarts[at + 1] = rowColumns.length;
  }
  const program = solver.open({
    lower: Float64Array.from(cells, (cell) => outer.low[cell]!),
    upper: Float64Array.from(cells, (cell) => outer.high[cell]!),
    starts: rowStarts,
    columns: Int32Array.from(rowColumns),
    coefficients: Float64Array.from(rowCoefficients),
    rowLower: sums,
    rowUpper: sums,
  });
  /** A table was found that agrees with everything published; if it is whole, it widens every interval it can. */
  const learn = (values: Float64Array): boolean => {
    if (values.length === 0 || (whole && !values.every(isWhole))) return false;
    for (const [at, cell] of cells.entries()) {
      // Adding nought turns the solver's −0 into 0.
      const value = values[at]!;
      low[cell] = Math.min(low[cell]!, Math.ceil(value - 1e-6) + 0);
      high[cell] = Math.max(high[cell]!, Math.floor(value + 1e-6) + 0);
    }
    return true;
  };
  try {
    if (enough && !isLarge) swing(program, cells, isSettled, learn);
    if (glance) return;
    for (const [at, cell] of cells.entries()) {
      const ends = [
        { sense: "maximise", reached: () => high[cell]! >= outer.high[cell]! },
        { sense: "minimise", reached: () => low[cell]! <= outer.low[cell]! },
      ] as const;
      for (const { sense, reached } of ends) {
        if (isSettled(cell) || reached()) continue;
        findEnd(program, at, sense, learn);
      }
      onSettled();
    }
  } finally {
    program.close();
  }
}

/** Goes to one end of the interval of one column; in whole numbers where the linear optimum is none. */
function findEnd(
  program: OpenProgram,
  column: number,
  sense: "maximise" | "minimise",
  learn: (values: Float64Array) => boolean,
): void {
  program.setCost(column, 1);
  try {
    const linear = program.solve(sense);
    if (linear.outcome === "infeasible") throw new Contradiction("no table agrees with what is published");
    if (learn(linear.values)) return;
    program.setWhole(true);
    const whole = program.solve(sense);
    if (whole.outcome === "infeasible")
      throw new Contradiction("no table of whole counts agrees with what is published");
    // A search that gave up has still found a table, if not the last one.
    learn(whole.values);
  } finally {
    program.setCost(column, 0);
    program.setWhole(false);
  }
}

/** A few objectives that pull on all unsettled cells at once: most intervals turn out to be wide without being asked one by one. */
function swing(
  program: OpenProgram,
  cells: readonly number[],
  isSettled: (cell: number) => boolean,
  learn: (values: Float64Array) => boolean,
): void {
  let state = 88172645;
  const coin = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >= 0x80000000 ? 1 : -1;
  };
  let unsettled = cells.filter((cell) => !isSettled(cell)).length;
  for (let round = 0; round < 12 && unsettled > 8; round += 1) {
    const costs = cells.map((cell) => (isSettled(cell) ? 0 : coin()));
    for (const [at, cost] of costs.entries()) program.setCost(at, cost);
    for (const sense of ["maximise", "minimise"] as const) {
      const solved = program.solve(sense);
      if (solved.outcome === "infeasible") throw new Contradiction("no table agrees with what is published");
      learn(solved.values);
    }
    const left = cells.filter((cell) => !isSettled(cell)).length;
    if (left > unsettled * 0.8) break;
    unsettled = left;
  }
  for (const at of cells.keys()) program.setCost(at, 0);
}
