/**
 * Complementary suppression: which further cells must be hidden so that nobody can compute the ones that may not be shown.
 *
 * 1. The primary rules mark what may not be published; what an earlier release hid stays hidden.
 * 2. A quick rule closes what single equations give away: a hidden cell needs a hidden companion in each of its
 *    published totals, and together they must be wide enough.
 * 3. The attacker looks (./attack.ts). For each cell that it can still narrow, the cheapest flow through the tables is
 *    sought that would let the cell go down and up by what is missing; the cells that the flow passes are hidden
 *    (Kelly, Golden & Assad, "Cell suppression: disclosure protection for sensitive tabular data", Networks 22 (1992);
 *    Cox, "Network models for complementary cell suppression", JASA 90 (1995); Castro, "Network flows heuristics for
 *    complementary cell suppression", LNCS 2316 (2002); Fischetti & Salazar-González, Management Science 47 (2001), for
 *    linked tables). The flow itself is the proof: the table it leads to agrees with everything published.
 * 4. Back to 3, until the attacker finds nothing. Hidden sets only grow, so what is proven stays proven.
 *
 * All tables are treated together. Hiding everything that is not yet published always protects; so the loop ends. Pure.
 */
import { attack, type Bounds } from "./attack.ts";
import { isSmall, primaryCells, type Reason } from "./primary-rules.ts";
import type { OpenProgram, Solver } from "./solver.ts";
import type { Compiled } from "./table-system.ts";

export interface Suppression {
  /** 1 for each cell that is not published, latent ones included. */
  hidden: Uint8Array;
  /** Why each hidden cell is hidden, by index; latent cells have no entry. */
  reasons: Map<number, Reason>;
  /** Bounds that tables were found for: each interval is at least so wide. */
  witnessed: Bounds;
  /** Cells that stay narrower than asked because earlier releases gave too much away. Nothing can mend them. */
  unprotected: number[];
  rounds: number;
}

export interface SuppressionOptions {
  solver: Solver;
  /** Told which round it is and how many cells an attacker can still narrow. */
  onProgress?: (round: number, exposed: number) => void;
  /** How often a cell may be tried to be shown again at the end, dearest first. 0 keeps all that is hidden. */
  attempts?: number;
}

/** The width that each cell must have while it is hidden. A latent cell that is not small needs none. */
export function requiredWidths(system: Compiled): Float64Array {
  return Float64Array.from(system.cells, (cell) =>
    cell.latent && !isSmall(cell.value, cell.threshold) ? 0 : cell.width,
  );
}

/** How much a figure tells: each is one figure, and large ones say more. */
export function informationOf(value: number): number {
  return 1 + Math.log2(1 + Math.abs(value));
}

/** What hiding a cell costs a reader: what it tells, unless its table says otherwise. */
export function weightOf({ weight, value }: { weight?: number; value: number }): number {
  return weight ?? informationOf(value);
}

/** Chooses the cells to hide, for a system of any size. For small ones `suppressExactly` finds the least. */
export function suppress(system: Compiled, options: SuppressionOptions): Suppression {
  const { cells, values } = system;
  const width = requiredWidths(system);
  const hidden = new Uint8Array(cells.length);
  const reasons = new Map<number, Reason>();
  for (const [at, cell] of cells.entries()) {
    if (cell.latent) hidden[at] = 1;
    else if (cell.before === "hidden") {
      hidden[at] = 1;
      reasons.set(at, "earlier");
    }
  }
  for (const [at, reason] of primaryCells(system)) {
    if (cells[at]!.before === "published") continue;
    hidden[at] = 1;
    reasons.set(at, reason);
  }
  const hide = (cell: number) => {
    if (hidden[cell]) return;
    hidden[cell] = 1;
    reasons.set(cell, "complement");
  };
  closeEquations(system, hidden, width, hide);

  const witnessed: Bounds = { low: values.slice(), high: values.slice() };
  const flows = new Flows(system, hidden, options.solver, witnessed);
  const unprotected = new Set<number>();
  let rounds = 0;
  for (;;) {
    if (rounds < 2)
      attack(system, hidden, { solver: options.solver, enough: width, witnessed, glance: true });
    const exposed = exposedCells();
    rounds += 1;
    options.onProgress?.(rounds, exposed.length);
    if (exposed.length === 0) break;
    const before = count(hidden);
    for (const [at, cell] of exposed.entries()) {
      if (isProtected(cell)) continue;
      flows.protect(cell, width[cell]!, hide);
      if (at % 50 === 49) options.onProgress?.(rounds, exposedCells().length);
    }
    if (count(hidden) > before) continue;
    // The flows use only what is hidden already, but not all of them in whole numbers: the attacker decides.
    attack(system, hidden, { solver: options.solver, enough: width, witnessed });
    for (const cell of exposedCells()) {
      const neighbour = cheapestNeighbour(system, hidden, cell);
      if (neighbour === undefined) unprotected.add(cell);
      else hide(neighbour);
    }
  }
  const result = { hidden, reasons, witnessed, unprotected: [...unprotected], rounds };
  return options.attempts ? showAgain(system, result, width, options) : result;

  function isProtected(cell: number): boolean {
    return witnessed.high[cell]! - witnessed.low[cell]! >= width[cell]!;
  }

  function exposedCells(): number[] {
    const found: number[] = [];
    for (let cell = 0; cell < cells.length; cell += 1) {
      if (hidden[cell] && !unprotected.has(cell) && !isProtected(cell)) found.push(cell);
    }
    return found.sort((a, b) => values[a]! - values[b]!);
  }
}

function count(flags: Uint8Array): number {
  let sum = 0;
  for (const flag of flags) sum += flag;
  return sum;
}

/** Whether a published cell may be hidden at all. */
export function mayHide(system: Compiled, cell: number): boolean {
  const { structural, before, latent } = system.cells[cell]!;
  return !structural && before !== "published" && !latent;
}

/** Hides companions until no single equation narrows a hidden cell. Noughts stay. */
function closeEquations(
  system: Compiled,
  hidden: Uint8Array,
  width: Float64Array,
  hide: (cell: number) => void,
): void {
  const { starts, columns, rowsOf, values, cells } = system;
  const rows = starts.length - 1;
  const queue = Array.from({ length: rows }, (_, row) => row);
  const queued = new Uint8Array(rows).fill(1);
  for (let head = 0; head < queue.length; head += 1) {
    const row = queue[head]!;
    queued[row] = 0;
    const total = columns[starts[row]!]!;
    const parts = columns.subarray(starts[row]! + 1, starts[row + 1]!);
    let needed = 0;
    let free = 0;
    let sum = 0;
    let latent = 0;
    for (const part of parts) {
      if (!hidden[part]) continue;
      free += 1;
      sum += Math.abs(values[part]!);
      if (cells[part]!.latent) latent += 1;
      else needed = Math.max(needed, width[part]!);
    }
    const totalHidden = hidden[total] === 1;
    if (latent > 0 || (free === 0 && !totalHidden)) continue;
    const isClosed = () => (totalHidden ? free >= 1 : free >= 2 && sum >= needed);
    while (!isClosed()) {
      let best = -1;
      let least = Number.POSITIVE_INFINITY;
      const candidates = [...parts];
      // A total that is hardly more than its hidden parts is no loss beside them.
      if (!totalHidden) candidates.push(total);
      for (const one of candidates) {
        if (hidden[one] || values[one] === 0 || !mayHide(system, one)) continue;
        const lonely = rowsOf[one]!.filter((other) => other !== row && !hasHidden(other)).length;
        const cost = weightOf(cells[one]!) * (1 + lonely) * (one === total ? 2 : 1);
        if (cost < least) {
          least = cost;
          best = one;
        }
      }
      if (best < 0) break;
      hide(best);
      if (best === total) break;
      free += 1;
      sum += Math.abs(values[best]!);
      for (const other of rowsOf[best]!) {
        if (!queued[other]) {
          queued[other] = 1;
          queue.push(other);
        }
      }
    }
    if (hidden[total] && !totalHidden) {
      for (const other of rowsOf[total]!) {
        if (!queued[other]) {
          queued[other] = 1;
          queue.push(other);
        }
      }
    }
  }

  function hasHidden(row: number): boolean {
    for (let k = starts[row]!; k < starts[row + 1]!; k += 1) if (hidden[columns[k]!]) return true;
    return false;
  }
}

/** The published cell beside this one, in any of its equations, that costs least to hide. */
function cheapestNeighbour(system: Compiled, hidden: Uint8Array, cell: number): number | undefined {
  const { rowsOf, starts, columns, cells } = system;
  // Breadth first through hidden cells: a neighbour of a neighbour may be the one that is in the way.
  const seen = new Set([cell]);
  const queue = [cell];
  for (let head = 0; head < queue.length; head += 1) {
    let best: number | undefined;
    for (const row of rowsOf[queue[head]!]!) {
      for (let k = starts[row]!; k < starts[row + 1]!; k += 1) {
        const other = columns[k]!;
        if (seen.has(other)) continue;
        seen.add(other);
        if (hidden[other]) queue.push(other);
        else if (
          mayHide(system, other) &&
          (best === undefined || weightOf(cells[other]!) < weightOf(cells[best]!))
        )
          best = other;
      }
    }
    if (best !== undefined) return best;
  }
  return undefined;
}

/** Flows through the tables: changes of cells that leave every equation true. */
class Flows {
  readonly #system: Compiled;
  readonly #hidden: Uint8Array;
  readonly #solver: Solver;
  readonly #witnessed: Bounds;

  constructor(system: Compiled, hidden: Uint8Array, solver: Solver, witnessed: Bounds) {
    this.#system = system;
    this.#hidden = hidden;
    this.#solver = solver;
    this.#witnessed = witnessed;
  }

  /** Hides what a cell needs to vary as widely as asked: first down, then up by the rest. */
  protect(cell: number, width: number, hide: (cell: number) => void): void {
    const { low, high } = this.#witnessed;
    const value = this.#system.values[cell]!;
    const floor = this.#system.cells[cell]!.signed ? Number.NEGATIVE_INFINITY : 0;
    const down = Math.min(value - floor, width - (high[cell]! - value));
    if (down > value - low[cell]!) this.#send(cell, -down, hide);
    const up = width - (value - low[cell]!);
    if (up > high[cell]! - value) this.#send(cell, up, hide);
  }

  /**
   * Sends a change through the cheapest way: among near cells first, because ways are short; then farther, then with the
   * noughts, which are many and seldom needed.
   */
  #send(cell: number, change: number, hide: (cell: number) => void): void {
    const isLarge = this.#system.cells.length > LARGE;
    for (const reach of isLarge ? [NEAR, FAR, Number.POSITIVE_INFINITY] : [FAR, Number.POSITIVE_INFINITY]) {
      for (const noughts of [false, true]) {
        if (noughts && reach === NEAR) continue;
        const { cells, isAll } = this.#around(cell, reach, noughts);
        const flow = this.#cheapest(cells, cell, change);
        if (flow) {
          for (const one of flow.keys()) hide(one);
          this.#learn(flow);
          return;
        }
        if (isAll && noughts) return;
      }
    }
  }

  /**
   * The cells that may move: the largest of its parts, down to the smallest, and all totals above those, through which a
   * change can nearly always go; then the nearest in steps from equation to equation, at most `reach` of them.
   */
  #around(cell: number, reach: number, noughts: boolean): { cells: number[]; isAll: boolean } {
    const { rowsOf, starts, columns, values, cells } = this.#system;
    const found = [cell];
    const seen = new Set(found);
    const seenRows = new Set<number>();
    const mayMove = (one: number) =>
      this.#hidden[one] ? !cells[one]!.structural : mayHide(this.#system, one);
    for (let part: number | undefined = cell; part !== undefined;) {
      const row: number | undefined = rowsOf[part]!.find((one) => columns[starts[one]!] === part);
      if (row === undefined) break;
      const parts: readonly number[] = [...columns.subarray(starts[row]! + 1, starts[row + 1]!)];
      part = parts
        .filter((one) => !seen.has(one) && mayMove(one))
        .reduce<number | undefined>(
          (best, one) => (best === undefined || values[one]! > values[best]! ? one : best),
          undefined,
        );
      if (part !== undefined) {
        seen.add(part);
        found.push(part);
      }
    }
    for (let head = 0; head < found.length; head += 1) {
      for (const row of rowsOf[found[head]!]!) {
        const total = columns[starts[row]!]!;
        if (seen.has(total)) continue;
        seen.add(total);
        if (mayMove(total)) found.push(total);
      }
    }
    for (let head = 0; head < found.length; head += 1) {
      for (const row of rowsOf[found[head]!]!) {
        if (seenRows.has(row)) continue;
        seenRows.add(row);
        for (let k = starts[row]!; k < starts[row + 1]!; k += 1) {
          const other = columns[k]!;
          if (seen.has(other)) continue;
          seen.add(other);
          if (!mayMove(other) || (!noughts && !this.#hidden[other] && values[other] === 0)) continue;
          if (found.length >= reach) return { cells: found, isAll: false };
          found.push(other);
        }
      }
    }
    return { cells: found, isAll: true };
  }

  /** The flow of whole numbers that costs least, or null. */
  #cheapest(cells: readonly number[], cell: number, change: number): Map<number, number> | null {
    const { program, at } = openFlow(this.#system, this.#hidden, this.#solver, cells, cell);
    try {
      program.setBounds(2 * at, Math.max(change, 0), Math.max(change, 0));
      program.setBounds(2 * at + 1, Math.max(-change, 0), Math.max(-change, 0));
      let { outcome, values } = program.solve("minimise");
      if (outcome !== "optimal") return null;
      if (values.some((value) => Math.abs(value - Math.round(value)) > 1e-6)) {
        program.setWhole(true);
        ({ outcome, values } = program.solve("minimise"));
        if (values.length === 0) return null;
      }
      const flow = new Map<number, number>();
      for (const [index, one] of cells.entries()) {
        const moved = Math.round(values[2 * index]! - values[2 * index + 1]!);
        if (moved !== 0) flow.set(one, moved);
      }
      return flow;
    } finally {
      program.close();
    }
  }

  /** A flow leads from the truth to another table that agrees with all that is published; its reverse may, too. */
  #learn(flow: ReadonlyMap<number, number>): void {
    const { values, cells } = this.#system;
    const { low, high } = this.#witnessed;
    // How often the flow could be sent backwards before a count would be less than none.
    let back = MOST_UP;
    for (const [cell, moved] of flow) {
      if (moved > 0 && !cells[cell]!.signed) back = Math.min(back, Math.floor(values[cell]! / moved));
    }
    for (const [cell, moved] of flow) {
      for (const to of [values[cell]! + moved, values[cell]! - back * moved]) {
        low[cell] = Math.min(low[cell]!, to);
        high[cell] = Math.max(high[cell]!, to);
      }
    }
  }
}

/** Systems above this many cells are searched near each cell first. */
const LARGE = 9_000;
const NEAR = 250;
const FAR = 2_500;
/** Passing through what is hidden already is nearly free; but shorter ways are better. */
const SMALL_COST = 0.001;
/** A nought that is hidden costs as much as several figures: readers learn much from noughts. */
const COST_OF_A_NOUGHT = 8;
const MOST_UP = 1_000;

/** The program of flows through some cells, two columns each (up, down); all other cells stand still. */
function openFlow(
  system: Compiled,
  hidden: Uint8Array,
  solver: Solver,
  cells: readonly number[],
  cell: number,
): { program: OpenProgram; at: number } {
  const { values, starts, columns, coefficients, rowsOf } = system;
  const position = new Map(cells.map((one, at) => [one, at]));
  const upper = new Float64Array(2 * cells.length);
  const costs = new Float64Array(2 * cells.length);
  const rows = new Set<number>();
  for (const [at, one] of cells.entries()) {
    upper[2 * at] = MOST_UP;
    upper[2 * at + 1] = system.cells[one]!.signed ? MOST_UP : values[one]!;
    costs[2 * at] = costs[2 * at + 1] = hidden[one]
      ? SMALL_COST
      : values[one] === 0
        ? COST_OF_A_NOUGHT
        : weightOf(system.cells[one]!);
    for (const row of rowsOf[one]!) rows.add(row);
  }
  const rowStarts = [0];
  const rowColumns: number[] = [];
  const rowCoefficients: number[] = [];
  for (const row of rows) {
    for (let k = starts[row]!; k < starts[row + 1]!; k += 1) {
      const at = position.get(columns[k]!);
      if (at === undefined) continue;
      rowColumns.push(2 * at, 2 * at + 1);
      rowCoefficients.push(coefficients[k]!, -coefficients[k]!);
    }
    rowStarts.push(rowColumns.length);
  }
  const program = solver.open({
    lower: new Float64Array(2 * cells.length),
    upper,
    starts: Int32Array.from(rowStarts),
    columns: Int32Array.from(rowColumns),
    coefficients: Float64Array.from(rowCoefficients),
    rowLower: new Float64Array(rows.size),
    rowUpper: new Float64Array(rows.size),
    costs,
    // Any flow of whole numbers will do.
    gap: 1,
  });
  return { program, at: position.get(cell)! };
}

/** Tries to show complementary cells again, dearest first: an early choice may have become needless. */
function showAgain(
  system: Compiled,
  result: Suppression,
  width: Float64Array,
  { solver, attempts = 0 }: SuppressionOptions,
): Suppression {
  const candidates = [...result.reasons]
    .filter(([, reason]) => reason === "complement")
    .map(([cell]) => cell)
    .sort((a, b) => weightOf(system.cells[b]!) - weightOf(system.cells[a]!))
    .slice(0, attempts);
  let { witnessed } = result;
  const given = new Set(result.unprotected);
  for (const cell of candidates) {
    result.hidden[cell] = 0;
    const tried: Bounds = { low: system.values.slice(), high: system.values.slice() };
    attack(system, result.hidden, { solver, enough: width, witnessed: tried });
    const holds = system.cells.every(
      (_, at) => !result.hidden[at] || given.has(at) || tried.high[at]! - tried.low[at]! >= width[at]!,
    );
    if (holds) {
      result.reasons.delete(cell);
      witnessed = tried;
    } else result.hidden[cell] = 1;
  }
  return { ...result, witnessed };
}
