import { NO_FINAL } from "./zhuyin.ts";
import type { ZhuyinSyllable } from "./zhuyin.ts";

/**
 * Gwoyeu Romatzyh (1928) spells the tone into the syllable, so each syllable has four forms. Many families
 * still use one of them as a surname or in a given name (Hwang, Jyh, Pyng, Yeou, Tsay).
 */

// prettier-ignore
const INITIALS: Readonly<Record<string, string>> = {
  ㄅ: "b", ㄆ: "p", ㄇ: "m", ㄈ: "f", ㄉ: "d", ㄊ: "t", ㄋ: "n", ㄌ: "l", ㄍ: "g", ㄎ: "k", ㄏ: "h",
  ㄐ: "j", ㄑ: "ch", ㄒ: "sh", ㄓ: "j", ㄔ: "ch", ㄕ: "sh", ㄖ: "r", ㄗ: "tz", ㄘ: "ts", ㄙ: "s",
};

// prettier-ignore
const FINALS: Readonly<Record<string, string>> = {
  [NO_FINAL]: "y", ㄚ: "a", ㄛ: "o", ㄜ: "e", ㄝ: "e", ㄞ: "ai", ㄟ: "ei", ㄠ: "au", ㄡ: "ou",
  ㄢ: "an", ㄣ: "en", ㄤ: "ang", ㄥ: "eng", ㄦ: "el",
  ㄧ: "i", ㄧㄚ: "ia", ㄧㄛ: "io", ㄧㄝ: "ie", ㄧㄞ: "iai", ㄧㄠ: "iau", ㄧㄡ: "iou", ㄧㄢ: "ian",
  ㄧㄣ: "in", ㄧㄤ: "iang", ㄧㄥ: "ing",
  ㄨ: "u", ㄨㄚ: "ua", ㄨㄛ: "uo", ㄨㄞ: "uai", ㄨㄟ: "uei", ㄨㄢ: "uan", ㄨㄣ: "uen", ㄨㄤ: "uang", ㄨㄥ: "ong",
  ㄩ: "iu", ㄩㄝ: "iue", ㄩㄢ: "iuan", ㄩㄣ: "iun", ㄩㄥ: "iong",
};

/**
 * The four tonal spellings of a syllable, first tone first. Rules as in the Ministry's standard: basic form;
 * second tone by y/w or r (sonorants m n l r swap first and second tone, with h); third by e/o or a doubled
 * vowel; fourth by y/w/h or a changed ending.
 */
export function gwoyeuSpellings({ initial, final }: ZhuyinSyllable): string[] {
  const onset = INITIALS[initial] ?? "";
  const basic = initial === "" && final === "ㄨㄥ" ? "ueng" : (FINALS[final] ?? "");
  const sonorant = "ㄇㄋㄌㄖ".includes(initial) && initial !== "";
  const first = sonorant ? `${onset}h${basic}` : onset + basic;
  const second = sonorant ? onset + basic : onset + secondTone(basic);
  return [first, second, onset + thirdTone(basic, initial === ""), onset + fourthTone(basic, initial === "")];
}

function secondTone(basic: string): string {
  if (basic === "i") return "yi";
  if (basic === "u") return "wu";
  if (basic === "iu") return "yu";
  if (basic.startsWith("iu")) return `yu${basic.slice(2)}`;
  if (/^i[aeo]/.test(basic) || /^i(n|ng)$/.test(basic)) return `y${basic.slice(1)}`;
  if (/^u[aeo]/.test(basic)) return `w${basic.slice(1)}`;
  return basic.replace(/(ng|n|l)?$/, "r$1");
}

function thirdTone(basic: string, alone: boolean): string {
  if (basic === "ie") return alone ? "yee" : "iee";
  if (basic === "uo") return alone ? "woo" : "uoo";
  if (basic === "io") return alone ? "yoo" : "ioo";
  if (basic === "iai") return "yae";
  if (/^iu|^i[ao]/.test(basic)) return `${alone ? "y" : ""}e${basic.slice(1)}`;
  if (/^u[ae]/.test(basic)) return `${alone ? "w" : ""}o${basic.slice(1)}`;
  if (basic === "ai") return "ae";
  if (basic === "au") return "ao";
  const doubled = basic.replace(/[aeiouy]/, "$&$&");
  if (!alone) return doubled;
  return doubled.replace(/^ii/, "yii").replace(/^uu/, "wuu");
}

function fourthTone(basic: string, alone: boolean): string {
  const ending = basic
    .replace(/ng$/, "nq")
    .replace(/n$/, "nn")
    .replace(/l$/, "ll")
    .replace(/([ae])i$/, "$1y")
    .replace(/([ao])u$/, "$1w");
  const changed = ending === basic ? `${basic}h` : ending;
  if (!alone) return changed;
  if (/^i(h|n)/.test(changed)) return `y${changed}`;
  if (changed.startsWith("uh")) return `w${changed}`;
  return changed.replace(/^i/, "y").replace(/^u/, "w");
}
