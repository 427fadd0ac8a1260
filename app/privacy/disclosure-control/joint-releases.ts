/**
 * Old and new releases together: what somebody learns who keeps them all.
 *
 * A count that did not change between two releases is one cell of the joint system, so a later release can neither give away what
 * an earlier one hid nor be narrowed by what it showed. A count that changed (a late or corrected case) is one cell for each of
 * its values, and the change between them is a cell of its own: a change from 1 to threshold − 1 may not be computed,
 * because it tells that somebody was added or taken away (Hundepool et al. 2012, ch. 5.7: differencing between
 * releases). The attacker is assumed to know which counts changed, which is more than he can know.
 *
 * What is published cannot be taken back: cells of earlier releases keep their state, the new release must yield. Pure.
 */
import type { Cell, Equation, TableSystem } from "./table-system.ts";

/** A release as it went out, with the true counts that its publisher kept under seal. */
export interface EarlierRelease {
  /** Later releases have higher numbers. */
  number: number;
  system: TableSystem;
  /** The cells that it did not show. */
  hidden: ReadonlySet<string>;
}

export interface JointSystem {
  system: TableSystem;
  /** The id in the joint system of a cell of a release. The new one has the number given to `joinReleases`. */
  idOf(release: number, cell: string): string;
}

/**
 * The system of all releases, the earlier ones settled.
 * @param earlier in any order.
 * @param next the release to be protected, and its number, higher than all others.
 */
export function joinReleases(
  earlier: readonly EarlierRelease[],
  next: { number: number; system: TableSystem },
): JointSystem {
  const releases = [...earlier, { ...next, hidden: undefined }].sort((a, b) => a.number - b.number);
  const cells = new Map<string, Cell>();
  const equations = new Map<string, Equation>();
  const versions = new Map<string, { value: number; id: string; cell: Cell }[]>();
  const ids = new Map<number, Map<string, string>>();
  for (const { number, system, hidden } of releases) {
    const own = new Map<string, string>();
    ids.set(number, own);
    for (const cell of system.cells) {
      const known = versions.get(cell.id) ?? [];
      let version = known.find(({ value }) => value === cell.value);
      if (!version) {
        version = { value: cell.value, id: known.length === 0 ? cell.id : `${cell.id}@${number}`, cell };
        versions.set(cell.id, [...known, version]);
        const last = known.at(-1);
        if (last) {
          const change = cellChange(last, version);
          cells.set(change.cell.id, change.cell);
          equations.set(change.cell.id, change.equation);
        }
      }
      own.set(cell.id, version.id);
      const before = cells.get(version.id);
      const { latent, ...rest } = cell;
      const state = hidden === undefined || latent ? undefined : hidden.has(cell.id) ? "hidden" : "published";
      // Published once is published for good.
      const settled = before?.before === "published" ? "published" : (state ?? before?.before);
      cells.set(version.id, {
        ...rest,
        id: version.id,
        // What any release shows is no latent cell, however many others do not show it.
        ...(latent && (before === undefined || before.latent) ? { latent } : {}),
        ...(settled ? { before: settled } : {}),
      });
    }
    for (const { parts, total, attribute } of system.equations) {
      const equation = {
        total: own.get(total)!,
        parts: parts.map((part) => own.get(part)!),
        ...(attribute ? { attribute } : {}),
      };
      equations.set(`${equation.total}=${equation.parts.join("+")}`, equation);
    }
  }
  return {
    system: { cells: [...cells.values()], equations: [...equations.values()] },
    idOf: (release, cell) => ids.get(release)?.get(cell) ?? cell,
  };
}

/** The change of a count from one of its values to the next, as a cell that is protected like any other. */
function cellChange(
  from: { id: string; value: number; cell: Cell },
  to: { id: string; value: number; cell: Cell },
): { cell: Cell; equation: Equation } {
  const id = `${from.id}→${to.id}`;
  return {
    cell: {
      id,
      value: to.value - from.value,
      threshold: Math.max(from.cell.threshold ?? 0, to.cell.threshold ?? 0),
      width: Math.max(from.cell.width, to.cell.width),
      latent: true,
      signed: true,
    },
    equation: { total: to.id, parts: [from.id, id] },
  };
}
