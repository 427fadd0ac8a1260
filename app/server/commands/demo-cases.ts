import type { CaseInput } from "../../features/cases/cases.schema.ts";
import {
  typeOfSubtype,
  type AgeBand,
  type CaseOutcome,
  type CaseSubtype,
  type Programme,
} from "../../features/cases/cases.ts";
import type { Commands } from "../../platform/db.server.ts";
import { chanceFrom, type Chance } from "./demo-chance.ts";

/**
 * Invented cases as sparse as real ones: a few countries with many, a long tail with one in years; summers and new years;
 * the two years in which hardly anybody travelled. None of the numbers is anybody's statistics.
 */

type Weighted<T> = readonly (readonly [T, number])[];

// 2020 began as usual and stopped in March.
const years: Weighted<number> = [
  [2020, 480],
  [2021, 170],
  [2022, 350],
  [2023, 1060],
  [2024, 1390],
  [2025, 1550],
];
const months = [11, 10, 7, 8, 7, 8, 12, 11, 7, 8, 7, 9];
const monthsOf2020 = [40, 30, 15, 2, 1, 1, 2, 2, 1, 2, 2, 2];

const manyTravellers: Weighted<string> = [
  ["JP", 260], ["US", 92], ["TH", 84], ["AU", 80], ["KR", 72], ["VN", 58], ["FR", 44], ["PH", 42], ["IT", 40],
  ["KH", 34], ["GB", 33], ["DE", 30], ["ID", 30], ["MY", 28], ["CA", 27], ["ES", 26], ["NZ", 24], ["SG", 20],
  ["TR", 17], ["AE", 14], ["NL", 13], ["CZ", 11], ["AT", 10], ["IN", 10], ["MM", 9], ["CH", 9],
]; // prettier-ignore
// A mission in a small country sees one case a year, or one in ten.
const tail = "AR BE BG BR CL CO CR CY DK EE EG ET FI FJ GE GR GT HN HR HU IE IL IS JO KE KZ LA LK LT LU LV MA MG MN MT MU MV MX NG NO NP PA PE PG PK PL PT PW PY QA RO RS RU SA SE SI SK SN SV SZ TZ UA UG UY UZ VC ZA ZM ZW"; // prettier-ignore

const countries: Weighted<string> = [
  ...manyTravellers,
  ...tail
    .split(" ")
    .map((code, index) => [code, index % 3 === 0 ? 2.4 : index % 3 === 1 ? 1 : 0.35] as const),
];

const programmes: Readonly<Record<string, Weighted<Programme>>> = {
  AU: [["working_holiday", 48], ["tourism", 30], ["study", 12], ["resident", 8], ["work", 2]],
  NZ: [["working_holiday", 42], ["tourism", 42], ["study", 10], ["resident", 6]],
  CA: [["study", 26], ["tourism", 40], ["working_holiday", 16], ["resident", 18]],
  JP: [["tourism", 78], ["study", 8], ["working_holiday", 6], ["work", 5], ["resident", 3]],
  US: [["tourism", 44], ["study", 26], ["resident", 16], ["work", 12], ["other", 2]],
  GB: [["tourism", 46], ["study", 30], ["working_holiday", 12], ["work", 6], ["resident", 6]],
  KH: [["work", 62], ["tourism", 30], ["other", 8]],
  MM: [["work", 70], ["other", 20], ["tourism", 10]],
  VN: [["tourism", 52], ["work", 40], ["resident", 8]],
}; // prettier-ignore
const otherProgrammes: Weighted<Programme> = [
  ["tourism", 70], ["work", 14], ["study", 8], ["resident", 5], ["other", 3],
]; // prettier-ignore

const subtypes: Readonly<Record<Programme, Weighted<CaseSubtype>>> = {
  tourism: [
    ["passport_mislaid", 36], ["passport_stolen", 19], ["passport_damaged", 2], ["theft", 10], ["fraud", 2], ["illness", 7],
    ["traffic_accident", 4], ["outdoor_accident", 3], ["other_accident", 2], ["death", 2], ["lost_contact", 1.5],
    ["arrested", 1.5], ["entry_refused", 2.5], ["robbery", 1.2], ["assault", 0.6], ["sexual_assault", 0.3],
    ["natural_disaster", 1.5], ["transport_disaster", 0.4], ["unrest", 0.6], ["destitute", 2], ["stranded", 3], ["family_emergency", 1],
    ["something_else", 1],
  ],
  working_holiday: [
    ["passport_mislaid", 17], ["passport_stolen", 8], ["traffic_accident", 21], ["work_accident", 11], ["outdoor_accident", 4],
    ["other_accident", 3], ["illness", 9], ["death", 1], ["lost_contact", 4], ["theft", 6], ["fraud", 4], ["job_scam", 4],
    ["arrested", 1.5], ["robbery", 1], ["assault", 1.5], ["sexual_assault", 1], ["destitute", 3], ["natural_disaster", 1], ["something_else", 1],
  ],
  work: [
    ["job_scam", 26], ["passport_mislaid", 10], ["passport_stolen", 4], ["arrested", 9], ["detained", 8], ["kidnapping", 4],
    ["illness", 6], ["work_accident", 5], ["traffic_accident", 5], ["death", 4], ["lost_contact", 9], ["fraud", 4], ["robbery", 2],
    ["assault", 2], ["unrest", 1], ["exit_refused", 2], ["something_else", 1],
  ],
  study: [
    ["passport_mislaid", 24], ["passport_stolen", 15], ["theft", 9], ["fraud", 8], ["illness", 12], ["traffic_accident", 6],
    ["outdoor_accident", 3], ["lost_contact", 6], ["death", 1.5], ["arrested", 2], ["entry_refused", 3], ["robbery", 3], ["assault", 2],
    ["sexual_assault", 1], ["unrest", 1], ["family_emergency", 2], ["something_else", 1],
  ],
  resident: [
    ["illness", 16], ["death", 14], ["passport_mislaid", 20], ["arrested", 6], ["traffic_accident", 8], ["robbery", 6],
    ["homicide", 1], ["assault", 3], ["natural_disaster", 4], ["unrest", 3], ["war", 1], ["lost_contact", 5], ["family_emergency", 8], ["something_else", 3],
  ],
  other: [
    ["detained", 10], ["arrested", 14], ["passport_mislaid", 20], ["illness", 10], ["lost_contact", 12], ["destitute", 14], ["job_scam", 8],
    ["something_else", 10],
  ],
}; // prettier-ignore

const outcomes: Partial<Record<CaseSubtype, Weighted<CaseOutcome>>> = {
  arrested: [["in_custody", 40], ["resolved", 25], ["returned_home", 20], ["handed_over", 15]],
  detained: [["returned_home", 45], ["in_custody", 25], ["resolved", 30]],
  entry_refused: [["returned_home", 80], ["resolved", 20]],
  lost_contact: [["found_and_reported", 76], ["contact_lost", 14], ["handed_over", 10]],
  job_scam: [["returned_home", 72], ["resolved", 14], ["contact_lost", 14]],
  kidnapping: [["returned_home", 70], ["resolved", 30]],
  illness: [["resolved", 46], ["returned_home", 36], ["in_treatment", 6], ["died", 12]],
  traffic_accident: [["resolved", 48], ["returned_home", 36], ["in_treatment", 8], ["died", 8]],
  outdoor_accident: [["resolved", 40], ["returned_home", 30], ["died", 30]],
  work_accident: [["resolved", 56], ["returned_home", 34], ["in_treatment", 6], ["died", 4]],
  other_accident: [["resolved", 60], ["returned_home", 34], ["died", 6]],
  natural_disaster: [["resolved", 60], ["returned_home", 40]],
  unrest: [["returned_home", 60], ["resolved", 40]],
  war: [["returned_home", 90], ["handed_over", 10]],
  destitute: [["returned_home", 80], ["handed_over", 20]],
}; // prettier-ignore

const usualOutcomes: Weighted<CaseOutcome> = [["resolved", 92], ["returned_home", 8]]; // prettier-ignore

const ages: Readonly<Record<Programme, Weighted<AgeBand>>> = {
  tourism: [["under_18", 5], ["18_29", 24], ["30_44", 27], ["45_64", 28], ["65_up", 12], ["unknown", 4]],
  working_holiday: [["18_29", 96], ["30_44", 4]],
  work: [["18_29", 40], ["30_44", 38], ["45_64", 20], ["unknown", 2]],
  study: [["under_18", 8], ["18_29", 88], ["30_44", 4]],
  resident: [["under_18", 4], ["18_29", 8], ["30_44", 20], ["45_64", 36], ["65_up", 32]],
  other: [["18_29", 30], ["30_44", 34], ["45_64", 26], ["unknown", 10]],
}; // prettier-ignore

const insuredShare: Readonly<Record<Programme, number>> = {
  tourism: 0.71,
  working_holiday: 0.38,
  work: 0.55,
  study: 0.82,
  resident: 0.66,
  other: 0.3,
};

const DEMO_FROM = 2020;

/** What the demonstration imports: cases with a key each, the same on every machine. */
export type DemoCase = CaseInput & { source_key: string; invented: true };

const BATCH = 500;

/** Adds the invented cases that are not there yet. Gives how many were added and how many were there. */
export async function addInventedCases(
  commands: Commands,
  tell: (words: string) => void,
): Promise<{ created: number; present: number }> {
  const cases = inventCases(5_000);
  const totals = { created: 0, present: 0 };
  for (let from = 0; from < cases.length; from += BATCH) {
    const answers = await commands.call<{ outcome: string }[]>("import_cases", {
      p: { cases: cases.slice(from, from + BATCH) },
    });
    for (const { outcome } of answers) totals[outcome === "created" ? "created" : "present"] += 1;
    tell(`${from + answers.length} of ${cases.length} cases`);
  }
  return totals;
}

/** `count` invented cases of the years 2020 to 2025, in the order in which they were opened. */
export function inventCases(count: number): DemoCase[] {
  const chance = chanceFrom(20_251_125);
  const drafts = Array.from({ length: count }, () => inventCase(chance));
  return drafts
    .sort((a, b) => (a.opened_on < b.opened_on ? -1 : a.opened_on > b.opened_on ? 1 : 0))
    .map((draft, index) => ({
      ...draft,
      source_key: `demo-${DEMO_FROM}-${String(index + 1).padStart(5, "0")}`,
    }));
}

function inventCase(chance: Chance): DemoCase {
  const year = weighted(chance, years);
  const month = weighted(
    chance,
    (year === 2020 ? monthsOf2020 : months).map((weight, index) => [index, weight] as const),
  );
  const day = new Date(Date.UTC(year, month, chance.whole(1, 28)));
  const country = weighted(chance, countries);
  const programme = weighted(chance, programmes[country] ?? otherProgrammes);
  const subtype = weighted(chance, subtypes[programme]);
  const outcome = weighted(chance, outcomes[subtype] ?? usualOutcomes);
  const group = subtype === "natural_disaster" || subtype === "transport_disaster" || subtype === "unrest";
  const persons = group ? chance.whole(1, 24) : chance.isLikely(0.08) ? chance.whole(2, 5) : 1;
  const deaths = outcome === "died" || subtype === "death" || subtype === "homicide" ? 1 : 0;
  const hurt = [
    "traffic_accident",
    "outdoor_accident",
    "work_accident",
    "other_accident",
    "assault",
  ].includes(subtype);
  const closes = outcome !== "contact_lost" && outcome !== "in_treatment";
  const days = hurt || subtype === "job_scam" ? chance.whole(5, 70) : chance.whole(0, 12);
  return {
    opened_on: iso(day),
    closed_on: closes ? iso(new Date(day.getTime() + days * 86_400_000)) : null,
    country,
    place: null,
    type: typeOfSubtype(subtype),
    subtype,
    programme,
    age_band: persons > 2 ? "unknown" : weighted(chance, ages[programme]),
    insured: chance.isLikely(0.12) ? null : chance.isLikely(insuredShare[programme]),
    persons,
    deaths,
    injured: hurt ? Math.min(persons - deaths, chance.whole(1, 2)) : 0,
    narrative: null,
    outcome: deaths > 0 && subtype === "death" ? "died" : outcome,
    source_key: "",
    version: null,
    parties:
      outcome === "found_and_reported"
        ? [{ party: "family", result: "informed" }]
        : subtype === "lost_contact"
          ? [
              { party: "family", result: "helping" },
              { party: "airline", result: "asked" },
              { party: "neighbouring_mission", result: "asked" },
            ]
          : [],
    invented: true,
  };
}

function iso(day: Date): string {
  return day.toISOString().slice(0, 10);
}

function weighted<T>(chance: Chance, choices: Weighted<T>): T {
  let left = chance.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of choices) {
    left -= weight;
    if (left < 0) return value;
  }
  return choices.at(-1)![0];
}
