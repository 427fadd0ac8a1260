/** Five hundred ways in which somebody looks for a person on the board. */
import { foldHan } from "#app/names/han.ts";
import { arrange, chance, romanise, SCHEMES, type InventedPerson } from "./people.ts";

export type QueryKind =
  | "han"
  | "simplified"
  | (typeof SCHEMES)[number]
  | "swapped"
  | "typo"
  | "given name alone"
  | "surname alone"
  | "miss";

export interface SearchQuery {
  kind: QueryKind;
  q: string;
  /** Who is looked for, by place on the board; null when anybody or nobody would do. */
  wanted: number | null;
}

/** Queries for persons drawn from those on the board, every kind equally often, the same for the same board. */
export function inventQueries(people: readonly InventedPerson[], count: number): SearchQuery[] {
  const next = chance(1999_09_21);
  const kinds: QueryKind[] = [
    "han",
    "simplified",
    ...SCHEMES,
    "swapped",
    "typo",
    "given name alone",
    "surname alone",
    "miss",
  ];
  const queries: SearchQuery[] = [];
  while (queries.length < count) {
    const kind = kinds[queries.length % kinds.length]!;
    const at = Math.floor(next() * people.length);
    const person = people[at]!;
    // Who is not public, or has one given character like hundreds of others, is nobody's measure.
    if (!person.isPublic || person.name.given.length < 2) continue;
    const q = phrase(kind, person, next);
    if (q !== null) queries.push({ kind, q, wanted: isForOne(kind) ? at : null });
  }
  return queries;
}

function isForOne(kind: QueryKind): boolean {
  return kind !== "given name alone" && kind !== "surname alone" && kind !== "miss";
}

function phrase(kind: QueryKind, { name }: InventedPerson, next: () => number): string | null {
  const { surname, given } = name;
  switch (kind) {
    case "han":
      return surname + given;
    case "simplified":
      return foldHan(surname + given);
    case "given name alone":
      return given;
    case "surname alone":
      return surname;
    case "miss":
      return `${"龘靐齉爩"[Math.floor(next() * 4)]}${given.slice(0, 1)}${"鱻麤龗"[Math.floor(next() * 3)]}`;
    case "swapped": {
      const scheme = SCHEMES[Math.floor(next() * SCHEMES.length)]!;
      const latin = romanise(surname, given, scheme);
      return `${latin.given.join("")} ${latin.surname}`;
    }
    case "typo":
      return mistype(arrange(romanise(surname, given, "hanyu"), 0.8), next);
    default:
      return arrange(romanise(surname, given, kind), next());
  }
}

/** One letter doubled, dropped, changed or swapped with its neighbour, in the longest word. */
function mistype(written: string, next: () => number): string | null {
  const words = written.split(" ");
  const longest = words.reduce((best, word, at) => (word.length > words[best]!.length ? at : best), 0);
  const word = words[longest]!;
  if (word.length < 5) return null;
  const at = 1 + Math.floor(next() * (word.length - 2));
  const letter = word[at]!;
  const wrong = [
    word.slice(0, at) + letter + word.slice(at),
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + "aeioungh"[Math.floor(next() * 8)] + word.slice(at + 1),
    word.slice(0, at) + word[at + 1]! + letter + word.slice(at + 2),
  ][Math.floor(next() * 4)]!;
  return wrong === word ? null : words.map((other, nth) => (nth === longest ? wrong : other)).join(" ");
}
