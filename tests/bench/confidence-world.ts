/**
 * An invented disaster with known truth, and callers who report and judge it: what confidence is tried on.
 *
 * **Truth.** Incidents of eight kinds happen over five days in a valley of 40 × 40 km, crowded around twelve places. Each
 * begins at some hour and ends after an exponential time around twice the half-life of its kind. At any hour it is known
 * which are going on.
 *
 * **Callers** report and judge from where they are, a few times a day:
 * - *honest* (four of five) report what is going on within sight, some 80 m off, up to an hour late. Of a report they
 *   come by they say "still" or "cleared" as it is, and are wrong in one of fifteen.
 * - *mistaken* (one of six) put one report in three somewhere 1 to 6 km away or under another kind, pass on rumours of
 *   what is long over, and judge wrongly one time in three.
 * - *malicious* (one of thirty) invent an incident where there is none and post it again and again, three to nine copies
 *   a few metres and minutes apart; they confirm what they and their friends invented, five clicks at a time, and deny
 *   what is true. Each has two addresses to do it from.
 *
 * **What is asked.** Every six hours, of every report of the last 48 hours: is what it says going on within 250 m at this
 * moment? The methods see only what had been posted until then, with an opaque caller.
 */
import { HALF_LIFE_HOURS, type Verdict } from "#app/features/map/confidence.ts";
import type { ReportKind } from "#app/formats/report-record.ts";
import { chance } from "./people.ts";

export interface WorldReport {
  id: number;
  kind: ReportKind;
  /** Metres from the corner of the valley. */
  x: number;
  y: number;
  /** Hours since the beginning: seen, and posted. */
  observed: number;
  posted: number;
  caller: string;
}

export interface WorldVerdict {
  report: number;
  caller: string;
  verdict: Verdict;
  at: number;
}

interface Incident {
  kind: ReportKind;
  x: number;
  y: number;
  from: number;
  until: number;
}

export interface World {
  incidents: Incident[];
  reports: WorldReport[];
  verdicts: WorldVerdict[];
  /** Whether what a report says is so at that hour. */
  isTrue(report: WorldReport, at: number): boolean;
}

const KINDS: readonly ReportKind[] = [
  "road",
  "bridge",
  "landslide",
  "flood",
  "fire",
  "building",
  "power",
  "water",
];
const SIDE = 40_000;
const HOURS = 120;
const SIGHT = 1_500;

/** The same seed makes the same world. */
export function inventWorld(seed: number, { incidents: many = 160, callers: crowd = 700 } = {}): World {
  const luck = chance(seed);
  const between = (least: number, most: number) => least + luck() * (most - least);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(luck() * from.length)]!;
  const around = (middle: number, spread: number) => {
    // Box–Muller.
    const radius = Math.sqrt(-2 * Math.log(1 - luck()));
    return Math.min(SIDE, Math.max(0, middle + spread * radius * Math.cos(2 * Math.PI * luck())));
  };
  const places = Array.from({ length: 12 }, () => ({ x: between(0, SIDE), y: between(0, SIDE) }));
  const somewhere = (spread: number) => {
    const { x, y } = pick(places);
    return { x: around(x, spread), y: around(y, spread) };
  };

  const incidents: Incident[] = Array.from({ length: many }, () => {
    const kind = pick(KINDS);
    const from = between(0, HOURS * 0.8);
    return {
      kind,
      ...somewhere(2_500),
      from,
      until: from - Math.log(1 - luck()) * 2 * HALF_LIFE_HOURS[kind],
    };
  });
  const goingOn = (kind: ReportKind, x: number, y: number, at: number, within: number) =>
    incidents.some(
      (one) =>
        one.kind === kind && one.from <= at && at < one.until && Math.hypot(one.x - x, one.y - y) <= within,
    );

  const reports: WorldReport[] = [];
  const verdicts: WorldVerdict[] = [];
  const post = (report: Omit<WorldReport, "id">) => {
    const whole = { ...report, id: reports.length };
    reports.push(whole);
    return whole;
  };
  const friends: WorldReport[] = [];

  const callers = Array.from({ length: crowd }, (_, n) => ({
    name: `caller ${n}`,
    temper: n % 30 === 0 ? "malicious" : n % 6 === 1 ? "mistaken" : "honest",
    home: somewhere(3_000),
    perDay: between(0.5, 5),
  }));
  // Hour by hour, so that everybody sees what was posted before and nothing that comes later.
  for (let hour = 1; hour < HOURS; hour += 1) {
    for (const caller of callers) {
      if (luck() > caller.perDay / 24) continue;
      const here = { x: around(caller.home.x, 2_000), y: around(caller.home.y, 2_000) };
      const at = hour + luck();
      const address =
        caller.temper === "malicious" ? `${caller.name} ${luck() < 0.5 ? "a" : "b"}` : caller.name;
      const near = reports.filter(
        (one) =>
          one.posted < at && at - one.posted < 48 && Math.hypot(one.x - here.x, one.y - here.y) < SIGHT,
      );
      if (caller.temper === "malicious") {
        if (luck() < 0.4) {
          const kind = pick(KINDS);
          const copies = 3 + Math.floor(luck() * 7);
          for (let copy = 0; copy < copies; copy += 1) {
            friends.push(
              post({
                kind,
                x: here.x + between(-30, 30),
                y: here.y + between(-30, 30),
                observed: at,
                posted: at + copy / 60,
                caller: `${caller.name} ${copy % 2 === 0 ? "a" : "b"}`,
              }),
            );
          }
        }
        for (const report of near.slice(-4)) {
          const ours = friends.includes(report);
          for (let click = 0; click < 5; click += 1) {
            verdicts.push({
              report: report.id,
              caller: address,
              verdict: ours ? "still" : "wrong",
              at: at + click / 600,
            });
          }
        }
        const friend = friends.length > 0 ? pick(friends.slice(-40)) : null;
        if (friend) {
          for (let click = 0; click < 5; click += 1) {
            verdicts.push({ report: friend.id, caller: address, verdict: "still", at: at + click / 600 });
          }
        }
        continue;
      }
      const errs = caller.temper === "mistaken" ? 1 / 3 : 1 / 15;
      const old = caller.temper === "mistaken" && luck() < 0.3;
      const seen = incidents.find(
        (one) =>
          one.from <= at && (old || at < one.until) && Math.hypot(one.x - here.x, one.y - here.y) < SIGHT,
      );
      if (seen && luck() < 0.6) {
        const astray = caller.temper === "mistaken" && luck() < 1 / 3;
        const turn = between(0, 2 * Math.PI);
        const off = astray && luck() < 0.7 ? between(1_000, 6_000) : 0;
        post({
          kind: astray && off === 0 ? pick(KINDS) : seen.kind,
          x: around(seen.x, 80) + off * Math.cos(turn),
          y: around(seen.y, 80) + off * Math.sin(turn),
          observed: at,
          posted: at + luck(),
          caller: caller.name,
        });
      }
      if (near.length > 0 && luck() < 0.5) {
        const report = pick(near);
        const so = goingOn(report.kind, report.x, report.y, at, 250) !== luck() < errs;
        verdicts.push({
          report: report.id,
          caller: caller.name,
          verdict: so ? "still" : luck() < 0.6 ? "cleared" : "wrong",
          at,
        });
      }
    }
  }
  return { incidents, reports, verdicts, isTrue: ({ kind, x, y }, at) => goingOn(kind, x, y, at, 250) };
}
