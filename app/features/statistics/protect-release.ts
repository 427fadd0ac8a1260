/**
 * Makes the content of a release from true counts: protects them together with all earlier releases of the year, lets
 * the attacker look at the result, and tells both. Takes seconds for large years: it runs in a worker thread.
 */
import { attack } from "../../privacy/disclosure-control/attack.ts";
import { joinReleases } from "../../privacy/disclosure-control/joint-releases.ts";
import { primaryCells, type Reason } from "../../privacy/disclosure-control/primary-rules.ts";
import type { Solver } from "../../privacy/disclosure-control/solver.ts";
import { suppressBest } from "../../privacy/disclosure-control/exact-suppression.ts";
import { informationOf, requiredWidths } from "../../privacy/disclosure-control/suppression.ts";
import { compile, type Compiled } from "../../privacy/disclosure-control/table-system.ts";
import { basis } from "./basis.ts";
import { readPeriod, type ReleaseKind } from "./periods.ts";
import type { Figure, ReleaseContent, ReleaseReport } from "./release-content.ts";
import {
  codesOf,
  frameOf,
  releaseSystem,
  SENSITIVE_THRESHOLD,
  SENSITIVE_TYPES,
  THRESHOLD,
  type CountRow,
} from "./release-tables.ts";

export interface EarlierCounts {
  number: number;
  kind: ReleaseKind;
  period: string;
  counts: CountRow[];
  hidden: string[];
}

/** What the database hands to the worker. */
export interface ReleaseWork {
  id: string;
  kind: ReleaseKind;
  period: string;
  invented: boolean;
  counts: CountRow[];
  earlier: EarlierCounts[];
  /** `[country, region]`. */
  regions: [string, string][];
}

export interface ProtectedRelease {
  content: ReleaseContent;
  report: ReleaseReport;
  /** Ids of the cells that this release hides, for later releases to know. */
  hidden: string[];
}

const NEXT = Number.MAX_SAFE_INTEGER;

/** Protects a release. `onProgress` is told how far it is, from 0 to 100. */
export function protectRelease(
  work: ReleaseWork,
  solver: Solver,
  onProgress: (percent: number) => void = () => {},
): ProtectedRelease {
  const regionOf = new Map(work.regions);
  const period = readPeriod(work.period)!;
  const earlier = work.earlier.map((release) => ({ ...release, period: readPeriod(release.period)! }));
  const frame = frameOf([{ period, counts: work.counts }, ...earlier], regionOf);
  const own = releaseSystem(period, work.counts, frame);
  const joint = joinReleases(
    earlier.map(({ number, period, counts, hidden }) => ({
      number,
      system: releaseSystem(period, counts, frame),
      hidden: new Set(hidden),
    })),
    { number: NEXT, system: own },
  );
  const system = compile(joint.system);
  onProgress(5);
  let most = 0;
  const { hidden, reasons, witnessed, unprotected, rounds } = suppressBest(system, {
    solver,
    onProgress: (_round, exposed) => {
      most = Math.max(most, exposed);
      onProgress(5 + Math.round(60 * (1 - exposed / Math.max(most, 1))));
    },
  });
  // The attacker sees what the public will: hidden values are taken away before it looks. It computes with real numbers, as
  // anybody can; that no interval of whole numbers is narrower either is what the witnesses of the protection prove.
  const blind: Compiled = { ...system, values: system.values.map((value, at) => (hidden[at] ? 0 : value)) };
  const shownNow = new Set(
    own.cells.flatMap(({ id, latent }) => (latent ? [] : [system.index.get(joint.idOf(NEXT, id))!])),
  );
  const found = attack(blind, hidden, {
    solver,
    whole: false,
    // Of cells of this release the whole interval is told; of the others it must be wide enough.
    enough: requiredWidths(system).map((width, at) => (shownNow.has(at) ? Number.POSITIVE_INFINITY : width)),
    onProgress: (settled, of) => onProgress(65 + Math.round((34 * settled) / Math.max(of, 1))),
  });

  const figures: Figure[] = [];
  const reasonOf: Record<string, Reason> = {};
  const hiddenIds: string[] = [];
  const listed = new Set(work.counts.map(([, country]) => country));
  for (const cell of own.cells) {
    if (cell.latent) continue;
    const at = system.index.get(joint.idOf(NEXT, cell.id))!;
    const [time, area, type, programme] = codesOf(cell.id);
    if (regionOf.has(area) && !listed.has(area) && !hidden[at]) continue;
    const codes = { time, area, type, programme };
    if (!hidden[at]) figures.push({ ...codes, cases: cell.value, low: cell.value, high: cell.value });
    else {
      const high = found.high[at]!;
      figures.push({ ...codes, cases: null, low: found.low[at]!, high: Number.isFinite(high) ? high : null });
      reasonOf[cell.id] = reasons.get(at)!;
      hiddenIds.push(cell.id);
    }
  }
  const report = makeReport();
  onProgress(100);
  return {
    content: {
      version: 1,
      kind: work.kind,
      period: work.period,
      invented: work.invented,
      basis: basis(work.invented),
      rule: {
        threshold: THRESHOLD,
        sensitive_threshold: SENSITIVE_THRESHOLD,
        sensitive_types: [...SENSITIVE_TYPES],
      },
      figures,
    },
    report,
    hidden: hiddenIds,
  };

  function makeReport(): ReleaseReport {
    const width = requiredWidths(system);
    let attacked = 0;
    let narrowed = 0;
    let narrowest = Number.POSITIVE_INFINITY;
    for (const [at, cell] of system.cells.entries()) {
      if (!hidden[at] || cell.latent) continue;
      attacked += 1;
      const reach = Math.min(found.high[at]! - found.low[at]!, witnessed.high[at]! - witnessed.low[at]!);
      if (reach < width[at]!) narrowed += 1;
      if (shownNow.has(at)) narrowest = Math.min(narrowest, found.high[at]! - found.low[at]!);
    }
    const counted: ReleaseReport["hidden"] = { small: 0, group: 0, complement: 0, earlier: 0 };
    for (const reason of Object.values(reasonOf)) counted[reason] += 1;
    const alone = compile(own);
    const primary = primaryCells(alone);
    const rows = new Set(primary.keys());
    for (let row = 0; row < alone.starts.length - 1; row += 1) {
      const parts = alone.columns.subarray(alone.starts[row]! + 1, alone.starts[row + 1]!);
      if (parts.some((part) => primary.has(part))) for (const part of parts) rows.add(part);
    }
    return {
      cells: figures.length,
      not_nought: own.cells.filter(({ latent, value }) => !latent && value > 0).length,
      hidden: counted,
      lost: {
        ours: lost((at) => reasonOf[alone.cells[at]!.id] !== undefined),
        primary_only: lost((at) => primary.has(at)),
        whole_rows: lost((at) => rows.has(at)),
      },
      attack: {
        releases: earlier.length + 1,
        cells: attacked,
        narrowed,
        narrowest: Number.isFinite(narrowest) ? narrowest : null,
      },
      unprotected: Math.max(unprotected.length, narrowed),
      rounds,
      reasons: reasonOf,
    };

    /** The share of the information that is hidden, in per mille. */
    function lost(isHidden: (at: number) => boolean): number {
      let all = 0;
      let gone = 0;
      for (const [at, cell] of alone.cells.entries()) {
        if (cell.latent || cell.value === 0) continue;
        all += informationOf(cell.value);
        if (isHidden(at)) gone += informationOf(cell.value);
      }
      return all === 0 ? 0 : Math.round((1000 * gone) / all);
    }
  }
}
