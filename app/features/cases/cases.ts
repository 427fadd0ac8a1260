/**
 * Cases of emergency assistance: the words staff file them under. Pure and browser-safe.
 *
 * The seven types are those of point 3 of the guideline that Taiwan's missions work by (旅外國人急難救助實施要點第三點,
 * laws.taipei.gov.tw A040050041000400), in its order: 1 passport lost, 2 arrested, detained or refused entry or exit by a
 * foreign government, 3 hurt in an accident, too ill to reach a doctor, missing or dead, 4 victim of theft or fraud,
 * 5 victim of robbery, kidnapping or assault, 6 disaster, unrest or war, 7 whatever else the mission finds urgent.
 * The sub-types are ours: the guideline has none.
 */
import { z } from "zod";

export const CASE_TYPES = [
  "passport_lost",
  "arrest",
  "injury_death",
  "theft_fraud",
  "violent_crime",
  "force_majeure",
  "other",
] as const;
export type CaseType = (typeof CASE_TYPES)[number];

/** Each sub-type stands under one type, and its name is its own. */
export const SUBTYPES = {
  passport_lost: ["passport_mislaid", "passport_stolen", "passport_damaged"],
  arrest: ["arrested", "detained", "entry_refused", "exit_refused"],
  injury_death: [
    "traffic_accident", "outdoor_accident", "work_accident", "other_accident", "illness", "lost_contact", "death",
  ],
  theft_fraud: ["theft", "fraud", "job_scam"],
  violent_crime: ["robbery", "kidnapping", "assault", "sexual_assault", "homicide"],
  force_majeure: ["natural_disaster", "transport_disaster", "unrest", "war", "epidemic"],
  other: ["destitute", "stranded", "family_emergency", "something_else"],
} as const satisfies Record<CaseType, readonly string[]>; // prettier-ignore
export type CaseSubtype = (typeof SUBTYPES)[CaseType][number];

/** Every sub-type, in the order of the types. */
export const CASE_SUBTYPES: readonly CaseSubtype[] = CASE_TYPES.flatMap(
  (type) => SUBTYPES[type] as readonly CaseSubtype[],
);

/** The type a sub-type stands under. */
export function typeOfSubtype(subtype: CaseSubtype): CaseType {
  return CASE_TYPES.find((type) => (SUBTYPES[type] as readonly string[]).includes(subtype))!;
}

/** Why the person was abroad. */
export const PROGRAMMES = ["tourism", "working_holiday", "work", "study", "resident", "other"] as const;
export type Programme = (typeof PROGRAMMES)[number];

/** Ages in bands wide enough to tell little; `unknown` when nobody wrote it down or several people differ. */
export const AGE_BANDS = ["under_18", "18_29", "30_44", "45_64", "65_up", "unknown"] as const;
export type AgeBand = (typeof AGE_BANDS)[number];

export const OUTCOMES = [
  "open",
  "resolved",
  "returned_home",
  "in_treatment",
  "found_and_reported",
  "in_custody",
  "died",
  "handed_over",
  "contact_lost",
] as const;
export type CaseOutcome = (typeof OUTCOMES)[number];

/** Who was asked or told while a case was handled (D62): the checklist of the page. */
export const PARTIES = [
  "family",
  "airline",
  "hospital",
  "police",
  "insurance",
  "neighbouring_mission",
  "employer_school",
  "travel_agency",
  "compatriots",
  "head_office",
] as const;
export type Party = (typeof PARTIES)[number];

export const PARTY_RESULTS = ["asked", "no_answer", "informed", "helping"] as const;
export type PartyResult = (typeof PARTY_RESULTS)[number];

export const REGIONS = [
  "north_east_asia",
  "south_east_asia",
  "south_asia",
  "west_asia",
  "europe",
  "north_america",
  "latin_america",
  "oceania",
  "africa",
] as const;
export type Region = (typeof REGIONS)[number];

/**
 * ISO 3166-1 codes by region: the sub-regions of UN M49, with Asia kept in four parts (Central Asia stands with the
 * south) and Bermuda and Greenland in North America. Each region lies within one of the five continents that the
 * tourism administration counts outbound travellers by.
 */
const COUNTRIES: Readonly<Record<Region, string>> = {
  north_east_asia: "CN HK JP KP KR MN MO TW",
  south_east_asia: "BN ID KH LA MM MY PH SG TH TL VN",
  south_asia: "AF BD BT IN IO IR KG KZ LK MV NP PK TJ TM UZ",
  west_asia: "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
  europe:
    "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
  north_america: "BM CA GL PM US",
  latin_america:
    "AG AI AR AW BB BL BO BQ BR BS BV BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY LC MF MQ MS MX NI PA PE PR PY SR SV SX TC TT UY VC VE VG VI",
  oceania: "AQ AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TF TK TO TV UM VU WF WS",
  africa:
    "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
};

/** Which region a country belongs to, by ISO code. The database keeps the same table. */
export const REGION_OF_COUNTRY: ReadonlyMap<string, Region> = new Map(
  REGIONS.flatMap((region) => COUNTRIES[region].split(" ").map((country) => [country, region] as const)),
);

export const LIMITS = {
  narrative: 10_000,
  place: 200,
  sourceKey: 200,
  persons: 9_999,
} as const;

/** A case as staff read it in lists. What was told in confidence stands apart. */
export const caseRow = z.object({
  id: z.string(),
  opened_on: z.string(),
  closed_on: z.string().nullable(),
  country: z.string(),
  region: z.enum(REGIONS),
  type: z.enum(CASE_TYPES),
  subtype: z.enum(CASE_SUBTYPES),
  programme: z.enum(PROGRAMMES),
  age_band: z.enum(AGE_BANDS),
  insured: z.boolean().nullable(),
  persons: z.number(),
  deaths: z.number(),
  injured: z.number(),
  outcome: z.enum(OUTCOMES),
  source_key: z.string().nullable(),
  invented: z.boolean(),
  version: z.number(),
});
export type Case = z.infer<typeof caseRow>;

/** Whether a case is over: an open one and one whose person went out of reach are not. */
export function isClosed(outcome: CaseOutcome): boolean {
  return outcome !== "open" && outcome !== "contact_lost" && outcome !== "in_treatment";
}
