/**
 * How many others a described case could be, and which detail to coarsen when they are too few. Pure.
 *
 * k-anonymity: a released record is protected when at least k records share all its quasi-identifiers (L. Sweeney,
 * "k-anonymity: a model for protecting privacy", Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), 2002,
 * 557–570). l-diversity: those k must not all share the sensitive value, or whoever knows that somebody is among them
 * knows the rest as well (A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam, "l-diversity: privacy beyond
 * k-anonymity", ACM TKDD 1(1), 2007, art. 3; here in its distinct form). Coarsenings are looked for in the lattice of
 * generalisations (P. Samarati, "Protecting respondents' identities in microdata release", IEEE TKDE 13(6), 2001,
 * 1010–1027): all that suffice and of which no finer one does.
 *
 * What this does not promise: a text may tell more than its fields, and distinct values may be unevenly frequent. Both
 * are for the person who signs.
 */

/** A quasi-identifier and how it is coarsened, step by step: quarter, year, any time. */
export interface Hierarchy {
  field: string;
  /** Names of the levels, finest first. */
  levels: readonly string[];
  /** The value one level coarser; `level` is that of the value given. */
  coarser(value: string, level: number): string;
}

/** How many records share these values, each field at its finest level. */
export interface Line {
  values: Readonly<Record<string, string>>;
  /** What must not become known of who is among them. */
  sensitive: Readonly<Record<string, string>>;
  count: number;
}

/** A description as it would be published: each field's value at a level of its hierarchy. */
export type Description = Readonly<Record<string, { value: string; level: number }>>;

export interface Demand {
  /** At least so many records must fit the description. */
  k: number;
  /** Among them at least so many different values of each sensitive field. */
  l: number;
}

export interface ClassSize {
  /** Records that fit the description. */
  size: number;
  /** Different values of each sensitive field among them. */
  diversity: Readonly<Record<string, number>>;
  /** Whether both demands are met. */
  isProtected: boolean;
}

/** A way to protect a description: the fields to coarsen, to which level, and what that gives. */
export interface Coarsening extends ClassSize {
  steps: readonly { field: string; level: number; levelName: string; value: string }[];
}

export interface AnonymityCheck extends ClassSize {
  /** The least coarsenings that suffice, fewest steps first; empty when it is protected already, or nothing helps. */
  coarsenings: readonly Coarsening[];
}

/**
 * Checks a description against the records it was made from or could be mistaken for.
 *
 * `lines` count the records by all fields of `hierarchies`; those that lack one fit nothing. Throws a RangeError when the
 * description lacks a field or names a level that its hierarchy has not, or when k or l is below 1.
 */
export function checkAnonymity(
  lines: readonly Line[],
  description: Description,
  hierarchies: readonly Hierarchy[],
  demand: Demand,
): AnonymityCheck {
  if (!(demand.k >= 1) || !(demand.l >= 1)) throw new RangeError("k and l are at least 1");
  const base = hierarchies.map(({ field, levels }) => {
    const given = description[field];
    if (!given || !Number.isInteger(given.level) || given.level < 0 || given.level >= levels.length)
      throw new RangeError(`the description has no ${field} at a known level`);
    return given;
  });
  const sensitiveFields = [...new Set(lines.flatMap(({ sensitive }) => Object.keys(sensitive)))].sort();
  const measure = (node: readonly number[]): ClassSize =>
    classOf(lines, valuesAt(base, node, hierarchies), node, hierarchies, sensitiveFields, demand);

  const own = base.map(({ level }) => level);
  const found = measure(own);
  if (found.isProtected) return { ...found, coarsenings: [] };

  const enough: { node: number[]; measured: ClassSize }[] = [];
  for (const node of nodesAbove(own, hierarchies)) {
    if (enough.some((finer) => finer.node.every((level, index) => level <= node[index]!))) continue;
    const measured = measure(node);
    if (measured.isProtected) enough.push({ node, measured });
  }
  return {
    ...found,
    coarsenings: enough.map(({ node, measured }) => ({
      ...measured,
      steps: hierarchies.flatMap(({ field, levels }, index) =>
        node[index] === own[index]
          ? []
          : [
              {
                field,
                level: node[index]!,
                levelName: levels[node[index]!]!,
                value: valuesAt(base, node, hierarchies)[index]!,
              },
            ],
      ),
    })),
  };
}

/** Every combination of levels at least as coarse as `own`, `own` itself left out, fewest steps first. */
function nodesAbove(own: readonly number[], hierarchies: readonly Hierarchy[]): number[][] {
  let nodes: number[][] = [[]];
  for (const [index, { levels }] of hierarchies.entries()) {
    nodes = nodes.flatMap((node) =>
      Array.from({ length: levels.length - own[index]! }, (_, step) => [...node, own[index]! + step]),
    );
  }
  const steps = (node: readonly number[]) => node.reduce((sum, level, index) => sum + level - own[index]!, 0);
  return nodes.filter((node) => steps(node) > 0).sort((a, b) => steps(a) - steps(b));
}

/** The described values, each brought from its own level to that of the node. */
function valuesAt(
  base: readonly { value: string; level: number }[],
  node: readonly number[],
  hierarchies: readonly Hierarchy[],
): string[] {
  return base.map(({ value, level }, index) => lifted(hierarchies[index]!, value, level, node[index]!));
}

function lifted(hierarchy: Hierarchy, value: string, from: number, to: number): string {
  let coarse = value;
  for (let level = from; level < to; level += 1) coarse = hierarchy.coarser(coarse, level);
  return coarse;
}

function classOf(
  lines: readonly Line[],
  wanted: readonly string[],
  node: readonly number[],
  hierarchies: readonly Hierarchy[],
  sensitiveFields: readonly string[],
  { k, l }: Demand,
): ClassSize {
  let size = 0;
  const seen = new Map(sensitiveFields.map((field) => [field, new Set<string>()]));
  for (const { values, sensitive, count } of lines) {
    if (!(count > 0)) continue;
    const fits = hierarchies.every((hierarchy, index) => {
      const exact = values[hierarchy.field];
      return exact !== undefined && lifted(hierarchy, exact, 0, node[index]!) === wanted[index];
    });
    if (!fits) continue;
    size += count;
    for (const [field, different] of seen) {
      const value = sensitive[field];
      if (value !== undefined) different.add(value);
    }
  }
  const diversity = Object.fromEntries([...seen].map(([field, different]) => [field, different.size]));
  return {
    size,
    diversity,
    isProtected: size >= k && Object.values(diversity).every((different) => different >= l),
  };
}
