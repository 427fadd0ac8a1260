/** Countries by the names that ministries give them, in Chinese, English and Japanese. */

const CODES = (
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA " +
  "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
  "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT " +
  "JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP " +
  "MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA " +
  "RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT " +
  "TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
).split(" ");

// How ministries say it where the dictionaries of the runtime say it differently.
const ALIASES: Readonly<Record<string, string>> = {
  韓國: "KR", 大韓民國: "KR", 北韓: "KP", 美國: "US", 英國: "GB", 澳洲: "AU", 紐西蘭: "NZ", 泰國: "TH", 越南: "VN", 緬甸: "MM",
  加薩走廊: "PS", 加薩: "PS", 約旦河西岸: "PS", 巴勒斯坦: "PS", 中國大陸: "CN", 中國: "CN", 香港: "HK", 澳門: "MO", 捷克: "CZ", 土耳其: "TR",
  俄羅斯: "RU", 剛果民主共和國: "CD", 剛果共和國: "CG", 象牙海岸: "CI", 史瓦帝尼: "SZ", 汶萊: "BN", 寮國: "LA", 馬爾地夫: "MV",
  北馬其頓: "MK", 波士尼亞與赫塞哥維納: "BA", 千里達及托巴哥: "TT", 聖多美普林西比: "ST", 東帝汶: "TL", 梵蒂岡: "VA", 教廷: "VA", 科索沃: "XK",
  usa: "US", "united states of america": "US", us: "US", uk: "GB", "great britain": "GB", "korea (south korea)": "KR",
  "south korea": "KR", korea: "KR", "republic of korea": "KR", "north korea": "KP", burma: "MM", myanmar: "MM", "gaza strip": "PS", gaza: "PS",
  "west bank": "PS", turkey: "TR", "türkiye": "TR", "czech republic": "CZ", "ivory coast": "CI", "cote d'ivoire": "CI", swaziland: "SZ",
  "cape verde": "CV", "hong kong": "HK", macau: "MO", macao: "MO", palestine: "PS", russia: "RU", "the bahamas": "BS", "the gambia": "GM",
  "democratic republic of the congo": "CD", "republic of the congo": "CG", "east timor": "TL", "holy see": "VA",
}; // prettier-ignore

/** The code of a country by one of its names (ISO 3166-1 alpha-2); null when no country is called so. */
export function countryByName(name: string): string | null {
  const key = keyOf(name);
  return key === "" ? null : (table().get(key) ?? null);
}

/** The first of several names that is a country's. */
export function countryAmong(names: readonly string[]): string | null {
  for (const name of names) {
    const code = countryByName(name);
    if (code) return code;
  }
  return null;
}

function keyOf(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/台/g, "臺")
    .replace(/&/g, "and")
    .replace(/[’‘`´]/g, "'")
    .replace(/\s+/g, " ")
    .replace(/^[\s\-–—:：()（）]+|[\s\-–—:：]+$/g, "")
    .slice(0, 100);
}

let known: ReadonlyMap<string, string> | null = null;

function table(): ReadonlyMap<string, string> {
  if (known) return known;
  const names = new Map<string, string>();
  for (const language of ["zh-Hant-TW", "zh-Hant-HK", "en", "ja"]) {
    const said = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    for (const code of CODES) {
      const name = said.of(code);
      if (name && !names.has(keyOf(name))) names.set(keyOf(name), code);
    }
  }
  for (const [name, code] of Object.entries(ALIASES)) names.set(keyOf(name), code);
  known = names;
  return names;
}
