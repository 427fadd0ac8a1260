import { romajiRunTogether } from "./japanese.ts";
import { nearSyllables, schemesReading } from "./mandarin-reading.ts";
import type { PersonName } from "./name-keys.ts";
import { readName, readQuery } from "./name-reading.ts";
import type { NamePart, NameView, ReadName } from "./name-reading.ts";
import { visibleText } from "./name-text.ts";
import { ROMANISATIONS } from "./romanisation.ts";
import { isCommonSurname, isMandarinSpelling } from "./surnames.ts";
import { isOneErrorApart } from "./typing-errors.ts";

/**
 * How well a candidate answers a typed name, and why. Candidates come from an index and are only approximately
 * right, so this is also the last word on whether they match at all.
 */

/**
 * Why a candidate matches: the same name (`exact`); the same words divided differently or beside an English
 * given name (`exact_parts`); the same in another order (`swapped`); another spelling on record is the one typed
 * (`alternate`); the same sound (`same_sound`); a part of the name (`part`); one typing error or a confusable
 * sound (`near_sound`).
 */
export const MATCH_REASONS = [
  "exact",
  "exact_parts",
  "swapped",
  "alternate",
  "same_sound",
  "part",
  "near_sound",
] as const;
export type MatchReason = (typeof MATCH_REASONS)[number];

/**
 * By which way of spelling a match by sound came about: a romanisation of Mandarin, several of them mixed, a
 * family's own spelling (`informal`), an overseas surname, or another language.
 */
export const MATCH_ROUTES = [
  ...ROMANISATIONS,
  "informal",
  "mixed",
  "overseas_surname",
  "japanese",
  "korean",
] as const;
export type MatchRoute = (typeof MATCH_ROUTES)[number];

export interface NameMatch {
  /**
   * Higher is better, 0–100: 95–100 the same name, 90–94 its parts, 84–90 swapped, 70–82 the same sound, 56–74 a part
   * as written, 40–55 a part by sound, 20–50 near sound, 10–40 the beginning of a word.
   */
  rank: number;
  reason: MatchReason;
  /** The way of spelling that made it match by sound (one of {@link MATCH_ROUTES}); null otherwise. */
  via: MatchRoute | null;
  /** The record's spelling that matched, as stored. */
  matched: string;
}

const MAX_PARTS = 12;
const MAX_ALTERNATE_NAMES = 8;
const MIN_TYPO_LENGTH = 4;

/** How alike two parts are; the order is the order of trust. */
const GRADE = { none: 0, prefix: 1, near: 2, sound: 3, folded: 4, exact: 5 } as const;
type Grade = (typeof GRADE)[keyof typeof GRADE];

interface PartLikeness {
  grade: Grade;
  route: PartRoute | null;
}

type PartRoute =
  | { kind: "mandarin"; spelling: string; syllable: string; likely: boolean }
  | { kind: "overseas_surname" | "japanese" | "korean" };

interface Alignment {
  pairs: readonly { query: NamePart; record: NamePart; likeness: PartLikeness }[];
  order: "same" | "rotated" | "other";
  /** Share of the record's parts that the query names. */
  coverage: number;
}

interface Scored {
  rank: number;
  reason: MatchReason;
  via: MatchRoute | null;
}

/**
 * Compares a typed name with a person's names; null when some typed word has no counterpart. Words are compared
 * as written, by sound and with one typing error; the beginning of a word is enough in the full name, not in
 * alternate names.
 */
export function matchName(query: string, name: PersonName): NameMatch | null {
  return matchRead(visibleText(query), readQuery(query), name);
}

/** Candidates that match, best first; ties by freshness (newest first), then name, then id. */
export function rankNames<T extends { name: PersonName; freshness: number; id: string }>(
  query: string,
  candidates: readonly T[],
): Array<T & { match: NameMatch }> {
  const typed = visibleText(query);
  const read = readQuery(query);
  const matched = candidates.flatMap((candidate) => {
    const match = matchRead(typed, read, candidate.name);
    return match ? [{ ...candidate, match }] : [];
  });
  return matched.sort(
    (a, b) =>
      b.match.rank - a.match.rank ||
      b.freshness - a.freshness ||
      compareText(a.name.fullName.toLowerCase(), b.name.fullName.toLowerCase()) ||
      compareText(a.id, b.id),
  );
}

/** By code unit, so that the order does not depend on the machine's language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function matchRead(typed: string, query: ReadName, name: PersonName): NameMatch | null {
  if (query.views.length === 0) return null;
  const main = readName(name.fullName);
  const best = { match: asMatch(scoreSpelling(typed, query, name.fullName, main, true), name.fullName) };
  if (best.match && best.match.rank >= RANK.exact) return best.match;
  const alternates = name.alternateNames.slice(0, MAX_ALTERNATE_NAMES);
  const reads = alternates.map(readName);
  alternates.forEach((alternate, at) => {
    const scored = scoreSpelling(typed, query, alternate, reads[at]!, false);
    const match = asMatch(scored && demoteAlternate(scored), alternate);
    if (match && (!best.match || match.rank > best.match.rank)) best.match = match;
  });
  return best.match ?? matchAcrossSpellings(query, main, reads, name.fullName);
}

function asMatch(scored: Scored | null, matched: string): NameMatch | null {
  return scored && { ...scored, rank: Math.round(scored.rank * 100) / 100, matched };
}

/** An alternate name written exactly as typed is strong, but a main name written so is stronger. */
function demoteAlternate(scored: Scored): Scored {
  const exact = scored.reason === "exact" || scored.reason === "exact_parts" || scored.reason === "swapped";
  return { ...scored, rank: scored.rank - 2, reason: exact ? "alternate" : scored.reason };
}

/** Words of the main and the alternate names typed together: every one must be there as written. */
function matchAcrossSpellings(
  query: ReadName,
  main: ReadName,
  alternates: readonly ReadName[],
  fullName: string,
): NameMatch | null {
  if (alternates.length === 0) return null;
  const typed = query.views[0]?.parts ?? [];
  const inMain = main.views[0]?.parts ?? [];
  const inAlternates = alternates.flatMap((read) => read.views[0]?.parts ?? []);
  const found = typed.every(
    (part) =>
      inMain.some((other) => likeness(part, other, true).grade !== GRADE.none) ||
      inAlternates.some((other) => likeness(part, other, false).grade >= GRADE.folded),
  );
  return found ? { rank: RANK.acrossSpellings, reason: "part", via: null, matched: fullName } : null;
}

const RANK = {
  exact: 100,
  exactFolded: 97,
  exactParts: 93,
  rotated: 90,
  otherOrder: 87,
  sameSound: 80,
  partWritten: 60,
  partSound: 42,
  acrossSpellings: 40,
  near: 36,
  nearPart: 22,
  prefix: 14,
} as const;

function scoreSpelling(
  typed: string,
  query: ReadName,
  spelling: string,
  record: ReadName,
  isMain: boolean,
): Scored | null {
  if (record.views.length === 0) return null;
  const direct = scoreWritten(typed, query, spelling, record);
  if (direct) return direct;
  const asTyped = query.views.filter(({ kind }) => kind !== "mistyped");
  const mistyped = query.views.filter(({ kind }) => kind === "mistyped");
  return (
    bestAlignment(asTyped, record.views, isMain) ??
    bestAlignment(mistyped, record.views, isMain) ??
    scoreRunTogether(query, record)
  );
}

function bestAlignment(
  queryViews: readonly NameView[],
  recordViews: readonly NameView[],
  isMain: boolean,
): Scored | null {
  let best: Scored | null = null;
  for (const queryView of queryViews) {
    for (const recordView of recordViews) {
      const alignment = align(queryView, recordView, isMain);
      if (!alignment) continue;
      const scored = scoreAlignment(alignment, queryView, recordView);
      if (!best || scored.rank > best.rank) best = scored;
    }
  }
  return best;
}

/** One word typed for a Japanese name of two: otonashikotori. */
function scoreRunTogether(query: ReadName, record: ReadName): Scored | null {
  const typed = query.words.length === 1 ? (query.views[0]?.parts[0]?.romaji ?? []) : [];
  if (typed.length === 0) return null;
  const found = record.views.some(({ parts }) => {
    const romaji = parts.flatMap((part) => part.romaji.slice(0, 1));
    return romaji.length === parts.length && romajiRunTogether(romaji).some((run) => typed.includes(run));
  });
  return found ? { rank: RANK.sameSound - 1, reason: "same_sound", via: "japanese" } : null;
}

/** The whole name is the same text, but for case, spacing, script form or where it is cut. */
function scoreWritten(typed: string, query: ReadName, spelling: string, record: ReadName): Scored | null {
  if (query.compact !== record.compact) return null;
  const sameText = plainText(typed) === plainText(visibleText(spelling));
  if (sameText) return { rank: RANK.exact, reason: "exact", via: null };
  const sameWords = query.words.length === record.words.length;
  const han = query.words.every(({ script }) => script === "han");
  if (!sameWords && !han) return { rank: RANK.exactParts + 1, reason: "exact_parts", via: null };
  const sameForms =
    query.words.map(({ written }) => written).join("") ===
    record.words.map(({ written }) => written).join("");
  return { rank: sameForms ? RANK.exact - 1 : RANK.exactFolded, reason: "exact", via: null };
}

function plainText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s,.·・,、-]+/gu, " ")
    .trim();
}

/** Pairs every part of the query with a part of the record of its own; null when one is left over. */
function align(query: NameView, record: NameView, isMain: boolean): Alignment | null {
  const from = query.parts.slice(0, MAX_PARTS);
  const to = record.parts.slice(0, MAX_PARTS);
  if (from.length > to.length) return null;
  if (query.core && from.length !== to.length) return null;
  const table = from.map((part) => to.map((other) => likeness(part, other, isMain)));
  if (table.some((row) => row.every(({ grade }) => grade === GRADE.none))) return null;
  const assignment = assign(table, to.length);
  if (!assignment) return null;
  return {
    pairs: from.map((part, at) => ({
      query: part,
      record: to[assignment[at]!]!,
      likeness: table[at]![assignment[at]!]!,
    })),
    order: orderOf(assignment, to.length),
    coverage: from.length / to.length,
  };
}

/** The best run in the same order if there is one, else any pairing, the strongest likeness first. */
function assign(table: readonly (readonly PartLikeness[])[], width: number): number[] | null {
  const size = table.length;
  let best: number[] | null = null;
  let bestGrade: number = GRADE.none;
  const offer = (assignment: number[]): void => {
    const grade = Math.min(...assignment.map((to, from) => table[from]![to]!.grade));
    if (grade > bestGrade) {
      best = assignment;
      bestGrade = grade;
    }
  };
  for (let offset = 0; offset + size <= width; offset += 1) offer(table.map((_, at) => at + offset));
  if (size === width) {
    for (let turn = 1; turn < size; turn += 1) offer(table.map((_, at) => (at + turn) % width));
  }
  for (let grade: number = GRADE.exact; grade > bestGrade; grade -= 1) {
    const pairing = pairAbove(table, width, grade);
    if (pairing) return pairing;
  }
  return best;
}

/** A complete pairing whose every likeness has at least this grade (augmenting paths), or null. */
function pairAbove(
  table: readonly (readonly PartLikeness[])[],
  width: number,
  grade: number,
): number[] | null {
  const owner = new Array<number>(width).fill(-1);
  const place = (from: number, tried: boolean[]): boolean => {
    for (let to = 0; to < width; to += 1) {
      if (tried[to] || table[from]![to]!.grade < grade) continue;
      tried[to] = true;
      if (owner[to] === -1 || place(owner[to]!, tried)) {
        owner[to] = from;
        return true;
      }
    }
    return false;
  };
  for (let from = 0; from < table.length; from += 1) {
    if (!place(from, [])) return null;
  }
  const assignment = new Array<number>(table.length).fill(0);
  owner.forEach((from, to) => {
    if (from >= 0) assignment[from] = to;
  });
  return assignment;
}

function orderOf(assignment: readonly number[], width: number): Alignment["order"] {
  const inOrder = assignment.every((to, at) => at === 0 || to === assignment[at - 1]! + 1);
  if (inOrder) return "same";
  const turned =
    assignment.length === width &&
    assignment.every((to, at) => at === 0 || to === (assignment[at - 1]! + 1) % width);
  return turned ? "rotated" : "other";
}

function likeness(query: NamePart, record: NamePart, isMain: boolean): PartLikeness {
  if (query.exact === record.exact) return EXACT;
  if (query.folded === record.folded) return FOLDED;
  const route = soundRoute(query, record);
  if (route) return { grade: GRADE.sound, route };
  if (isNear(query, record, isMain)) return NEAR;
  return isMain && isPrefix(query, record) ? PREFIX : UNLIKE;
}

const EXACT: PartLikeness = { grade: GRADE.exact, route: null };
const FOLDED: PartLikeness = { grade: GRADE.folded, route: null };
const NEAR: PartLikeness = { grade: GRADE.near, route: null };
const PREFIX: PartLikeness = { grade: GRADE.prefix, route: null };
const UNLIKE: PartLikeness = { grade: GRADE.none, route: null };

function soundRoute(query: NamePart, record: NamePart): PartRoute | null {
  const syllable = query.mandarin.find((sound) => record.mandarin.includes(sound));
  if (syllable !== undefined) {
    const spelling = record.script === "latin" ? record.folded : query.folded;
    const likely = query.mandarin[0] === syllable && record.mandarin[0] === syllable;
    return { kind: "mandarin", spelling, syllable, likely };
  }
  if (sharesSound(query.romaji, record.romaji)) return { kind: "japanese" };
  if (sharesSound(query.korean, record.korean)) return { kind: "korean" };
  const overseas = query.surnames.some(
    (surname) => record.surnames.includes(surname) && !spellsBothInMandarin(query, record, surname),
  );
  return overseas ? { kind: "overseas_surname" } : null;
}

function sharesSound(a: readonly string[], b: readonly string[]): boolean {
  return a.some((sound) => b.includes(sound));
}

function spellsBothInMandarin(query: NamePart, record: NamePart, surname: string): boolean {
  const plain = (part: NamePart): boolean =>
    part.script === "han" || isMandarinSpelling(part.folded, surname);
  return plain(query) && plain(record);
}

/** A word of three letters may lack a letter of the full name's, but not of an alternate name's. */
function isNear(query: NamePart, record: NamePart, isMain: boolean): boolean {
  if (query.script !== "han" && record.script !== "han") {
    const longest = Math.max(query.folded.length, record.folded.length);
    const longEnough = longest >= MIN_TYPO_LENGTH && (isMain || query.folded.length >= MIN_TYPO_LENGTH);
    if (longEnough && isOneErrorApart(query.folded, record.folded)) return true;
  }
  if (sharesSound(query.mistyped, record.mandarin)) return true;
  return query.mandarin.some((sound) => nearSyllables(sound).some((near) => record.mandarin.includes(near)));
}

function isPrefix(query: NamePart, record: NamePart): boolean {
  if (query.script === "han" || record.script === "han" || query.script === "hangul") return false;
  return query.folded.length >= 2 && record.folded.startsWith(query.folded);
}

function scoreAlignment(alignment: Alignment, query: NameView, record: NameView): Scored {
  const grade = Math.min(...alignment.pairs.map(({ likeness: { grade: own } }) => own));
  const whole = alignment.coverage === 1;
  const extras = (query.core ? 2 : 0) + (record.core ? 3 : 0);
  if (grade >= GRADE.folded) return scoreWrittenParts(alignment, grade, whole, extras);
  if (grade === GRADE.sound) return scoreSound(alignment, whole, extras);
  if (grade === GRADE.near) {
    const base = whole ? RANK.near : RANK.nearPart;
    const rank = base + 12 * alignment.coverage + closeness(alignment) - orderCost(alignment) - extras;
    return { rank, reason: isOnlyCutShort(alignment) ? "part" : "near_sound", via: null };
  }
  const rank = RANK.prefix + 14 * alignment.coverage + closeness(alignment) - orderCost(alignment) / 2;
  return { rank, reason: "part", via: null };
}

/** A word without its last letter is rather a beginning than an error. */
function isOnlyCutShort({ pairs }: Alignment): boolean {
  return pairs
    .filter(({ likeness: { grade } }) => grade === GRADE.near)
    .every(({ query, record }) => isPrefix(query, record));
}

function scoreWrittenParts(alignment: Alignment, grade: number, whole: boolean, extras: number): Scored {
  const folded = grade === GRADE.exact ? 0 : 1;
  if (!whole) {
    const rank = RANK.partWritten + 14 * alignment.coverage - orderCost(alignment) - folded;
    return { rank, reason: "part", via: null };
  }
  if (alignment.order === "same")
    return { rank: RANK.exactParts - folded - extras / 3, reason: "exact_parts", via: null };
  const base = alignment.order === "rotated" ? RANK.rotated : RANK.otherOrder;
  return { rank: base - folded - extras / 3, reason: "swapped", via: null };
}

function scoreSound(alignment: Alignment, whole: boolean, extras: number): Scored {
  const via = commonRoute(alignment);
  const base = whole ? RANK.sameSound : RANK.partSound;
  const coverage = whole ? 0 : 12 * alignment.coverage;
  const trust = routeTrust(via, alignment);
  const rank = base + coverage + trust - contradiction(alignment) - orderCost(alignment) - extras;
  return { rank, reason: whole ? "same_sound" : "part", via };
}

function orderCost({ order }: Alignment): number {
  return order === "same" ? 0 : order === "rotated" ? 2 : 4;
}

/** Two different Han characters of one sound are most likely two people; a romanised name says neither. */
function contradiction({ pairs }: Alignment): number {
  const differing = pairs.filter(
    ({ query, record, likeness: { grade } }) =>
      query.script === "han" && record.script === "han" && grade < GRADE.folded,
  );
  return differing.length === 0 ? 0 : 4 + (4 * differing.length) / pairs.length;
}

/** Share of parts that are the same as written, up to two points. */
function closeness({ pairs }: Alignment): number {
  return (2 * pairs.filter(({ likeness: { grade } }) => grade >= GRADE.sound).length) / pairs.length;
}

/** One romanisation throughout, likely readings and a common surname make the same sound more credible. */
function routeTrust(via: MatchRoute | null, { pairs }: Alignment): number {
  const unlikely = pairs.filter(
    ({ likeness: { route } }) => route?.kind === "mandarin" && !route.likely,
  ).length;
  const consistent = via === null || via === "mixed" || via === "informal" ? 0 : via === "gwoyeu" ? 0.5 : 1;
  const common = pairs.some(({ record }) => record.script === "han" && isCommonSurname(record.folded))
    ? 0.3
    : 0;
  return consistent + common - (0.4 * unlikely) / pairs.length;
}

/** The one way of spelling that explains every part matched by sound; `mixed` when it takes several. */
function commonRoute({ pairs }: Alignment): MatchRoute | null {
  const routes = pairs.flatMap(({ likeness: { route } }) => (route ? [route] : []));
  const foreign = routes.map(({ kind }) => kind).find((kind) => kind !== "mandarin");
  if (foreign !== undefined) return foreign;
  const spelled = pairs.flatMap(({ query, record, likeness: { route } }) =>
    route?.kind === "mandarin" && (query.script === "latin" || record.script === "latin")
      ? [schemesReading(route.spelling, route.syllable)]
      : [],
  );
  const [first] = spelled;
  if (!first) return null;
  const common = first.filter((scheme) => spelled.every((schemes) => schemes.includes(scheme)));
  return common[0] ?? "mixed";
}
