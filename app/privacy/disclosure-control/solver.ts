/**
 * Linear and whole-number programs, solved by HiGHS (https://highs.dev, Huangfu & Hall 2018) compiled to WebAssembly.
 * Only what disclosure control needs: columns with bounds, rows that equal a number or reach one, one objective after another over
 * the same rows, so that the simplex method goes on from where it stood. Computes; touches nothing.
 */
import loadHighs, { type Highs, type Model, type SymbolDisposable } from "highs";

export interface Program {
  lower: Float64Array;
  upper: Float64Array;
  /** Compressed rows. */
  starts: Int32Array;
  columns: Int32Array;
  coefficients: Float64Array;
  rowLower: Float64Array;
  rowUpper: Float64Array;
  costs?: Float64Array;
  /** Whole numbers only, one flag a column. */
  whole?: boolean;
  /** A solution in whole numbers may cost so much more than the least, as a share; 0 unless told otherwise. */
  gap?: number;
}

export interface Solved {
  outcome: "optimal" | "infeasible" | "unbounded" | "gave_up";
  objective: number;
  /** Empty when there is no solution. */
  values: Float64Array;
  /** d(objective)/d(bound of the column); only of linear programs. */
  reducedCosts: Float64Array;
}

/** One program that is kept in the solver. It must be closed: its memory is not collected. */
export interface OpenProgram {
  setCost(column: number, cost: number): void;
  setBounds(column: number, lower: number, upper: number): void;
  addRow(lower: number, upper: number, columns: Int32Array, coefficients: Float64Array): void;
  /** Whether columns must be whole numbers from now on. */
  setWhole(whole: boolean): void;
  solve(sense: "minimise" | "maximise"): Solved;
  close(): void;
}

export interface Solver {
  open(program: Program): OpenProgram;
}

/** How long a search for whole numbers may take before it gives up; what it then found still counts. */
const SECONDS_FOR_WHOLE_NUMBERS = 5;

let loading: Promise<Highs> | undefined;

/** Gives the solver; the WebAssembly (3 MB) is compiled once a process, in about 60 ms. */
export async function loadSolver(): Promise<Solver> {
  loading ??= loadHighs();
  const highs = await loading;
  return { open: (program) => openProgram(highs, program) };
}

function openProgram(highs: Highs, program: Program): OpenProgram {
  const columns = program.lower.length;
  const rows = program.starts.length - 1;
  const model: SymbolDisposable<Model> = highs.createModel();
  model.options.set({ output_flag: false, time_limit: 600, random_seed: 1 });
  model.passModel({
    numCols: columns,
    numRows: rows,
    colCost: program.costs ?? new Float64Array(columns),
    colLower: program.lower,
    colUpper: program.upper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: {
      format: "csr",
      numRows: rows,
      numCols: columns,
      starts: program.starts,
      indices: program.columns,
      values: program.coefficients,
    },
    ...(program.whole ? { integrality: new Int32Array(columns).fill(1) } : {}),
  });
  let whole = program.whole ?? false;
  model.options.set({ mip_rel_gap: program.gap ?? 0 });
  const { modelStatus, objectiveSense, variableType } = highs.constants;
  const none = new Float64Array(0);
  return {
    setCost: (column, cost) => void model.changeColCost(column, cost),
    setBounds: (column, lower, upper) => void model.changeColBounds(column, lower, upper),
    addRow: (lower, upper, indices, values) => void model.addRow(lower, upper, { indices, values }),
    setWhole: (asked) => {
      if (asked === whole) return;
      whole = asked;
      if (asked) {
        model.changeColsIntegrality(
          { kind: "range", from: 0, to: columns - 1 },
          new Int32Array(columns).fill(variableType.integer),
        );
      } else model.clearIntegrality();
    },
    solve: (sense) => {
      model.changeObjectiveSense(objectiveSense[sense === "maximise" ? "maximize" : "minimize"]);
      // The clock of the solver runs on over all its runs.
      model.options.set({ time_limit: model.getRunTime() + (whole ? SECONDS_FOR_WHOLE_NUMBERS : 600) });
      const { modelStatus: status } = model.run();
      if (status === modelStatus.infeasible)
        return { outcome: "infeasible", objective: 0, values: none, reducedCosts: none };
      if (status === modelStatus.unbounded || status === modelStatus.unboundedOrInfeasible)
        return { outcome: "unbounded", objective: 0, values: none, reducedCosts: none };
      const { colValue, colDual } = model.getSolution();
      const found = model.info.get("primal_solution_status") === 2;
      return {
        outcome: status === modelStatus.optimal || status === modelStatus.empty ? "optimal" : "gave_up",
        objective: found ? model.getObjectiveValue() : 0,
        values: found || status === modelStatus.empty ? colValue : none,
        reducedCosts: colDual,
      };
    },
    close: () => model.dispose(),
  };
}
