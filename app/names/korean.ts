import { cutIntoSyllables } from "./segmentation.ts";

/**
 * Korean names: hangul to the Revised Romanisation (2000) block by block, and the many personal spellings back
 * to it (Joon, Jun → jun; Young, Yeong → yeong; Park, Bak → bak).
 */

const HANGUL_START = 0xac00;
const VOWEL_COUNT = 21;
const CODA_COUNT = 28;

const ONSETS = "g kk n d tt r m b pp s ss - j jj ch k t p h".split(" ");
const VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ");
const CODAS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(" ");

/** Personal spellings of the halves of a syllable beside the Revised ones. */
// prettier-ignore
const ONSET_SPELLINGS: Readonly<Record<string, string>> = {
  g: "k", d: "t", b: "p", r: "l n", j: "ch", s: "sh", ch: "tch",
};
// prettier-ignore
const VOWEL_SPELLINGS: Readonly<Record<string, string>> = {
  eo: "u o", yeo: "you yu yo yeou", u: "oo ou", yu: "yoo you", o: "oh", yo: "yoh", eu: "u", i: "ee", ui: "eui ee i",
  ae: "ai", wo: "won woo", a: "ah", e: "ae", we: "wei",
};
const CODA_SPELLINGS: Readonly<Record<string, string>> = { k: "g ck", p: "b", t: "d" };

/** Surnames whose customary spelling follows no rule, in Revised Romanisation. */
const SURNAME_SPELLINGS =
  "gim kim ghim;i lee yi rhee ri li yee rhie;bak park pak bark;choe choi choy;jeong jung chung jong cheong joung;gang kang;jo cho joe;" +
  "yun yoon youn;jang chang;im lim rim yim;han;o oh;seo suh so;sin shin;gwon kwon;hwang whang;an ahn;song;ryu yoo you yu;yu yoo you ryu;" +
  "jeon jun chun cheon;hong;go ko koh;mun moon;yang;son sohn;bae bai pae;baek paik paek baik;heo hur huh her;nam;sim shim;no roh noh ro;" +
  "ha hah;gwak kwak kwag;seong sung;cha;ju joo choo;u woo wu;gu koo ku;ra na la;min;jin chin;ji jee chi;eom um uhm;won;chae;cheon chun;" +
  "bang pang;gong kong;hyeon hyun;ham;byeon byun;yeo yuh;chu choo;do doh;so soh;seok suk;seon sun;seol sul;ma mah;gil kil;pyo;myeong myung;" +
  "gi ki kee;ban pan;wang;geum keum kum;ok ock;yuk;in;maeng;je jae;mo;namgung namkoong namkung;tak;guk kook;yeon youn;eo uh;eun;yong";

const surnames: ReadonlyMap<string, readonly string[]> = readSurnames();

function readSurnames(): Map<string, readonly string[]> {
  const bySpelling = new Map<string, string[]>();
  for (const line of SURNAME_SPELLINGS.split(";")) {
    const [revised = "", ...others] = line.split(" ");
    for (const spelling of [revised, ...others]) {
      bySpelling.set(spelling, [...(bySpelling.get(spelling) ?? []), revised]);
    }
  }
  return bySpelling;
}

/** Revised Romanisation of one hangul block (`김` → `gim`); null for any other character. */
export function hangulSyllable(block: string): string | null {
  const offset = (block.codePointAt(0) ?? 0) - HANGUL_START;
  if (offset < 0 || offset >= ONSETS.length * VOWEL_COUNT * CODA_COUNT) return null;
  const onset = ONSETS[Math.floor(offset / (VOWEL_COUNT * CODA_COUNT))] ?? "";
  const vowel = VOWELS[Math.floor(offset / CODA_COUNT) % VOWEL_COUNT] ?? "";
  const coda = CODAS[offset % CODA_COUNT] ?? "";
  return `${onset}${vowel}${coda}`.replaceAll("-", "");
}

/** Korean surnames, in Revised Romanisation, that a Latin word may stand for: `park` → bak; empty for none. */
export function koreanSurnames(word: string): readonly string[] {
  return surnames.get(word) ?? [];
}

const LONGEST_SYLLABLE = 7;

let readingsBySpelling: Map<string, readonly string[]> | undefined;

function spellingTable(): Map<string, readonly string[]> {
  readingsBySpelling ??= buildSpellingTable();
  return readingsBySpelling;
}

function buildSpellingTable(): Map<string, readonly string[]> {
  const table = new Map<string, string[]>();
  const variants = (sound: string, spellings: Readonly<Record<string, string>>): string[] =>
    [sound, ...(spellings[sound]?.split(" ") ?? [])].map((spelling) => (spelling === "-" ? "" : spelling));
  for (const onset of ONSETS) {
    for (const vowel of VOWELS) {
      for (const coda of new Set(CODAS)) {
        const revised = `${onset}${vowel}${coda}`.replaceAll("-", "");
        for (const start of variants(onset, ONSET_SPELLINGS)) {
          for (const middle of variants(vowel, VOWEL_SPELLINGS)) {
            for (const end of variants(coda, CODA_SPELLINGS)) {
              const spelling = start + middle + end;
              const known = table.get(spelling) ?? [];
              if (!known.includes(revised)) table.set(spelling, [...known, revised]);
            }
          }
        }
      }
    }
  }
  return table;
}

/** Revised syllables one Latin spelling may stand for (`young` → yeong, yung …), at most six. */
export function koreanSyllables(spelling: string): readonly string[] {
  return spellingTable().get(spelling)?.slice(0, 6) ?? [];
}

/** Cuts a run-together given name of two syllables, `minjoon` → min|joon; at most three cuts. */
export function cutKoreanWord(word: string): string[][] {
  const table = spellingTable();
  return cutIntoSyllables(word, (part) => table.has(part), {
    longest: LONGEST_SYLLABLE,
    maxSyllables: 2,
    limit: 3,
  }).filter((cut) => cut.length === 2);
}
