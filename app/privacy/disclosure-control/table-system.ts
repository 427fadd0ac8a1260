/**
 * Tables as disclosure control sees them: cells that add up to other cells, over every table and hierarchy at once.
 *
 * A cell that two tables show is one cell here, because an attacker reads both. What no table shows, but every
 * attacker knows to exist (the inside of a cube of which only the sides are published), is a latent cell.
 * Source: Hundepool et al., Statistical Disclosure Control (Wiley, 2012), ch. 4.2 (linked and hierarchical tables).
 * Pure.
 */

/** One count, or one amount that counts depend on. */
export interface Cell {
  id: string;
  /** The true count: a whole number, not negative unless the cell is signed. */
  value: number;
  /** A count from 1 to `threshold` − 1 may not be published. Absent or 0: nothing about the cell itself is small. */
  threshold?: number;
  /** How wide the interval that an attacker can compute must be while the cell is hidden. */
  width: number;
  /** What hiding it costs the reader; without it, more for larger counts. */
  weight?: number;
  /** A nought that everybody knows must be one, so that it is no news and protects nothing. */
  structural?: boolean;
  /** Never shown in any table. It varies freely for the attacker; its own width is held only if its count is small. */
  latent?: boolean;
  /** May be negative: a change between two releases. */
  signed?: boolean;
  /** What an earlier release did with this very count: a published one stays published, a hidden one hidden. */
  before?: "published" | "hidden";
  /** To be known of everybody in its group would tell something about each of them (all who were helped were arrested). */
  revealing?: boolean;
}

/** `total` is the sum of `parts`. */
export interface Equation {
  total: string;
  parts: readonly string[];
  /** Whether the parts say what the people in the total were (their type), so that one part that is all of it tells about each. */
  attribute?: boolean;
}

export interface TableSystem {
  cells: readonly Cell[];
  equations: readonly Equation[];
}

/** A table system with numbers instead of names: sparse rows, one an equation (total +1, parts −1). */
export interface Compiled {
  cells: readonly Cell[];
  index: ReadonlyMap<string, number>;
  values: Float64Array;
  /** Row r has the columns `columns[starts[r] … starts[r + 1])`. The first of a row is its total. */
  starts: Int32Array;
  columns: Int32Array;
  coefficients: Float64Array;
  /** Which rows say what the people in their total were. */
  attributes: readonly boolean[];
  /** The rows that a cell stands in. */
  rowsOf: readonly (readonly number[])[];
}

/** The figures do not add up, or a name stands for nothing or for two things. */
export class TableSystemError extends Error {}

/**
 * Numbers the cells and equations. An equation with one part only says that two cells are the same; it is kept.
 * @throws TableSystemError if ids repeat, an equation names an unknown cell, or true counts do not add up.
 */
export function compile({ cells, equations }: TableSystem): Compiled {
  const index = new Map<string, number>();
  for (const [at, cell] of cells.entries()) {
    if (index.has(cell.id)) throw new TableSystemError(`two cells are called ${cell.id}`);
    if (!Number.isInteger(cell.value) || (cell.value < 0 && !cell.signed))
      throw new TableSystemError(`${cell.id} is no count: ${cell.value}`);
    index.set(cell.id, at);
  }
  const values = Float64Array.from(cells, ({ value }) => value);
  const rowsOf: number[][] = cells.map(() => []);
  const starts = new Int32Array(equations.length + 1);
  const columns: number[] = [];
  const coefficients: number[] = [];
  const find = (id: string) => {
    const at = index.get(id);
    if (at === undefined) throw new TableSystemError(`an equation names ${id}, which is no cell`);
    return at;
  };
  for (const [row, { total, parts }] of equations.entries()) {
    const sum = find(total);
    columns.push(sum);
    coefficients.push(1);
    rowsOf[sum]!.push(row);
    let rest = values[sum]!;
    const seen = new Set([sum]);
    for (const part of parts) {
      const at = find(part);
      if (seen.has(at)) throw new TableSystemError(`${part} stands twice in the equation of ${total}`);
      seen.add(at);
      columns.push(at);
      coefficients.push(-1);
      rowsOf[at]!.push(row);
      rest -= values[at]!;
    }
    if (rest !== 0) throw new TableSystemError(`the parts of ${total} are ${-rest} too many`);
    starts[row + 1] = columns.length;
  }
  return {
    cells,
    index,
    values,
    starts,
    columns: Int32Array.from(columns),
    coefficients: Float64Array.from(coefficients),
    attributes: equations.map(({ attribute }) => attribute ?? false),
    rowsOf,
  };
}

/** A dimension as a tree of codes. The first code is the root: the total over the dimension. */
export interface Dimension {
  name: string;
  /** From a code to the codes it is made of; a code without an entry is made of nothing smaller. */
  children: ReadonlyMap<string, readonly string[]>;
  root: string;
  /** Whether belonging to one of its codes says something about a person (type of case), not only where to look. */
  attribute?: boolean;
}

/** One table: for each dimension the codes that it shows. A dimension that is left out stands at its root. */
export type TableShape = Readonly<Record<string, readonly string[]>>;

/** The id of a cell: the codes in the order of the dimensions. Codes have no `|`. */
export function cellId(codes: readonly string[]): string {
  return codes.join("|");
}

/**
 * The cells and equations of several tables over the same dimensions. A total is set beside its parts wherever a
 * table shows all of them; cells of the same codes are one cell.
 *
 * @param describe gives the cell of a combination of codes, in the order of the dimensions; called once for each.
 */
export function linkedTables(
  dimensions: readonly Dimension[],
  tables: readonly TableShape[],
  describe: (codes: readonly string[]) => Omit<Cell, "id">,
): TableSystem {
  const cells = new Map<string, Cell>();
  const equations = new Map<string, Equation>();
  for (const table of tables) {
    const shown = dimensions.map(({ name, root }) => table[name] ?? [root]);
    for (const codes of combinations(shown)) {
      const id = cellId(codes);
      const known = cells.get(id);
      if (!known) cells.set(id, { id, ...describe(codes) });
    }
    for (const [at, dimension] of dimensions.entries()) {
      const inTable = new Set(shown[at]);
      for (const code of shown[at]!) {
        const parts = dimension.children.get(code);
        if (!parts || parts.length === 0 || !parts.every((part) => inTable.has(part))) continue;
        for (const codes of combinations(shown.with(at, [code]))) {
          const total = cellId(codes);
          const ids = parts.map((part) => cellId(codes.with(at, part)));
          equations.set(`${total}=${dimension.name}:${ids.join("+")}`, {
            total,
            parts: ids,
            ...(dimension.attribute ? { attribute: true } : {}),
          });
        }
      }
    }
  }
  return { cells: [...cells.values()], equations: [...equations.values()] };
}

/** Every combination that takes one of each list, the last list running fastest. */
export function* combinations(lists: readonly (readonly string[])[]): Generator<string[]> {
  const at = lists.map(() => 0);
  if (lists.some(({ length }) => length === 0)) return;
  for (;;) {
    yield lists.map((list, which) => list[at[which]!]!);
    let which = lists.length - 1;
    while (which >= 0 && ++at[which]! === lists[which]!.length) at[which--] = 0;
    if (which < 0) return;
  }
}
