import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { attack, Contradiction, intervals } from "./attack.ts";
import { roundedLimits, roundTables } from "./controlled-rounding.ts";
import { suppressBest, suppressExactly } from "./exact-suppression.ts";
import { joinReleases } from "./joint-releases.ts";
import { primaryCells } from "./primary-rules.ts";
import { loadSolver, type Solver } from "./solver.ts";
import { requiredWidths, suppress, weightOf } from "./suppression.ts";
import {
  combinations,
  compile,
  linkedTables,
  TableSystemError,
  type Cell,
  type Compiled,
  type Dimension,
  type Equation,
  type TableSystem,
} from "./table-system.ts";

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

/** A table by its inside, rows of equal length; margins are called `tot`. */
function table(
  rows: Record<string, readonly number[]>,
  columns: readonly string[],
  describeCell: (id: string, value: number) => Partial<Cell> = () => ({}),
): TableSystem {
  const cells = new Map<string, number>();
  const add = (id: string, value: number) => cells.set(id, (cells.get(id) ?? 0) + value);
  for (const [row, values] of Object.entries(rows)) {
    for (const [at, column] of columns.entries()) {
      for (const id of [`${row}|${column}`, `${row}|tot`, `tot|${column}`, "tot|tot"]) add(id, values[at]!);
    }
  }
  const equations: Equation[] = [...Object.keys(rows), "tot"].map((row) => ({
    total: `${row}|tot`,
    parts: columns.map((column) => `${row}|${column}`),
  }));
  for (const column of [...columns, "tot"])
    equations.push({ total: `tot|${column}`, parts: Object.keys(rows).map((row) => `${row}|${column}`) });
  return {
    cells: [...cells].map(([id, value]) => ({ id, value, width: 5, ...describeCell(id, value) })),
    equations,
  };
}

function mask(system: Compiled, hidden: readonly string[]): Uint8Array {
  return Uint8Array.from(system.cells, ({ id }) => (hidden.includes(id) ? 1 : 0));
}

function found(system: Compiled, hidden: Uint8Array): Record<string, [number, number]> {
  return Object.fromEntries(
    intervals(system, hidden, { solver }).map(({ id, low, high }) => [id, [low, high]]),
  );
}

/** The hidden cells that an attacker who knows nothing but what is published narrows too much. */
function narrow(system: Compiled, hidden: Uint8Array): string[] {
  // The attacker is given noughts for whatever is hidden, to be sure that he looks at nothing.
  const blind: Compiled = { ...system, values: system.values.map((value, at) => (hidden[at] ? 0 : value)) };
  const { low, high } = attack(blind, hidden, { solver });
  const width = requiredWidths(system);
  return system.cells.flatMap(({ id }, at) => (hidden[at] && high[at]! - low[at]! < width[at]! ? [id] : []));
}

const namesOf = (system: Compiled, hidden: Uint8Array) =>
  system.cells.flatMap(({ id }, at) => (hidden[at] ? [id] : []));

describe("the attacker", () => {
  // sdcTools/sdcTable, tests/testthat/test-simpleheuristic.R: every line hides two cells, and one is still exactly 47.
  const fourByFour = table(
    { w: [30, 47, 64, 89], x: [90, 124, 5, 31], y: [92, 100, 59, 85], z: [800, 991, 651, 685] },
    ["a", "b", "c", "d"],
  );
  const inLines = ["w|a", "w|b", "w|c", "x|a", "x|c", "y|b", "y|d", "z|b", "z|d"];

  test("finds the 47 of a table in which every line hides two cells", () => {
    const system = compile(fourByFour);
    expect(found(system, mask(system, inLines))).toEqual({
      "w|a": [25, 94], "w|b": [47, 47], "w|c": [0, 69], "x|a": [26, 95], "x|c": [0, 69],
      "y|b": [0, 185], "y|d": [0, 185], "z|b": [906, 1091], "z|d": [585, 770],
    }); // prettier-ignore
  });

  test("is left with 0 to 78 by one more cell", () => {
    const system = compile(fourByFour);
    expect(found(system, mask(system, [...inLines, "x|d"]))).toEqual({
      "w|a": [0, 120], "w|b": [0, 78], "w|c": [0, 69], "x|a": [0, 120], "x|c": [0, 69], "x|d": [0, 78],
      "y|b": [0, 185], "y|d": [0, 185], "z|b": [875, 1138], "z|d": [538, 801],
    }); // prettier-ignore
  });

  test("and the protector mends that table with one cell of the same row or column", () => {
    const hiddenBefore = new Set(inLines);
    const system = compile({
      ...fourByFour,
      cells: fourByFour.cells.map((cell) =>
        hiddenBefore.has(cell.id) ? { ...cell, before: "hidden" } : cell,
      ),
    });
    const exact = suppressExactly(system, { solver })!;
    const added = namesOf(system, exact.hidden).filter((id) => !hiddenBefore.has(id));
    // The seven cells that mend it alone, by the published recomputation.
    expect(["w|d", "x|b", "x|d", "y|a", "y|c", "z|a", "z|c"]).toEqual(expect.arrayContaining(added));
    expect(added).toHaveLength(1);
    expect(narrow(system, exact.hidden)).toEqual([]);
    const quick = suppress(system, { solver, attempts: 20 });
    expect(narrow(system, quick.hidden)).toEqual([]);
  });

  test("knows that two small cells in one row are no cover for one another", () => {
    const system = compile(
      table({ "2025-01": [30, 1, 1], "2025-02": [28, 9, 14], "2025-03": [33, 12, 10] }, ["ea", "eu", "oc"]),
    );
    expect(found(system, mask(system, ["2025-01|eu", "2025-01|oc"]))).toEqual({
      "2025-01|eu": [1, 1],
      "2025-01|oc": [1, 1],
    });
    expect(
      found(system, mask(system, ["2025-01|eu", "2025-01|oc", "2025-02|eu", "2025-02|oc"])),
    ).toMatchObject({
      "2025-01|eu": [0, 2],
      "2025-01|oc": [0, 2],
    });
  });

  test("finds what a year to date gives away", () => {
    const system = compile({
      cells: [
        { id: "jan", value: 12, width: 5 }, { id: "feb", value: 9, width: 5 }, { id: "mar", value: 2, width: 5 },
        { id: "to-feb", value: 21, width: 5 }, { id: "to-mar", value: 23, width: 5 },
      ],
      equations: [{ total: "to-feb", parts: ["jan", "feb"] }, { total: "to-mar", parts: ["to-feb", "mar"] }],
    }); // prettier-ignore
    expect(found(system, mask(system, ["mar"]))).toEqual({ mar: [2, 2] });
  });

  test("uses noughts: two cells that must add to nought are both nought", () => {
    const system = compile(table({ young: [0, 0, 5], old: [3, 4, 6] }, ["is", "pt", "es"]));
    expect(found(system, mask(system, ["young|is", "young|pt", "old|is", "old|pt"]))).toMatchObject({
      "young|is": [0, 0],
      "young|pt": [0, 0],
    });
  });

  test("says when nothing bounds a cell, and when the figures contradict each other", () => {
    const system = compile({
      cells: [{ id: "sum", value: 3, width: 5 }, { id: "a", value: 1, width: 5 }, { id: "b", value: 2, width: 5 }],
      equations: [{ total: "sum", parts: ["a", "b"] }],
    }); // prettier-ignore
    expect(found(system, mask(system, ["sum", "a", "b"]))).toEqual({
      sum: [0, Number.POSITIVE_INFINITY], a: [0, Number.POSITIVE_INFINITY], b: [0, Number.POSITIVE_INFINITY],
    }); // prettier-ignore
    const wrong = { ...system, values: Float64Array.of(3, 4, 0) };
    expect(() => attack(wrong, Uint8Array.of(0, 0, 1), { solver })).toThrow(Contradiction);
  });

  test("agrees with trying every table, also where fractions and whole numbers differ", () => {
    const cube = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(cube, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (inside, hide) => {
        const system = compile(smallCube(inside));
        const hidden = Uint8Array.from(system.cells, ({ id }) => {
          const at = insideIds.indexOf(id);
          return at >= 0 && hide[at] ? 1 : 0;
        });
        const expected: Record<string, [number, number]> = {};
        for (const values of everyTable(system, hidden)) {
          for (const [at, cell] of system.cells.entries()) {
            if (!hidden[at]) continue;
            const [low, high] = (expected[cell.id] ??= [values[at]!, values[at]!]);
            expected[cell.id] = [Math.min(low, values[at]!), Math.max(high, values[at]!)];
          }
        }
        expect(found(system, hidden)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

const two = ["0", "1"];
const insideIds = [...combinations([two, two, two])].map((codes) => codes.join("|"));

/** 2 × 2 × 2 with all its margins. */
function smallCube(inside: readonly number[]): TableSystem {
  const dimensions: Dimension[] = ["x", "y", "z"].map((name) => ({
    name,
    root: "+",
    children: new Map([["+", two]]),
  }));
  const all = ["+", ...two];
  return linkedTables(dimensions, [{ x: all, y: all, z: all }], (codes) => ({
    width: 2,
    threshold: 2,
    value: insideIds.reduce(
      (sum, id, at) =>
        id.split("|").every((code, dim) => codes[dim] === "+" || codes[dim] === code)
          ? sum + inside[at]!
          : sum,
      0,
    ),
  }));
}

/** All tables that agree with what is published, counted out without any solver. Hidden cells are of the inside. */
function* everyTable(system: Compiled, hidden: Uint8Array): Generator<Float64Array> {
  const open = [...system.cells.keys()].filter((at) => hidden[at]);
  const most = Math.max(...system.values);
  const values = system.values.slice();
  function* fill(which: number): Generator<Float64Array> {
    if (which === open.length) {
      for (let row = 0; row < system.starts.length - 1; row += 1) {
        let sum = 0;
        for (let k = system.starts[row]!; k < system.starts[row + 1]!; k += 1)
          sum += system.coefficients[k]! * values[system.columns[k]!]!;
        if (sum !== 0) return;
      }
      yield values;
      return;
    }
    // A cell is at most what its smallest published total is.
    let bound = most;
    for (const row of system.rowsOf[open[which]!]!)
      bound = Math.min(bound, system.values[system.columns[system.starts[row]!]!]!);
    for (let value = 0; value <= bound; value += 1) {
      values[open[which]!] = value;
      yield* fill(which + 1);
    }
    values[open[which]!] = 0;
  }
  yield* fill(0);
}

describe("primary rules", () => {
  test("small counts are hidden by the threshold of their kind, noughts are not", () => {
    const system = compile(
      table({ jp: [4, 9, 0], au: [5, 10, 3] }, ["passport", "arrest", "other"], (id) => ({
        threshold: id.endsWith("arrest") ? 10 : 5,
      })),
    );
    expect([...primaryCells(system).keys()].map((at) => system.cells[at]!.id).sort()).toEqual(
      ["au|other", "jp|arrest", "jp|passport", "tot|other"].sort(),
    );
  });

  test("where everybody in a group is of a kind that tells about him, the kind and a nought are hidden", () => {
    const system = {
      cells: [
        { id: "all", value: 12, threshold: 5, width: 5 },
        { id: "arrest", value: 12, threshold: 10, width: 10, revealing: true },
        { id: "passport", value: 0, threshold: 5, width: 5 },
        { id: "impossible", value: 0, width: 5, structural: true },
      ],
      equations: [{ total: "all", parts: ["arrest", "impossible", "passport"], attribute: true }],
    };
    const compiled = compile(system);
    expect([...primaryCells(compiled)]).toEqual([[1, "group"], [2, "group"]]); // prettier-ignore
    const { hidden } = suppress(compiled, { solver });
    expect(namesOf(compiled, hidden)).not.toContain("impossible");
    expect(narrow(compiled, hidden)).toEqual([]);
  });

  test("figures that do not add up are refused", () => {
    expect(() =>
      compile({
        cells: [{ id: "a", value: 1, width: 1 }, { id: "b", value: 2, width: 1 }],
        equations: [{ total: "a", parts: ["b"] }],
      }),
    ).toThrow(TableSystemError); // prettier-ignore
  });
});

/** Tables as a release has them: time × area, time × type, area × type, with quarters, regions and groups. */
function releaseTables(counts: readonly number[]): TableSystem {
  const dimensions: Dimension[] = [
    { name: "time", root: "y", children: new Map([["y", ["q1", "q2"]], ["q1", ["m1", "m2"]], ["q2", ["m3", "m4"]]]) },
    { name: "area", root: "w", children: new Map([["w", ["r1", "r2"]], ["r1", ["a", "b", "c"]], ["r2", ["d", "e"]]]) },
    { name: "type", root: "all", children: new Map([["all", ["g1", "t3"]], ["g1", ["t1", "t2"]]]), attribute: true },
  ]; // prettier-ignore
  const codes = dimensions.map(({ root, children }) => [root, ...[...children.values()].flat()]);
  const leaves = [
    ["m1", "m2", "m3", "m4"],
    ["a", "b", "c", "d", "e"],
    ["t1", "t2", "t3"],
  ];
  const inside = [...combinations(leaves)];
  const isWithin = (dimension: number, code: string, leaf: string): boolean =>
    code === leaf ||
    (dimensions[dimension]!.children.get(code) ?? []).some((part) => isWithin(dimension, part, leaf));
  return linkedTables(
    dimensions,
    [
      { time: codes[0]!, area: codes[1]! },
      { time: codes[0]!, type: codes[2]! },
      { area: ["w", "r1", "r2"], type: codes[2]! },
    ],
    (wanted) => ({
      width: wanted[2] === "t1" ? 10 : 5,
      threshold: wanted[2] === "t1" ? 10 : 5,
      ...(wanted[2] === "t1" ? { revealing: true } : {}),
      value: inside.reduce(
        (sum, leaf, at) =>
          wanted.every((code, dimension) => isWithin(dimension, code, leaf[dimension]!))
            ? sum + counts[at]!
            : sum,
        0,
      ),
    }),
  );
}

const sparse = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 2, arbitrary: fc.integer({ min: 5, max: 60 }) },
);

describe("complementary suppression", () => {
  test("A8: on random linked tables with hierarchies the attacker finds no interval narrower than the width", () => {
    fc.assert(
      fc.property(fc.array(sparse, { minLength: 60, maxLength: 60 }), (counts) => {
        const system = compile(releaseTables(counts));
        const { hidden, unprotected } = suppress(system, { solver });
        expect(unprotected).toEqual([]);
        for (const cell of primaryCells(system).keys()) expect(hidden[cell]).toBe(1);
        expect(narrow(system, hidden)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test("the exact choice is never dearer than the quick one, and as safe", () => {
    const counts = fc.array(sparse, { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(counts, (inside) => {
        const rows = Object.fromEntries(
          [0, 1, 2, 3].map((row) => [`r${row}`, inside.slice(row * 4, row * 4 + 4)] as const),
        );
        const system = compile(table(rows, ["a", "b", "c", "d"], () => ({ threshold: 5 })));
        const cost = (hidden: Uint8Array) =>
          system.cells.reduce((sum, cell, at) => sum + (hidden[at] ? weightOf(cell) : 0), 0);
        const quick = suppress(system, { solver });
        const exact = suppressExactly(system, { solver });
        if (!exact) return;
        expect(narrow(system, exact.hidden)).toEqual([]);
        expect(cost(exact.hidden)).toBeLessThanOrEqual(cost(quick.hidden) + 1e-6);
      }),
      { numRuns: 20 },
    );
  });

  test("hides as little as the published solution of the same table", () => {
    // ssb-gausssuppression, Table 9: two small cells; the width of 5 takes all six cells of the inside.
    const system = compile(
      table({ young: [3, 1, 17], old: [10, 11, 17] }, ["is", "pt", "es"], () => ({ threshold: 4 })),
    );
    const { hidden, exact } = suppressBest(system, { solver });
    expect(exact).toBe(true);
    expect(namesOf(system, hidden)).toHaveLength(6);
    expect(found(system, hidden)).toMatchObject({ "young|is": [0, 13], "young|pt": [0, 12] });
  });
});

describe("releases together", () => {
  // HandbookSDC, ch. 5 (fictitious): the second release differs by 1 and 2 from the first.
  const first = table({ over: [50, 54], middle: [128, 140], under: [39, 49] }, ["m", "f"], () => ({
    threshold: 5,
  }));
  const second = table({ over: [52, 55], middle: [130, 140], under: [39, 49] }, ["m", "f"], () => ({
    threshold: 5,
  }));

  test("a correction does not show by how few it changed", () => {
    const earlier = { number: 1, system: first, hidden: new Set<string>() };
    const joint = joinReleases([earlier], { number: 2, system: second });
    const system = compile(joint.system);
    const { hidden, unprotected } = suppress(system, { solver });
    expect(unprotected).toEqual([]);
    expect(narrow(system, hidden)).toEqual([]);
    const isHidden = (id: string) => hidden[system.index.get(joint.idOf(2, id))!] === 1;
    // Each changed by one or two people, and the first release has shown what was before.
    for (const id of ["over|m", "over|f", "middle|m"])
      expect({ id, hidden: isHidden(id) }).toEqual({ id, hidden: true });
    // What did not change is shown as before.
    for (const id of ["middle|f", "under|m", "under|f"])
      expect({ id, hidden: isHidden(id) }).toEqual({ id, hidden: false });
  });

  test("what one release shows and another only implies is shown", () => {
    const cells = [{ id: "sum", value: 20, width: 5 }, { id: "a", value: 8, width: 5 }, { id: "b", value: 12, width: 5 }]; // prettier-ignore
    const equations = [{ total: "sum", parts: ["a", "b"] }];
    const implied = cells.map((cell) => (cell.id === "sum" ? cell : { ...cell, latent: true }));
    const one = { number: 1, system: { cells, equations }, hidden: new Set<string>() };
    const { system } = joinReleases([one], { number: 2, system: { cells: implied, equations } });
    expect(system.cells.map(({ latent, before }) => [latent, before])).toEqual(
      cells.map(() => [undefined, "published"]),
    );
  });

  test("what was hidden stays hidden, what was shown stays shown", () => {
    fc.assert(
      fc.property(fc.array(sparse, { minLength: 60, maxLength: 60 }), (counts) => {
        const whole = releaseTables(counts);
        const q1 = (id: string) => /^(q1|m1|m2)\|/.test(id);
        const early: TableSystem = {
          cells: whole.cells.filter(({ id }) => q1(id)),
          equations: whole.equations.filter(({ total, parts }) => q1(total) && parts.every(q1)),
        };
        const before = compile(early);
        const shown = suppress(before, { solver });
        const hiddenBefore = new Set(namesOf(before, shown.hidden));
        const joint = joinReleases([{ number: 1, system: early, hidden: hiddenBefore }], {
          number: 2,
          system: whole,
        });
        const system = compile(joint.system);
        const { hidden, unprotected } = suppress(system, { solver });
        expect(unprotected).toEqual([]);
        for (const { id } of early.cells)
          expect(hidden[system.index.get(id)!]).toBe(hiddenBefore.has(id) ? 1 : 0);
        expect(narrow(system, hidden)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

describe("controlled rounding", () => {
  test("adds up in linked tables, moves each figure to a neighbouring multiple, and leaves the attacker a width", () => {
    fc.assert(
      fc.property(fc.array(sparse, { minLength: 60, maxLength: 60 }), (counts) => {
        const system = compile(releaseTables(counts));
        const rounding = roundTables(system, { solver, base: 5 })!;
        expect(() =>
          compile({
            ...releaseTables(counts),
            cells: system.cells.map((cell, at) => ({ ...cell, value: rounding.figures[at]! })),
          }),
        ).not.toThrow();
        for (const [at, figure] of rounding.figures.entries()) {
          expect(figure % 5).toBe(0);
          expect(Math.abs(figure - system.values[at]!)).toBeLessThan(rounding.reach);
        }
        const all = new Uint8Array(system.cells.length).fill(1);
        const { low, high } = attack(system, all, { solver, limits: roundedLimits(rounding), whole: false });
        for (const [at, cell] of system.cells.entries()) {
          expect(low[at]!).toBeLessThanOrEqual(cell.value);
          expect(high[at]!).toBeGreaterThanOrEqual(cell.value);
        }
      }),
      { numRuns: 5 },
    );
  });

  test("a count keeps its figure in the next release", () => {
    const system = compile(table({ a: [1, 2, 7], b: [11, 3, 4] }, ["x", "y", "z"]));
    const before = new Map([["a|x", 5], ["a|y", 0]]); // prettier-ignore
    const { figures } = roundTables(system, { solver, base: 5, before })!;
    expect(figures[system.index.get("a|x")!]).toBe(5);
    expect(figures[system.index.get("a|y")!]).toBe(0);
  });
});
