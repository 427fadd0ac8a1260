/** Does confidence tell true reports from false ones, and better than counting? No clock: the same figures every time. */
import {
  confidenceOf,
  priorFrom,
  REACH_METRES,
  type Evidence,
  type Neighbour,
  type Voice,
} from "#app/features/map/confidence.ts";
import { inventWorld, type World, type WorldReport } from "./confidence-world.ts";
import { median, type Benchmark } from "./measuring.ts";

interface Judged {
  truth: boolean;
  scores: Record<string, number>;
}

/** What a plain count may choose from; it is given whichever of these does best on the very data. */
const CIRCLES = [150, 300, 600, 1_200].flatMap((metres) => [6, 24, 48].map((hours) => ({ metres, hours })));

export const confidence: Benchmark = async ({ quick }, say) => {
  const seeds = quick ? [1, 2] : [1, 2, 3, 4, 5, 6, 7];
  const found: Record<string, number[]> = {};
  let asked = 0;
  let share = 0;
  for (const seed of seeds) {
    const judged = judge(inventWorld(seed));
    asked += judged.length;
    share += judged.filter(({ truth }) => truth).length;
    for (const name of Object.keys(judged[0]!.scores)) {
      (found[name] ??= []).push(areaUnderCurve(judged.map(({ truth, scores }) => [scores[name]!, truth])));
    }
  }
  say(`${asked} questions in ${seeds.length} worlds, ${Math.round((100 * share) / asked)} % true`);
  const auc = Object.fromEntries(Object.entries(found).map(([name, values]) => [name, median(values)]));
  for (const [name, value] of Object.entries(auc).sort(([, a], [, b]) => b - a))
    say(`${value.toFixed(3)}  ${name}`);
  const counts = Object.keys(auc).filter((name) => name.startsWith("neighbours"));
  const best = counts.reduce((a, b) => (auc[a]! >= auc[b]! ? a : b));
  const ours = auc["confidence"]!;
  const row = (name: string, beside: string) => ({
    what: "separates true from false",
    unit: "AUC",
    ours,
    peer: auc[name]!,
    beside,
    aim: { atLeast: 1 },
  });
  return [
    row(best, `count of ${best}`),
    row("confirmations − denials", "confirmations − denials, clicks"),
    row("confirmations − denials, callers", "the same, callers"),
    row("all counts together", "neighbours + confirmations − denials"),
    row("newest first", "age alone"),
    row("confidence without prior", "confidence without a prior"),
  ];
};

function judge(world: World): Judged[] {
  const clicks = new Map<number, { caller: string; verdict: Voice["verdict"]; at: number }[]>();
  for (const verdict of world.verdicts) {
    clicks.set(verdict.report, [...(clicks.get(verdict.report) ?? []), verdict]);
  }
  const judged: Judged[] = [];
  for (let now = 12; now <= 114; now += 12) {
    const shown = world.reports.filter(({ posted }) => posted < now && now - posted < 48);
    const evidenceOf = (report: WorldReport): Evidence => ({
      kind: report.kind,
      source: "crowd",
      author: report.caller,
      observedAt: report.observed,
      expiresAt: null,
      voices: (clicks.get(report.id) ?? []).filter(({ at }) => at < now),
    });
    const alone = new Map(shown.map((report) => [report.id, value(evidenceOf(report), now)]));
    for (const report of shown) {
      const evidence = evidenceOf(report);
      const near = shown.filter((other) => other.id !== report.id && other.kind === report.kind);
      const neighbours: Neighbour[] = near
        .filter(({ caller }) => caller !== report.caller)
        .map((other) => ({
          caller: other.caller,
          metres: Math.hypot(other.x - report.x, other.y - report.y),
          observedAt: hours(other.observed),
          agrees: true,
          confidence: alone.get(other.id)!,
        }))
        .filter(({ metres }) => metres < 8 * REACH_METRES[report.kind]);
      const count = ({ metres, hours }: (typeof CIRCLES)[number]) =>
        near.filter(
          (other) =>
            now - other.posted < hours && Math.hypot(other.x - report.x, other.y - report.y) < metres,
        ).length;
      const still = evidence.voices.filter(({ verdict }) => verdict === "still");
      const callers = (voices: readonly Voice[]) => new Set(voices.map(({ caller }) => caller)).size;
      const denied = evidence.voices.filter(({ verdict }) => verdict !== "still");
      const counts = Object.fromEntries(
        CIRCLES.map((circle) => [
          `neighbours within ${circle.metres} m and ${circle.hours} h`,
          count(circle),
        ]),
      );
      judged.push({
        truth: world.isTrue(report, now),
        scores: {
          confidence: value({ ...evidence, prior: priorFrom(report.kind, neighbours) }, now),
          "confidence without prior": alone.get(report.id)!,
          ...counts,
          "confirmations − denials": still.length - denied.length,
          "confirmations − denials, callers": callers(still) - callers(denied),
          "all counts together": count({ metres: 300, hours: 24 }) + callers(still) - callers(denied),
          "newest first": -(now - report.observed),
        },
      });
    }
  }
  return judged;
}

/** The world counts hours. */
function hours(since: number): number {
  return since * 3_600_000;
}

function value(evidence: Evidence, now: number): number {
  const voices = evidence.voices.map((voice) => ({ ...voice, at: hours(voice.at) }));
  return confidenceOf({ ...evidence, voices, observedAt: hours(evidence.observedAt) }, hours(now)).value;
}

/**
 * The chance that a true report scores higher than a false one, ties half: the Mann–Whitney statistic by mid-ranks, which
 * is the area under the ROC curve (J. Hanley and B. McNeil, Radiology 143, 1982).
 */
export function areaUnderCurve(scored: readonly (readonly [score: number, truth: boolean])[]): number {
  const sorted = [...scored].sort(([a], [b]) => a - b);
  let ranks = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to]![0] === sorted[from]![0]) to += 1;
    const rank = (from + 1 + to) / 2;
    for (let at = from; at < to; at += 1) if (sorted[at]![1]) ranks += rank;
    from = to;
  }
  const positives = scored.filter(([, truth]) => truth).length;
  const negatives = scored.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
