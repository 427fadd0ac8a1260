import type { ReportKind, ReportSource, Verification } from "../../formats/report-record.ts";

/**
 * How far a report can be believed right now. Pure.
 *
 * The method is the Beta reputation system (A. Jøsang and R. Ismail, "The Beta Reputation System", 15th Bled Electronic
 * Commerce Conference, 2002; expectation and forgetting factor in sections 2.2 and 3.3): what speaks for and what speaks
 * against are added up as `support` and `opposition`, and the confidence is the expectation
 *
 *     support / (support + opposition)
 *
 * which begins at a half for a bare report of a stranger, rises ever more slowly with each further voice and never
 * reaches certainty. Four things are ours:
 *
 * - **Voices, not clicks.** Of each caller only the newest verdict counts, and never the author's own.
 * - **Forgetting works one way.** What speaks for a report halves with each half-life of its kind. A denial does not fade
 *   by itself, or time would make doubtful reports credible; only a newer confirmation makes it old, by the same half-life.
 * - **A prior from the neighbourhood.** Other callers' reports of the same thing nearby, weighed by distance, by their own
 *   age and by how far they are believed themselves, count as voices too, but level off. A report that nobody has
 *   confirmed is believed sooner where others saw the same; a crowd of copies by one hand is one voice.
 * - **A floor for hazards.** `FLOOR + (1 − FLOOR) × expectation`: however many strangers deny a hazard, it stays on the
 *   map until somebody with a name has decided.
 *
 * It follows, and the tests hold: a confirmation never lowers, a denial never raises, time never raises.
 */

/** What somebody says about another's report: it is still so, it is different now, it is over, it never was so. */
export const VERDICTS = ["still", "changed", "cleared", "wrong"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How many voices a denial is worth: who says it looks different now does not say that there is nothing. */
export const VERDICT_WEIGHTS: Readonly<Record<Verdict, number>> = {
  still: 1,
  changed: 0.5,
  cleared: 1,
  wrong: 1,
};

/** After how many hours half of what speaks for a report is gone: water runs off sooner than a bridge is built. */
export const HALF_LIFE_HOURS: Readonly<Record<ReportKind, number>> = {
  road: 12,
  bridge: 72,
  landslide: 24,
  flood: 6,
  fire: 3,
  building: 72,
  hazard: 12,
  shelter: 24,
  water: 12,
  food: 6,
  medical: 24,
  power: 12,
  communications: 12,
  transport: 6,
  volunteers_needed: 12,
  other: 12,
};

/** How far away, in metres, another report of the same kind still says half as much as one on the spot. */
export const REACH_METRES: Readonly<Record<ReportKind, number>> = {
  road: 300,
  bridge: 100,
  landslide: 300,
  flood: 500,
  fire: 500,
  building: 100,
  hazard: 200,
  shelter: 100,
  water: 200,
  food: 200,
  medical: 200,
  power: 1_000,
  communications: 2_000,
  transport: 500,
  volunteers_needed: 300,
  other: 200,
};

/** Kinds whose disappearance could cost a life. The others say where help is: there a wrong one must be able to sink. */
const HELP: ReadonlySet<ReportKind> = new Set(["shelter", "water", "food", "medical", "volunteers_needed"]);

/** Beneath this no number of strangers brings a hazard. */
export const FLOOR = 0.1;

/** After how many half-lives without a new sighting a report is stale. */
export const STALE_AFTER = 3;

/** How many voices a source is worth, its own report included. */
const SOURCE_VOICES: Readonly<Record<ReportSource, number>> = {
  crowd: 1,
  linked: 1.5,
  imported: 1.5,
  official: 6,
};

/** The neighbourhood never says more than this many people on the spot. */
export const MOST_NEIGHBOURS = 5;

const HOUR = 3_600_000;

/** One verdict. `caller` stands for a person, the same in all of theirs; `at` is in milliseconds of the epoch. */
export interface Voice {
  caller: string;
  verdict: Verdict;
  at: number;
}

/** Another report near by. */
export interface Neighbour {
  /** Null when nobody knows who it was: such reports count as one voice together. */
  caller: string | null;
  /** Between the two places. */
  metres: number;
  observedAt: number;
  /** Whether it says the same; a road open beside a road closed does not. */
  agrees: boolean;
  /** Its own confidence without its neighbours, so that two reports never lift each other. */
  confidence: number;
}

/** What the neighbourhood says: voices for as they stood at `at`, voices against, and how many callers there are. */
export interface Prior {
  support: number;
  opposition: number;
  callers: number;
  at: number;
}

export const NO_PRIOR: Prior = { support: 0, opposition: 0, callers: 0, at: 0 };

/** Everything that is known about one report. Times are in milliseconds of the epoch. */
export interface Evidence {
  kind: ReportKind;
  source: ReportSource;
  /** Who reported; their own verdicts are no confirmation. */
  author: string | null;
  observedAt: number;
  expiresAt: number | null;
  voices: readonly Voice[];
  prior?: Prior;
  /** What staff found: verified, or that it is false. Null while nobody has looked. */
  staff?: "verified" | "false" | null;
}

/** The same, added up: what a database can keep and a list of a thousand reports can be judged by. */
export interface Tally {
  confirmations: number;
  denials: number;
  /** Voices for it as they stood at `affirmedAt`, the report's own included, and voices against it. */
  support: number;
  opposition: number;
  /** The newest time somebody saw it so. */
  affirmedAt: number;
  /** The newest time anybody said anything. */
  heardAt: number;
}

export interface Confidence extends Tally {
  /** 0 to 1. */
  value: number;
  stale: boolean;
  /** How many callers nearby reported the same, or something that contradicts it. */
  neighbours: number;
}

/** What the reports around one say about it, each caller by their strongest. */
export function priorFrom(kind: ReportKind, neighbours: Iterable<Neighbour>): Prior {
  const all = [...neighbours];
  const at = all.reduce((newest, { observedAt }) => Math.max(newest, observedAt), 0);
  const strongest = new Map<string | null, { weight: number; agrees: boolean }>();
  for (const { caller, metres, observedAt, agrees, confidence } of all) {
    const weight =
      2 ** (-Math.abs(metres) / REACH_METRES[kind]) *
      fading(kind, at - observedAt) *
      Math.min(1, Math.max(0, confidence));
    const known = strongest.get(caller);
    if (!known || weight > known.weight) strongest.set(caller, { weight, agrees });
  }
  const sums = { support: 0, opposition: 0 };
  let callers = 0;
  for (const { weight, agrees } of strongest.values()) {
    // Too far or too long ago to be about the same thing.
    if (weight < 0.02) continue;
    callers += 1;
    sums[agrees ? "support" : "opposition"] += weight;
  }
  return { support: levelled(sums.support), opposition: levelled(sums.opposition), callers, at };
}

/** How much a voice speaks against a report: nothing, for one that confirms it. */
function doubt({ verdict }: Voice): number {
  return verdict === "still" ? 0 : VERDICT_WEIGHTS[verdict];
}

/** Adds the voices up. The order they come in does not matter. */
export function tallyOf({ kind, source, author, observedAt, voices }: Evidence): Tally {
  const newest = new Map<string, Voice>();
  for (const voice of voices) {
    const known = newest.get(voice.caller);
    // Of two at the same moment the more doubtful one counts, whichever came first.
    if (!known || voice.at > known.at || (voice.at === known.at && doubt(voice) > doubt(known))) {
      newest.set(voice.caller, voice);
    }
  }
  const own = author === null ? undefined : newest.get(author);
  if (author !== null) newest.delete(author);
  const others = [...newest.values()];
  const confirming = others.filter(({ verdict }) => verdict === "still");
  const denying = others.filter(({ verdict }) => verdict !== "still");

  // The author who looked again saw it again; the author who takes it back takes their own voice away.
  const ownAt = own?.verdict === "still" ? Math.max(observedAt, own.at) : observedAt;
  const ownVoices = own && own.verdict !== "still" ? 0.1 : SOURCE_VOICES[source];
  const affirmedAt = confirming.reduce((latest, { at }) => Math.max(latest, at), ownAt);
  const age = (at: number) => fading(kind, affirmedAt - at);
  return {
    confirmations: confirming.length,
    denials: denying.length,
    support: confirming.reduce((sum, { at }) => sum + age(at), ownVoices * age(ownAt)),
    opposition: denying.reduce((sum, voice) => sum + doubt(voice) * age(voice.at), 0),
    affirmedAt,
    heardAt: [...others, ...(own ? [own] : [])].reduce((latest, { at }) => Math.max(latest, at), observedAt),
  };
}

/** What is needed beside a tally. */
export type Circumstances = Pick<Evidence, "kind" | "expiresAt" | "prior" | "staff">;

/** The confidence of a report whose voices have been added up. `now` in milliseconds of the epoch. */
export function confidenceOfTally(
  tally: Tally,
  { kind, expiresAt, prior = NO_PRIOR, staff = null }: Circumstances,
  now: number,
): Confidence {
  const halfLives = Math.max(0, now - tally.affirmedAt) / (HALF_LIFE_HOURS[kind] * HOUR);
  const support =
    (tally.support + (staff === "verified" ? SOURCE_VOICES.official : 0)) * 2 ** -halfLives +
    prior.support * fading(kind, now - prior.at);
  // The one is the doubt that everybody begins with.
  const opposition = 1 + tally.opposition + prior.opposition;
  const expectation = support / (support + opposition);
  const floor = staff === "false" || HELP.has(kind) ? 0 : FLOOR;
  return {
    ...tally,
    value: staff === "false" ? Math.min(0.05, expectation) : floor + (1 - floor) * expectation,
    stale: halfLives >= STALE_AFTER || (expiresAt !== null && now >= expiresAt),
    neighbours: prior.callers,
  };
}

/** The confidence of one report. `now` in milliseconds of the epoch. */
export function confidenceOf(evidence: Evidence, now: number): Confidence {
  return confidenceOfTally(tallyOf(evidence), evidence, now);
}

/** In which of three words a confidence is told. */
export type ConfidenceLevel = "low" | "medium" | "high";

/** One voice more than doubts makes medium, three more make high. */
export function confidenceLevel(value: number): ConfidenceLevel {
  return value >= 0.75 ? "high" : value >= 0.5 ? "medium" : "low";
}

/** From how many independent people on the spot a report that was let through counts as confirmed. */
export const CONFIRMED_BY = 2;

/**
 * How far a report has been checked, which is what decides how sure our exports sound (CAP: Possible, Likely, Observed).
 * It rises only through people: let through by staff, confirmed by two strangers who are not outweighed, verified.
 */
export function verificationOf({
  reviewed,
  verified,
  confirmations,
  denials,
}: {
  reviewed: boolean;
  verified: boolean;
  confirmations: number;
  denials: number;
}): Verification {
  if (!reviewed) return "unreviewed";
  if (verified) return "verified";
  return confirmations >= CONFIRMED_BY && confirmations > denials ? "confirmed" : "accepted";
}

/** What is left of a voice after so many milliseconds. */
function fading(kind: ReportKind, age: number): number {
  return 2 ** (-Math.max(0, age) / (HALF_LIFE_HOURS[kind] * HOUR));
}

/** Many voices from afar level off: a small sum is kept, a large one never exceeds what people on the spot would say. */
function levelled(sum: number): number {
  return MOST_NEIGHBOURS * (1 - Math.exp(-sum / MOST_NEIGHBOURS));
}
