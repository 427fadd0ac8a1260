/**
 * Cyrillic and Greek letters to Latin, one simple table each (BGN/PCGN without marks; ISO 843 without marks),
 * so that рицуко finds Ritsuko. Japanese names in Cyrillic follow the Polivanov habit closely enough.
 */
// prettier-ignore
const CYRILLIC: Readonly<Record<string, string>> = {
  а: "a", б: "b", в: "v", г: "g", ґ: "g", д: "d", е: "e", ё: "e", є: "ye", ж: "zh", з: "z", и: "i", і: "i", ї: "i",
  й: "y", ј: "j", к: "k", л: "l", љ: "lj", м: "m", н: "n", њ: "nj", о: "o", п: "p", р: "r", с: "s", т: "t", ћ: "c",
  ђ: "dj", у: "u", ў: "u", ф: "f", х: "h", ц: "ts", ч: "ch", џ: "dz", ш: "sh", щ: "shch", ъ: "", ы: "y", ь: "",
  э: "e", ю: "yu", я: "ya", ә: "a", ғ: "g", қ: "k", ң: "ng", ө: "o", ү: "u", ұ: "u", һ: "h",
};

// prettier-ignore
const GREEK: Readonly<Record<string, string>> = {
  α: "a", β: "v", γ: "g", δ: "d", ε: "e", ζ: "z", η: "i", θ: "th", ι: "i", κ: "k", λ: "l", μ: "m", ν: "n", ξ: "x",
  ο: "o", π: "p", ρ: "r", σ: "s", ς: "s", τ: "t", υ: "y", φ: "f", χ: "ch", ψ: "ps", ω: "o",
};

/** Latin letters that carry no separable accent. */
// prettier-ignore
const LATIN: Readonly<Record<string, string>> = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i", ŋ: "ng", ħ: "h", ə: "e", ŧ: "t", ĸ: "k",
  ɓ: "b", ɗ: "d", ƙ: "k", ŀ: "l",
};

const LETTERS: ReadonlyMap<string, string> = new Map(Object.entries({ ...CYRILLIC, ...GREEK, ...LATIN }));

/** A lower-case word without accents, its Cyrillic, Greek and special Latin letters as plain Latin ones. */
export function toPlainLatin(word: string): string {
  return Array.from(word, (letter) => LETTERS.get(letter) ?? letter).join("");
}
