/**
 * Cases in a table, as missions keep them: which column is which, and what a cell means. Pure. What comes out are answers
 * as staff type them into the form; `caseSchema` judges them.
 */
import { countryName } from "../../i18n/format.ts";
import { languages } from "../../i18n/languages.ts";
import { readDay } from "./answers.ts";
import { PARTIES, REGION_OF_COUNTRY, type AgeBand, type CaseSubtype, type CaseType } from "./cases.ts";

/** The columns of our own tables; whoever exports cases for us names them so. */
export const CASE_COLUMNS = [
  "source_key", "opened_on", "country", "place", "type", "subtype", "programme", "age_band", "insured", "persons", "deaths",
  "injured", "outcome", "closed_on", "narrative", "parties",
] as const; // prettier-ignore
type Column = (typeof CASE_COLUMNS)[number];

const otherHeaders: Record<string, Column> = {
  編號: "source_key",
  案號: "source_key",
  id: "source_key",
  日期: "opened_on",
  開案日期: "opened_on",
  受理日期: "opened_on",
  案發日期: "opened_on",
  date: "opened_on",
  受理日: "opened_on",
  國家: "country",
  国: "country",
  國別: "country",
  駐在國: "country",
  地點: "place",
  場所: "place",
  類型: "type",
  種類: "type",
  案件類型: "type",
  細類: "subtype",
  子類型: "subtype",
  細目: "subtype",
  身分: "programme",
  目的: "programme",
  出國目的: "programme",
  渡航目的: "programme",
  purpose: "programme",
  年齡: "age_band",
  年齡層: "age_band",
  年齢: "age_band",
  age: "age_band",
  投保: "insured",
  保險: "insured",
  保険: "insured",
  insurance: "insured",
  人數: "persons",
  人数: "persons",
  死亡: "deaths",
  死亡人數: "deaths",
  dead: "deaths",
  受傷: "injured",
  受傷人數: "injured",
  負傷: "injured",
  結果: "outcome",
  處理結果: "outcome",
  結案日期: "closed_on",
  完了日: "closed_on",
  closed: "closed_on",
  說明: "narrative",
  案情: "narrative",
  概要: "narrative",
  內容: "narrative",
  已聯絡: "parties",
  聯絡單位: "parties",
  contacted: "parties",
};

const columns = new Map<string, Column>([
  ...CASE_COLUMNS.map((column) => [column, column] as const),
  ...Object.entries(otherHeaders).map(([header, column]) => [same(header), column] as const),
]);

/** The field a column holds, or null for a column we have no use for. */
export function caseColumn(header: string): Column | null {
  return columns.get(same(header)) ?? null;
}

/** A row as answers of the form. Of several columns that mean the same, the first that says something counts. */
export function caseAnswers(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const cells: Partial<Record<Column, string>> = {};
  for (const [header, cell] of Object.entries(values)) {
    const column = caseColumn(header);
    if (column !== null && cell !== "") cells[column] ??= cell;
  }
  const { parties: contacted, ...rest } = cells;
  return {
    ...rest,
    opened_on: cells.opened_on && (readDay(cells.opened_on) ?? cells.opened_on),
    closed_on: cells.closed_on && (readDay(cells.closed_on) ?? cells.closed_on),
    country: countryCode(cells.country),
    type: word(types, cells.type),
    subtype: word(subtypes, cells.subtype),
    programme: word(programmes, cells.programme),
    age_band: ageBand(cells.age_band),
    insured: word(yesNo, cells.insured),
    outcome: word(outcomes, cells.outcome),
    ...partyAnswers(contacted),
  };
}

/** What a list says in its own words, as ours. A word nobody knows is passed on, and refused by name. */
function word(known: Readonly<Record<string, string>>, cell: string | undefined): string | undefined {
  if (cell === undefined) return undefined;
  const key = same(cell);
  return Object.hasOwn(known, key) ? known[key] : key;
}

const types: Record<string, CaseType> = {
  護照遺失: "passport_lost",
  旅券紛失: "passport_lost",
  逮捕拘禁: "arrest",
  遭逮捕: "arrest",
  逮捕: "arrest",
  傷亡: "injury_death",
  意外傷亡: "injury_death",
  死傷: "injury_death",
  偷竊詐騙: "theft_fraud",
  竊盜詐騙: "theft_fraud",
  盗難: "theft_fraud",
  嚴重犯罪: "violent_crime",
  凶悪犯罪: "violent_crime",
  不可抗力: "force_majeure",
  天災戰亂: "force_majeure",
  災害: "force_majeure",
  其他: "other",
  その他: "other",
};

const subtypes: Record<string, CaseSubtype> = {
  遺失護照: "passport_mislaid",
  護照遺失: "passport_mislaid",
  護照被竊: "passport_stolen",
  護照遭竊: "passport_stolen",
  護照毀損: "passport_damaged",
  逮捕: "arrested",
  拘禁: "detained",
  拒絕入境: "entry_refused",
  拒絕出境: "exit_refused",
  車禍: "traffic_accident",
  交通事故: "traffic_accident",
  山域水域: "outdoor_accident",
  溺水: "outdoor_accident",
  登山: "outdoor_accident",
  職災: "work_accident",
  工作意外: "work_accident",
  意外: "other_accident",
  生病: "illness",
  疾病: "illness",
  失聯: "lost_contact",
  失蹤: "lost_contact",
  死亡: "death",
  竊盜: "theft",
  被偷: "theft",
  詐騙: "fraud",
  求職詐騙: "job_scam",
  搶劫: "robbery",
  綁架: "kidnapping",
  傷害: "assault",
  性侵: "sexual_assault",
  殺害: "homicide",
  天災: "natural_disaster",
  地震: "natural_disaster",
  重大交通事故: "transport_disaster",
  動亂: "unrest",
  戰爭: "war",
  疫情: "epidemic",
  沒錢: "destitute",
  滯留: "stranded",
  家人急難: "family_emergency",
  其他: "something_else",
};

const programmes: Record<string, string> = {
  觀光: "tourism",
  旅遊: "tourism",
  観光: "tourism",
  打工度假: "working_holiday",
  度假打工: "working_holiday",
  ワーキングホリデー: "working_holiday",
  工作: "work",
  商務: "work",
  仕事: "work",
  留學: "study",
  遊學: "study",
  留学: "study",
  僑居: "resident",
  旅居: "resident",
  在住: "resident",
  其他: "other",
  その他: "other",
};

const outcomes: Record<string, string> = {
  處理中: "open",
  対応中: "open",
  已解決: "resolved",
  結案: "resolved",
  解決: "resolved",
  已返國: "returned_home",
  返國: "returned_home",
  帰国: "returned_home",
  治療中: "in_treatment",
  已尋獲: "found_and_reported",
  尋獲: "found_and_reported",
  羈押: "in_custody",
  服刑: "in_custody",
  死亡: "died",
  轉交: "handed_over",
  失去聯絡: "contact_lost",
};

const yesNo: Record<string, string> = {
  y: "yes",
  n: "no",
  是: "yes",
  否: "no",
  有: "yes",
  無: "no",
  沒有: "no",
  已投保: "yes",
  未投保: "no",
  はい: "yes",
  いいえ: "no",
  "1": "yes",
  "0": "no",
  true: "yes",
  false: "no",
  不明: "unknown",
  未知: "unknown",
};

const parties: Record<string, (typeof PARTIES)[number]> = {
  家屬: "family",
  家族: "family",
  航空公司: "airline",
  航空会社: "airline",
  醫院: "hospital",
  病院: "hospital",
  警方: "police",
  警察: "police",
  保險公司: "insurance",
  保険会社: "insurance",
  鄰近館處: "neighbouring_mission",
  雇主: "employer_school",
  學校: "employer_school",
  旅行社: "travel_agency",
  僑民: "compatriots",
  僑團: "compatriots",
  領務局: "head_office",
};

/** From a band of ours or an age in years. */
function ageBand(cell: string | undefined): string | undefined {
  if (cell === undefined) return undefined;
  const years = /^(\d{1,3})\s*(?:歲|岁|才|歳)?$/.exec(cell.normalize("NFKC").trim())?.[1];
  if (years === undefined) return same(cell).replaceAll("-", "_");
  const age = Number(years);
  const band: AgeBand =
    age < 18 ? "under_18" : age < 30 ? "18_29" : age < 45 ? "30_44" : age < 65 ? "45_64" : "65_up";
  return age > 130 ? cell : band;
}

/** "家屬、警方": each was asked; "家屬=informed" says with what result. A party nobody knows stays in `parties`, to be named. */
function partyAnswers(cell: string | undefined): Record<string, string> {
  const answers: Record<string, string> = {};
  for (const item of (cell ?? "").split(/[,，、;；|\n]+/)) {
    const [name = "", result = "asked"] = item.split(/[=:：]/, 2).map((part) => part.trim());
    const party = PARTIES.find((one) => one === word(parties, name));
    if (party) answers[`party_${party}`] = result;
    else if (name !== "") answers.parties = name;
  }
  return answers;
}

let codes: Map<string, string> | undefined;

function countryCode(cell: string | undefined): string | undefined {
  if (cell === undefined || /^[A-Za-z]{2}$/.test(cell)) return cell;
  codes ??= new Map(
    languages.flatMap(({ code: language }) =>
      [...REGION_OF_COUNTRY.keys()].map((code) => [same(countryName(code, language)), code] as const),
    ),
  );
  return codes.get(same(cell)) ?? codes.get(same(cell).replace(/^臺/, "台")) ?? cell;
}

/** Headers and words are the same whatever their width, case, spaces and marks for "required". */
function same(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[*（(].*$/, "")
    .trim()
    .replace(/\s+/g, "_");
}
