import { MANDARIN_SYLLABLES, ROMANISATIONS, passportForm } from "./romanisation.ts";
import type { MandarinSyllable, Romanisation } from "./romanisation.ts";
import { cutIntoSyllables } from "./segmentation.ts";

/**
 * Reading romanised Mandarin back. A passport spelling without apostrophes is ambiguous (CHU may be zhu, chu,
 * ju or qu), so every look-up gives a set of canonical syllables, never one.
 */

/** How a spelling came to be read as a syllable: one of the standards, or a habit outside them. */
export type ReadingSource = Romanisation | "informal";

/** Spellings met in passports that no standard gives; families keep them. */
const INFORMAL_SPELLINGS: Readonly<Record<string, string>> = {
  li: "lee",
  ying: "ing",
  yin: "in",
  yi: "ih ee yee",
  zhi: "chi chie",
  shi: "shi",
  zi: "tze tse dz",
  ci: "tze tsze",
  si: "sze see su",
  xiu: "shiu hsiou",
  xun: "shun",
  xu: "shu hsiu",
  you: "yiu yuh",
  yang: "young",
  yong: "young",
  wu: "woo",
  gu: "koo goo",
  hu: "hoo",
  su: "soo",
  fu: "foo",
  lu: "loo",
  zhu: "choo",
  song: "soong",
  long: "loong",
  rong: "yung",
  jie: "jye",
  gui: "quei kwei",
  guo: "kwo",
  guang: "kwang",
  kuang: "kwang",
  ge: "keh",
  de: "teh",
  zhe: "jer",
  lv: "lui",
  yuan: "yuen",
  xue: "shueh",
  luo: "law",
};

const LONGEST_SPELLING = 7;
const MAX_SYLLABLES_IN_A_WORD = 4;
const MAX_CUTS = 4;

interface SpellingTables {
  /** Passport spelling → canonical syllables, the likelier first. */
  syllables: Map<string, readonly string[]>;
  /** Spellings that may be part of a run-together word: the plain schemes, without tonal or informal forms. */
  joinable: Set<string>;
  /** Passport spelling and syllable → the sources that read it so. */
  sources: Map<string, readonly ReadingSource[]>;
  canonical: Set<string>;
}

let tables: SpellingTables | undefined;

function spellingTables(): SpellingTables {
  tables ??= buildTables();
  return tables;
}

function buildTables(): SpellingTables {
  const syllables = new Map<string, string[]>();
  const sources = new Map<string, ReadingSource[]>();
  const joinable = new Set<string>();
  const learn = (spelling: string, hanyu: string, source: ReadingSource): void => {
    const form = passportForm(spelling);
    const known = syllables.get(form) ?? [];
    if (!known.includes(hanyu)) syllables.set(form, [...known, hanyu]);
    const pair = `${form} ${hanyu}`;
    const from = sources.get(pair) ?? [];
    if (!from.includes(source)) sources.set(pair, [...from, source]);
  };
  const namesFirst = [...MANDARIN_SYLLABLES].filter(isNameSyllable);
  for (const scheme of ROMANISATIONS) {
    for (const syllable of namesFirst) {
      for (const spelling of syllable.spellings[scheme]) {
        learn(spelling, syllable.hanyu, scheme);
        if (scheme !== "gwoyeu") joinable.add(passportForm(spelling));
      }
    }
  }
  for (const [hanyu, spellings] of Object.entries(INFORMAL_SPELLINGS)) {
    for (const spelling of spellings.split(" ")) learn(spelling, hanyu, "informal");
  }
  const standard = new Set(syllables.keys());
  for (const [spelling, hanyu] of mixedSpellings(namesFirst)) {
    if (!standard.has(spelling)) learn(spelling, hanyu, "informal");
  }
  return { syllables, sources, joinable, canonical: new Set(namesFirst.map(({ hanyu }) => hanyu)) };
}

/** `m`, `n`, `ng` and the like are sounds of doubt, not names: read as such they would hide the surname Ng. */
function isNameSyllable({ hanyu }: MandarinSyllable): boolean {
  return /[aeiouvê]/.test(hanyu);
}

/**
 * Passports also put the initial of one scheme before the final of another (JIEN, HSIOU, DIEN). They are read
 * only where no standard gives the spelling a meaning.
 */
function* mixedSpellings(all: readonly MandarinSyllable[]): Generator<[string, string]> {
  const plain = ROMANISATIONS.filter((scheme) => scheme !== "gwoyeu");
  for (const { hanyu, spellings } of all) {
    const forms = plain.flatMap((scheme) => spellings[scheme].map(passportForm));
    const cuts = [...new Set(forms)].map((form) => {
      const onset = /^[^aeiou]*/.exec(form)?.[0] ?? "";
      return { onset, rime: form.slice(onset.length) };
    });
    for (const { onset } of cuts) {
      for (const { rime } of cuts) {
        if (onset !== "" && rime !== "") yield [onset + rime, hanyu];
      }
    }
  }
}

/**
 * The canonical Hanyu syllables one spelling may stand for, in any scheme, upper or lower case, with or
 * without apostrophe and umlaut; empty when it is no Mandarin syllable. `CHU` → zhu, chu, ju, qu.
 */
export function syllablesSpelled(spelling: string): ReadonlySet<string> {
  return new Set(syllablesOf(passportForm(spelling)));
}

/** The same for a spelling already in passport form, as a list, the likelier reading first. */
export function syllablesOf(form: string): readonly string[] {
  return spellingTables().syllables.get(form) ?? NONE;
}

const NONE: readonly string[] = [];

/** The schemes in which `spelling` reads as `hanyu`; empty when it does not. */
export function schemesReading(spelling: string, hanyu: string): readonly ReadingSource[] {
  return spellingTables().sources.get(`${passportForm(spelling)} ${hanyu}`) ?? [];
}

/**
 * The ways to read a word as spellings of syllables: the word itself when it is one, and its cuts into several
 * (`zhiming` → zhi|ming, `xian` → xian, xi|an), at most four cuts of at most four syllables. Tonal and informal
 * spellings count only as whole words, or the cuts would be endless; a lone vowel counts as a syllable only
 * where the word cannot be read otherwise.
 */
export function cutMandarinWord(form: string): string[][] {
  const known = cutCache.get(form);
  if (known) return known;
  const { joinable, syllables } = spellingTables();
  const cuts = cutIntoSyllables(form, (part) => joinable.has(part), {
    longest: LONGEST_SPELLING,
    maxSyllables: MAX_SYLLABLES_IN_A_WORD,
    limit: 2 * MAX_CUTS,
  }).filter((cut) => cut.length > 1);
  const shortest = Math.min(...cuts.map((cut) => cut.length));
  const isWord = syllables.has(form);
  const kept = cuts.filter(
    (cut) => cut.length === shortest && (!isWord || cut.every((part) => part.length > 1)),
  );
  const ways = [...(isWord ? [[form]] : []), ...kept.slice(0, MAX_CUTS)];
  if (cutCache.size >= MAX_CACHED_CUTS) cutCache.clear();
  cutCache.set(form, ways);
  return ways;
}

const cutCache = new Map<string, string[][]>();
const MAX_CACHED_CUTS = 20_000;

const CONFUSED_INITIALS: readonly (readonly string[])[] = [
  ["zh", "z"],
  ["ch", "c"],
  ["sh", "s"],
  ["n", "l"],
  ["f", "h"],
  ["r", "l"],
];

const CONFUSED_FINALS: readonly (readonly string[])[] = [
  ["an", "ang"],
  ["en", "eng"],
  ["in", "ing"],
  ["ian", "iang"],
  ["uan", "uang", "un"],
];

/**
 * Syllables commonly heard or spelled for one another in Taiwan (zh/z, n/l, -n/-ng …), the syllable itself
 * not included: `min` → ming, lin, ling.
 */
export function nearSyllables(hanyu: string): readonly string[] {
  const known = nearCache.get(hanyu);
  if (known) return known;
  const onset = /^(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?/.exec(hanyu)?.[0] ?? "";
  const onsets = withConfusions(onset, CONFUSED_INITIALS);
  const rimes = withConfusions(hanyu.slice(onset.length), CONFUSED_FINALS);
  const { canonical } = spellingTables();
  const near = onsets
    .flatMap((start) => rimes.map((end) => start + end))
    .filter((syllable) => syllable !== hanyu && canonical.has(syllable));
  nearCache.set(hanyu, near);
  return near;
}

const nearCache = new Map<string, readonly string[]>();

function withConfusions(sound: string, confusions: readonly (readonly string[])[]): string[] {
  return [...new Set([sound, ...confusions.filter((group) => group.includes(sound)).flat()])];
}
