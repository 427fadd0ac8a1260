import { romajiRunTogether } from "./japanese.ts";
import { cutMandarinWord, nearSyllables, syllablesOf } from "./mandarin-reading.ts";
import { mistypedSyllables } from "./mistyped-syllables.ts";
import { readName } from "./name-reading.ts";
import type { NamePart, NameView, ReadName } from "./name-reading.ts";
import { isMandarinSpelling } from "./surnames.ts";
import { oneDeletion } from "./typing-errors.ts";

/**
 * Index keys of names: short strings stored with a record and looked up by equality, so that the cost of a
 * search grows with its matches and not with the board. A key begins with the letter of its family:
 *
 * - `e:` the whole name as written, words sorted; `w:` its Mandarin syllables, sorted; `x:` its surname as a
 *   Han character with the given name's syllables; `y:` its romaji; `z:` its Korean syllables
 * - `h:` a Han character or hangul block; `b:` two neighbouring ones
 * - `l:` a word; `p:` the beginning of a word; `d:` a word with one letter left out
 * - `s:` a Mandarin syllable, or two neighbours joined by `-`; `u:` a Han surname; `j:` a romaji word;
 *   `k:` a Korean syllable
 */

/** A person's names as written. alternateNames are other spellings of the whole name. */
export interface PersonName {
  fullName: string;
  alternateNames: readonly string[];
}

/**
 * What to look for. `whole`: keys of which any one means "the whole name sounds or reads the same", the exact
 * forms first; the most selective, so ask for them first. `words`: for each typed word the keys of which any one is
 * enough; a candidate must satisfy every word. `near`: like `words`, but each word also reached by one typing
 * error or a sound commonly confused with it. All are empty when the query holds nothing searchable.
 */
export interface SearchKeys {
  whole: string[];
  words: string[][];
  near: string[][];
}

const MAX_KEYS = 120;
const MAX_KEY_LENGTH = 40;
const MAX_FULL_NAME_KEYS = 64;
const MAX_ALTERNATE_NAMES = 8;
const MAX_SOUND_COMBINATIONS = 24;
const MAX_PREFIX = 8;
const MIN_PREFIX = 2;
const MIN_TYPO_LENGTH = 4;
const TYPO_HEAD = 12;
const MAX_SEARCH_WORDS = 8;
const MAX_KEYS_PER_WORD = 160;

/**
 * Keys to store with a record: at most 120, each of at most 40 characters, deduplicated, the same for the same
 * names on every run. Where a long list of names would give more, prefixes and typing errors of the alternate
 * names go first.
 */
export function nameKeys(name: PersonName): string[] {
  const main = readName(name.fullName);
  const alternates = name.alternateNames.slice(0, MAX_ALTERNATE_NAMES).map(readName);
  const all = [main, ...alternates];
  const keys = new Set<string>([
    ...all.flatMap(wholeKeys).slice(0, MAX_KEYS / 2),
    ...all.flatMap(wordKeys),
    ...prefixKeys(main),
    ...typoKeys(main),
    ...alternates.flatMap(typoKeys),
    ...all.flatMap(neighbourKeys),
  ]);
  return [...keys].slice(0, MAX_KEYS);
}

/** The keys to look up for a typed name; see {@link SearchKeys}. Never fails, whatever was typed. */
export function searchKeys(query: string): SearchKeys {
  const read = readName(query);
  const written = read.views[0]?.parts.slice(0, MAX_SEARCH_WORDS) ?? [];
  return {
    whole: [...new Set([...wholeKeys(read), ...wholeRunKeys(read)])],
    words: written.map((part) => partSearchKeys(part)),
    near: written.map((part) => partNearKeys(part, written.length)),
  };
}

/**
 * Keys that identify a whole name whatever its order, script and romanisation, at most 64. Two spellings of the
 * same full name share at least one; names with other given names share none. Empty for a single word: a
 * surname alone, or one character, is never a full name.
 */
export function fullNameKeys(fullName: string): string[] {
  const read = readName(fullName);
  const holdsTwo = read.views.some(
    ({ parts, kind }) => parts.length > 1 && kind !== "syllables" && kind !== "korean",
  );
  if (!holdsTwo) return [];
  const views = read.views.filter(({ parts }) => parts.length > 1);
  const keys = [
    ...writtenWholeKeys({ ...read, views }),
    ...views.flatMap((view) => soundWholeKeys(view, MAX_SOUND_COMBINATIONS)),
    ...views.flatMap((view) => surnameWholeKeys(view, MAX_SOUND_COMBINATIONS)),
  ];
  return [...new Set(keys)].slice(0, MAX_FULL_NAME_KEYS);
}

/** A key of bounded length: a long text keeps its beginning and a hash of all of it. */
function key(family: string, text: string): string {
  const full = `${family}:${text}`;
  if (full.length <= MAX_KEY_LENGTH) return full;
  return `${Array.from(full).slice(0, 12).join("")}~${hash(text)}`;
}

/** FNV-1a over UTF-16 units, twice with different starts: stable, and enough to tell names apart. */
function hash(text: string): string {
  return [0x811c9dc5, 0x01234567].map((start) => fnv1a(text, start).toString(36)).join("");
}

function fnv1a(text: string, start: number): number {
  let value = start;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

function wholeKeys(read: ReadName): string[] {
  const views = read.views;
  return [
    ...writtenWholeKeys(read),
    ...views.flatMap((view) => soundWholeKeys(view, MAX_SOUND_COMBINATIONS)),
    ...views.flatMap((view) => overseasWholeKeys(view, MAX_SOUND_COMBINATIONS)),
  ];
}

function writtenWholeKeys({ views, compact }: ReadName): string[] {
  const plain = views.filter(({ kind }) => kind === "written" || kind === "joined");
  const sorted = plain.map(({ parts }) => key("e", sortedText(parts.map(({ folded }) => folded))));
  return compact === "" || plain.length === 0 ? sorted : [...sorted, key("e", compact)];
}

function sortedText(words: readonly string[]): string {
  return [...words].sort().join(" ");
}

/** The name by sound: sorted Mandarin syllables, romaji words, Korean syllables; only for two parts or more. */
function soundWholeKeys({ parts, kind }: NameView, limit: number): string[] {
  if (parts.length < 2) return [];
  const romaji = soundCombinations(
    parts.map((part) => part.romaji),
    4,
  );
  return [
    ...soundCombinations(
      parts.map((part) => part.mandarin),
      limit,
    ).map((sounds) => key("w", sortedText(sounds))),
    ...(kind === "syllables" ? [] : romaji.flatMap(romajiWholeKeys)),
    ...soundCombinations(
      parts.map((part) => part.korean),
      limit,
    ).map((sounds) => key("z", sortedText(sounds))),
  ];
}

/** Japanese names are often written without a space, so both orders run together count too. */
function romajiWholeKeys(words: readonly string[]): string[] {
  return [sortedText(words), ...romajiRunTogether(words)].map((text) => key("y", text));
}

/** Every choice of one sound per part, at most `limit`, likelier sounds first; none if a part has no sound. */
function soundCombinations(sounds: readonly (readonly string[])[], limit: number): string[][] {
  let combined: string[][] = [[]];
  for (const choices of sounds) {
    const longer: string[][] = [];
    for (const choice of choices) {
      for (const start of combined) if (longer.length < limit) longer.push([...start, choice]);
    }
    combined = longer;
  }
  return combined;
}

/** Surname as a Han character with the sounds of the given name: Tan Chih-ming is 陳 ming zhi. */
function surnameWholeKeys({ parts }: NameView, limit: number): string[] {
  if (parts.length < 2) return [];
  const combinations = parts.flatMap((part, at) => {
    if (part.surnames.length === 0) return [];
    const given = givenParts(parts, at, part);
    const sounds = soundCombinations(
      given.map(({ mandarin }) => mandarin),
      8,
    );
    if (given.length === 0) return [];
    return part.surnames.flatMap((surname) =>
      sounds.map((sound) => key("x", `${surname} ${sortedText(sound)}`)),
    );
  });
  return combinations.slice(0, limit);
}

function givenParts(parts: readonly NamePart[], at: number, surname: NamePart): readonly NamePart[] {
  const compound = surname.surnames[0] !== undefined && Array.from(surname.surnames[0]).length === 2;
  const width = compound && surname.script === "han" ? 2 : 1;
  return parts.filter((_, index) => index < at || index >= at + width);
}

/** The surname keys an index needs: of Han names all, of Latin names those that Mandarin sounds do not cover. */
function overseasWholeKeys(view: NameView, limit: number): string[] {
  return surnameWholeKeys({ ...view, parts: view.parts.map(withoutMandarinSurnames) }, limit);
}

function withoutMandarinSurnames(part: NamePart): NamePart {
  if (part.script === "han" || part.surnames.length === 0) return part;
  return { ...part, surnames: part.surnames.filter((surname) => !isMandarinSpelling(part.folded, surname)) };
}

/** One Han word, or one Japanese word, is also worth a look as it stands before its characters are. */
function wholeRunKeys({ words, views }: ReadName): string[] {
  if (words.length !== 1) return [];
  const pairs =
    words[0]?.script === "han" && Array.from(words[0].folded).length === 2 ? [key("b", words[0].folded)] : [];
  const romaji = views
    .filter(({ parts }) => parts.length === 1)
    .flatMap(({ parts, kind }) =>
      parts.flatMap((part) =>
        part.romaji.flatMap((word) =>
          kind === "japanese" ? [key("j", word), key("y", word)] : [key("y", word)],
        ),
      ),
    );
  return [...pairs, ...romaji];
}

function wordKeys({ views }: ReadName): string[] {
  return views
    .filter(({ core }) => !core)
    .flatMap(({ parts, kind }) =>
      parts.flatMap((part) => storedPartKeys(part, kind === "written" || kind === "joined")),
    );
}

function storedPartKeys(part: NamePart, asWritten: boolean): string[] {
  const blocks = part.script === "han" || part.script === "hangul";
  const written = asWritten ? [key(blocks ? "h" : "l", part.folded)] : [];
  return [...written, ...soundKeys(part)];
}

function soundKeys(part: NamePart): string[] {
  return [
    ...part.mandarin.map((syllable) => key("s", syllable)),
    ...part.surnames.map((surname) => key("u", surname)),
    ...part.romaji.map((word) => key("j", word)),
    ...part.korean.map((syllable) => key("k", syllable)),
  ];
}

function prefixKeys({ views }: ReadName): string[] {
  return latinWords(views).flatMap((word) => {
    const letters = Array.from(word);
    const longest = Math.min(letters.length, MAX_PREFIX);
    const keys: string[] = [];
    for (let length = MIN_PREFIX; length <= longest; length += 1)
      keys.push(key("p", letters.slice(0, length).join("")));
    return keys;
  });
}

function typoKeys({ views }: ReadName): string[] {
  return latinWords(views)
    .filter((word) => word.length >= MIN_TYPO_LENGTH)
    .flatMap((word) => [
      ...(wordHead(word) !== word ? [key("d", wordHead(word))] : []),
      ...oneDeletion(wordHead(word)).map((shorter) => key("d", shorter)),
    ]);
}

/** Typing errors are looked for in the first letters only; whole characters, never half of a surrogate pair. */
function wordHead(word: string): string {
  return Array.from(word).slice(0, TYPO_HEAD).join("");
}

function latinWords(views: readonly NameView[]): string[] {
  const words = views
    .filter(({ kind, core }) => !core && (kind === "written" || kind === "joined"))
    .flatMap(({ parts }) => parts)
    .filter(({ script }) => script !== "han" && script !== "hangul")
    .map(({ folded }) => folded);
  return [...new Set(words)];
}

/** Two neighbours together, so that 志明 or Zhiming typed alone is narrow. */
function neighbourKeys({ views }: ReadName): string[] {
  return views
    .filter(({ core, kind }) => !core && (kind === "written" || kind === "syllables"))
    .flatMap(({ parts }) => parts.slice(1).flatMap((part, at) => pairKeys(parts[at]!, part)));
}

function pairKeys(first: NamePart, second: NamePart): string[] {
  const pairs = soundCombinations([first.mandarin, second.mandarin], 12);
  const sounds = pairs.map((pair) => key("s", pair.join("-")));
  return first.script === "han" && second.script === "han"
    ? [key("b", first.folded + second.folded), ...sounds]
    : sounds;
}

function partSearchKeys(part: NamePart): string[] {
  if (part.script === "han" || part.script === "hangul") return [key("h", part.folded), ...soundKeys(part)];
  const letters = Array.from(part.folded);
  const prefix = letters.length >= MIN_PREFIX ? [key("p", letters.slice(0, MAX_PREFIX).join(""))] : [];
  return [...new Set([key("l", part.folded), ...prefix, ...soundKeys(part), ...joinedSyllableKeys(part)])];
}

/** A word typed together, Zhiming, finds its two syllables side by side. */
function joinedSyllableKeys(part: NamePart): string[] {
  return part.script === "latin" ? cutMandarinWord(part.folded).flatMap(cutKeys) : [];
}

function cutKeys(cut: readonly string[]): string[] {
  if (cut.length > 2) return [];
  return soundCombinations(cut.map(syllablesOf), 12).map((sounds) => key("s", sounds.join("-")));
}

function partNearKeys(part: NamePart, wordsTyped: number): string[] {
  const keys = new Set(partSearchKeys(part));
  for (const syllable of part.mandarin) for (const near of nearSyllables(syllable)) keys.add(key("s", near));
  if (part.script !== "han" && part.script !== "hangul" && part.folded.length >= MIN_TYPO_LENGTH - 1) {
    for (const found of typoSearchKeys(part.folded)) keys.add(found);
    if (wordsTyped > 1 || part.mandarin.length === 0) {
      for (const found of mistypedSyllableKeys(part.folded)) keys.add(found);
    }
  }
  return [...keys].slice(0, MAX_KEYS_PER_WORD);
}

function typoSearchKeys(word: string): string[] {
  const head = wordHead(word);
  const shorter = oneDeletion(head);
  return [
    key("d", head),
    ...shorter.map((form) => key("d", form)),
    ...oneDeletion(word).map((form) => key("l", form)),
  ];
}

/** Mandarin spellings one typing error away, so that a mistyped romanisation still finds a Han name. */
function mistypedSyllableKeys(word: string): string[] {
  return mistypedSyllables(word).map((run) => key("s", run.join("-")));
}
