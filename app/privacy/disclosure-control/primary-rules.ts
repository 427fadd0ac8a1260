/**
 * Which counts must not be published for their own sake.
 *
 * Frequency rule: a count from 1 to threshold − 1 is hidden (Hundepool et al. 2012, ch. 4.3.3; thresholds are chosen per
 * kind of case). Noughts are published: nobody stands behind one, and in tables of rare events hiding them would hide
 * everything. The exception is group disclosure (ibid., "attribute disclosure"; ch. 5.2.1): where all people of a published
 * group fall into one category whose name tells something about each of them, the category and one of its noughts are
 * hidden, so that the group is no longer known to be all of one kind. Noughts that cannot be otherwise (structural ones) protect
 * nothing and are never hidden. Pure.
 */
import type { Compiled } from "./table-system.ts";

export type Reason = "small" | "group" | "complement" | "earlier";

/** Whether the frequency rule forbids to publish this count. */
export function isSmall(value: number, threshold: number | undefined): boolean {
  return threshold !== undefined && Math.abs(value) > 0 && Math.abs(value) < threshold;
}

/** The cells that may not be published, each with the rule that says so; by index of the system. */
export function primaryCells(system: Compiled): Map<number, Exclude<Reason, "complement" | "earlier">> {
  const found = new Map<number, "small" | "group">();
  const { cells, values, starts, columns } = system;
  for (const [at, cell] of cells.entries()) {
    if (!cell.latent && isSmall(values[at]!, cell.threshold)) found.set(at, "small");
  }
  for (const [row, isAttribute] of system.attributes.entries()) {
    if (!isAttribute) continue;
    const total = columns[starts[row]!]!;
    const parts = [...columns.subarray(starts[row]! + 1, starts[row + 1]!)];
    const all = parts.find((part) => values[part] === values[total]);
    if (values[total] === 0 || parts.length < 2 || all === undefined) continue;
    if (!cells[all]!.revealing || cells[all]!.latent) continue;
    if (!found.has(all)) found.set(all, "group");
    const doubt = parts.find((part) => {
      const cell = cells[part]!;
      return part !== all && !cell.structural && !cell.latent && cell.before !== "published";
    });
    if (doubt !== undefined && !found.has(doubt)) found.set(doubt, "group");
  }
  return found;
}
