/**
 * The least that must be hidden, for small systems: the cutting-plane method of Fischetti & Salazar-González, "Solving the cell
 * suppression problem on tabular data with linear constraints", Management Science 47 (2001), 1008–1027.
 *
 * A master program chooses cells (one yes or no a cell, least weight). The attacker tries the choice; each cell that it
 * can narrow gives, by the duals of the attacker's two linear programs, one inequality that every good choice obeys:
 * the sum over the hidden cells of how much each loosens the interval must reach the width ("capacity constraint",
 * here for sliding protection: the interval has a width, not a place). The inequality joins the master program, and so on until
 * the attacker finds nothing. Pure.
 */
import { attack, type Bounds } from "./attack.ts";
import { primaryCells, type Reason } from "./primary-rules.ts";
import type { OpenProgram, Solver } from "./solver.ts";
import { mayHide, requiredWidths, suppress, weightOf, type Suppression } from "./suppression.ts";
import type { Compiled } from "./table-system.ts";

/** Up to this many cells that may be hidden the exact search takes seconds at most. */
export const EXACT_UP_TO = 160;

export interface ExactOptions {
  solver: Solver;
  /** How many rounds of cuts are made before it gives up. */
  rounds?: number;
  onProgress?: (round: number, exposed: number) => void;
}

/**
 * Chooses the cells whose hiding costs least in all.
 * @returns null when the search gave up or whole numbers narrow what fractions do not: then `suppress` is the way.
 */
export function suppressExactly(
  system: Compiled,
  { solver, rounds = 120, onProgress }: ExactOptions,
): Suppression | null {
  const { cells, values } = system;
  const size = cells.length;
  const width = requiredWidths(system);
  const reasons = new Map<number, Reason>();
  for (const [at, cell] of cells.entries()) if (cell.before === "hidden") reasons.set(at, "earlier");
  for (const [at, reason] of primaryCells(system))
    if (cells[at]!.before !== "published") reasons.set(at, reason);

  const columns = [...cells.keys()].filter((cell) => reasons.has(cell) || mayHide(system, cell));
  const position = new Map(columns.map((cell, at) => [cell, at]));
  const master = solver.open({
    lower: Float64Array.from(columns, (cell) => (reasons.has(cell) ? 1 : 0)),
    upper: new Float64Array(columns.length).fill(1),
    // A program without rows is none to the solver: one that always holds.
    starts: Int32Array.from([0, columns.length]),
    columns: Int32Array.from(columns.keys()),
    coefficients: new Float64Array(columns.length).fill(1),
    rowLower: Float64Array.of(0),
    rowUpper: Float64Array.of(columns.length),
    costs: Float64Array.from(columns, (cell) => weightOf(cells[cell]!)),
    whole: true,
  });
  const attacker = openAttacker(system, solver);
  const hidden = new Uint8Array(size);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const { outcome, values: chosen } = master.solve("minimise");
      if (outcome !== "optimal") return null;
      for (const [cell, { latent }] of cells.entries()) {
        const at = position.get(cell);
        const hide = latent || (at !== undefined && chosen[at]! > 0.5);
        if (hide !== (hidden[cell] === 1)) attacker.show(cell, !hide);
        hidden[cell] = hide ? 1 : 0;
      }
      let exposed = 0;
      for (let cell = 0; cell < size; cell += 1) {
        if (!hidden[cell] || width[cell] === 0) continue;
        const { reach, loosening } = attacker.narrow(cell);
        if (reach >= width[cell]! - 1e-6) continue;
        exposed += 1;
        // What the cell itself and the latent cells bring is there whatever is chosen.
        let needed = width[cell]!;
        const cut = new Map<number, number>();
        for (const [other, gain] of loosening) {
          if (other === cell || cells[other]!.latent) needed -= gain;
          else if (position.has(other)) cut.set(position.get(other)!, gain);
        }
        const entries = [...cut].map(([at, gain]) => [at, Math.min(gain, needed)] as const);
        const own = position.get(cell);
        if (own !== undefined && !reasons.has(cell)) entries.push([own, -needed]);
        master.addRow(
          own !== undefined && !reasons.has(cell) ? 0 : needed,
          Number.POSITIVE_INFINITY,
          Int32Array.from(entries, ([at]) => at),
          Float64Array.from(entries, ([, gain]) => gain),
        );
      }
      onProgress?.(round, exposed);
      if (exposed === 0) return finish(round);
    }
    return null;
  } finally {
    master.close();
    attacker.close();
  }

  function finish(round: number): Suppression | null {
    const witnessed: Bounds = { low: values.slice(), high: values.slice() };
    attack(system, hidden, { solver, enough: width, witnessed });
    for (let cell = 0; cell < size; cell += 1) {
      if (hidden[cell] && witnessed.high[cell]! - witnessed.low[cell]! < width[cell]!) return null;
      if (hidden[cell] && !cells[cell]!.latent && !reasons.has(cell)) reasons.set(cell, "complement");
    }
    return { hidden, reasons, witnessed, unprotected: [], rounds: round };
  }
}

/** The exact choice for small systems, the quick one for the others. */
export function suppressBest(
  system: Compiled,
  options: ExactOptions & { attempts?: number },
): Suppression & { exact: boolean } {
  const open = system.cells.filter((_, cell) => mayHide(system, cell)).length;
  const exact = open <= EXACT_UP_TO ? suppressExactly(system, options) : null;
  return exact ? { ...exact, exact: true } : { ...suppress(system, options), exact: false };
}

/** Far above any width, so that it limits nothing, and small enough for the arithmetic. */
const ROOM = 10_000;

function openAttacker(system: Compiled, solver: Solver) {
  const { cells, values, starts, columns, coefficients } = system;
  const room = (cell: number) => {
    const { signed, structural } = cells[cell]!;
    return { up: structural ? 0 : ROOM, down: structural ? 0 : signed ? ROOM : values[cell]! };
  };
  const zeros = new Float64Array(starts.length - 1);
  const program: OpenProgram = solver.open({
    lower: values.slice(),
    upper: values.slice(),
    starts,
    columns,
    coefficients,
    rowLower: zeros,
    rowUpper: zeros,
  });
  return {
    show(cell: number, shown: boolean) {
      const { up, down } = room(cell);
      if (shown) program.setBounds(cell, values[cell]!, values[cell]!);
      else program.setBounds(cell, values[cell]! - down, values[cell]! + up);
    },
    /** How wide the interval is, and how much each cell would loosen it if it were hidden. */
    narrow(cell: number): { reach: number; loosening: Map<number, number> } {
      const loosening = new Map<number, number>();
      let reach = 0;
      program.setCost(cell, 1);
      for (const sense of ["maximise", "minimise"] as const) {
        const { objective, reducedCosts } = program.solve(sense);
        const sign = sense === "maximise" ? 1 : -1;
        reach += sign * objective;
        for (const [other, cost] of reducedCosts.entries()) {
          if (Math.abs(cost) < 1e-9) continue;
          const { up, down } = room(other);
          const gain = cost * sign > 0 ? Math.abs(cost) * up : Math.abs(cost) * down;
          if (gain > 0) loosening.set(other, (loosening.get(other) ?? 0) + gain);
        }
      }
      program.setCost(cell, 0);
      return { reach, loosening };
    },
    close: () => program.close(),
  };
}
