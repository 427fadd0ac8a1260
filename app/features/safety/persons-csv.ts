/**
 * Persons in a table, as offices, schools and travel agencies keep them: which column is which, and what a cell
 * means. Pure. What comes out are answers as a visitor types them into the form; `personSchema` judges them.
 */
import { countryName } from "../../i18n/format.ts";
import { languages } from "../../i18n/languages.ts";
import { countries } from "./countries.ts";
import { PERSON_FIELDS } from "./persons.schema.ts";
import { asciiDigits } from "../../formats/form-fields.ts";

/** Chooses the identity of a row in its list, so that a corrected row is still the same row. */
export const SOURCE_KEY = "source_key";

const otherHeaders: Record<string, string> = {
  身分: "as",
  留言類型: "as",
  類型: "as",
  事件: "event",
  狀態: "status",
  狀況: "status",
  安否: "status",
  需要: "need",
  需求: "need",
  姓名: "full_name",
  名字: "full_name",
  中文姓名: "full_name",
  name: "full_name",
  氏名: "full_name",
  護照拼音: "alternate_names",
  護照姓名: "alternate_names",
  英文姓名: "alternate_names",
  英文名: "alternate_names",
  別名: "alternate_names",
  其他寫法: "alternate_names",
  ローマ字: "alternate_names",
  ふりがな: "alternate_names",
  passport_name: "alternate_names",
  other_names: "alternate_names",
  內容: "text",
  說明: "text",
  備註: "text",
  メモ: "text",
  notes: "text",
  最後位置: "last_known_location",
  最後所在地: "last_known_location",
  所在地: "last_known_location",
  地點: "last_known_location",
  場所: "last_known_location",
  location: "last_known_location",
  緯度: "lat",
  latitude: "lat",
  經度: "lon",
  経度: "lon",
  longitude: "lon",
  性別: "sex",
  gender: "sex",
  年齡: "age",
  年齢: "age",
  出生年: "birth_year",
  生年: "birth_year",
  出生日期: "birth_year",
  生日: "birth_year",
  生年月日: "birth_year",
  date_of_birth: "birth_year",
  國家: "home_country",
  國籍: "home_country",
  国籍: "home_country",
  country: "home_country",
  城市: "home_city",
  居住地: "home_city",
  都市: "home_city",
  city: "home_city",
  填表人: "author_name",
  聯絡人: "author_name",
  連絡人: "author_name",
  連絡先氏名: "author_name",
  contact_name: "author_name",
  電子郵件: "author_email",
  email: "author_email",
  "e-mail": "author_email",
  メール: "author_email",
  電話: "author_phone",
  手機: "author_phone",
  phone: "author_phone",
  公開範圍: "visibility",
  公開: "visibility",
  保留天數: "expiry_days",
  同意: "consent",
  同意公開: "consent",
  編號: SOURCE_KEY,
  序號: SOURCE_KEY,
  番号: SOURCE_KEY,
  id: SOURCE_KEY,
};

const fieldOfHeader = new Map<string, string>([
  ...[...PERSON_FIELDS, SOURCE_KEY]
    .filter((field) => field !== "client_id")
    .map((field) => [field, field] as const),
  ...Object.entries(otherHeaders).map(([header, field]) => [sameHeader(header), field] as const),
]);

/** The field a column holds, or null for a column we have no use for. */
export function fieldOfColumn(header: string): string | null {
  return fieldOfHeader.get(sameHeader(header)) ?? null;
}

/** The columns a table can have, for the help: `full_name（姓名）`. */
export const COLUMNS: readonly string[] = [...new Set(fieldOfHeader.values())];

/**
 * A row as answers of the form. Columns that mean the same field are put together where a field holds several
 * values, otherwise the first that says something counts.
 */
export function answersFromRow(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const cells = new Map<string, string[]>();
  for (const [header, cell] of Object.entries(values)) {
    const field = fieldOfColumn(header);
    if (field === null || cell === "") continue;
    cells.set(field, [...(cells.get(field) ?? []), cell]);
  }
  const one = (field: string) => cells.get(field)?.[0];
  const status = word(statuses, one("status"));
  const as = word(kinds, one("as")) ?? kindFromStatus(status);
  return {
    ...Object.fromEntries([...cells].map(([field, [cell]]) => [field, cell])),
    as,
    status: as === "me" || status !== "safe" ? status : "believed_alive",
    need: (cells.get("need") ?? []).flatMap((cell) => listed(cell).map((item) => word(needs, item))),
    alternate_names: (cells.get("alternate_names") ?? []).flatMap((cell) => cell.split(/[\n;；、]+/)),
    sex: word(sexes, one("sex")),
    age: one("age")?.replace(/\s*(?:歲|岁|才|歳)$/, ""),
    birth_year: birthYear(one("birth_year")),
    home_country: countryCode(one("home_country")),
    visibility: word(visibilities, one("visibility")),
    // A list that does not ask was collected for this purpose by whoever imports it.
    consent: cells.has("consent") ? word(yesNo, one("consent")) : "yes",
  };
}

/** What a list says in its own words, as ours. A word nobody knows is passed on, and refused by name. */
function word(known: Readonly<Record<string, string>>, cell: string | undefined): string | undefined {
  if (cell === undefined) return undefined;
  const same = sameHeader(cell);
  return Object.hasOwn(known, same) ? known[same] : cell;
}

const kinds: Record<string, string> = {
  me: "me",
  本人: "me",
  報平安: "me",
  seeking: "seeking",
  尋人: "seeking",
  協尋: "seeking",
  探しています: "seeking",
  informing: "informing",
  轉述: "informing",
  代報: "informing",
  代理: "informing",
};

const statuses: Record<string, string> = {
  safe: "safe",
  平安: "safe",
  安全: "safe",
  無事: "safe",
  help: "help",
  需要幫助: "help",
  求助: "help",
  助けが必要: "help",
  missing: "believed_missing",
  失聯: "believed_missing",
  失蹤: "believed_missing",
  行方不明: "believed_missing",
  dead: "believed_dead",
  罹難: "believed_dead",
  死亡: "believed_dead",
  sought: "information_sought",
  尋找中: "information_sought",
};

const needs: Record<string, string> = {
  受傷: "injured",
  けが: "injured",
  沒錢: "money",
  錢: "money",
  お金: "money",
  證件: "papers",
  護照遺失: "papers",
  旅券: "papers",
  受困: "stranded",
  孤立: "stranded",
  住處: "shelter",
  住宿: "shelter",
  宿泊: "shelter",
  其他: "other",
  その他: "other",
};

const sexes: Record<string, string> = {
  f: "female",
  女: "female",
  女性: "female",
  m: "male",
  男: "male",
  男性: "male",
  x: "other",
  其他: "other",
};

const visibilities: Record<string, string> = {
  公開: "public",
  認識的人: "known",
  連結: "link",
  只給工作人員: "staff",
  工作人員: "staff",
};

const yesNo: Record<string, string> = { y: "yes", 是: "yes", 同意: "yes", はい: "yes", "1": "yes", v: "yes" };

function kindFromStatus(status: string | undefined): string {
  if (status === "is_note_author" || status === "help") return "me";
  return status === undefined || status === "information_sought" ? "seeking" : "informing";
}

function listed(cell: string): string[] {
  return cell
    .split(/[,，、;；|\n]+/)
    .map((item) => item.trim())
    .filter(Boolean);
}

/** From a year or a whole birthday, of either calendar: 1990, 1990/5/3, 民國79年. */
function birthYear(cell: string | undefined): string | undefined {
  if (cell === undefined) return undefined;
  const typed = asciiDigits(cell).trim();
  const republic = /^民國?\s*(\d{2,3})(?!\d)/.exec(typed)?.[1];
  if (republic) return String(Number(republic) + 1911);
  return /^(\d{4})(?:[-/.年].*)?$/.exec(typed)?.[1] ?? typed;
}

let codes: Map<string, string> | undefined;

function countryCode(cell: string | undefined): string | undefined {
  if (cell === undefined || /^[A-Za-z]{2}$/.test(cell)) return cell;
  codes ??= new Map(
    languages.flatMap(({ code: language }) =>
      countries.map((code) => [sameHeader(countryName(code, language)), code] as const),
    ),
  );
  return codes.get(sameHeader(cell)) ?? codes.get(sameHeader(cell).replace(/^臺/, "台")) ?? cell;
}

/** Headers and words are the same whatever their width, case, spaces and marks for "required". */
function sameHeader(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[*:（(].*$/, "")
    .trim()
    .replace(/\s+/g, "_");
}
