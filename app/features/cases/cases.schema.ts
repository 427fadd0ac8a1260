/** What staff may write into a case, in one place for the form and the table import. Messages are tokens. */
import { z } from "zod";
import { choice, line, noAnswer, paragraphs, required, wholeNumber } from "../../formats/form-fields.ts";
import { country, pastDay } from "./answers.ts";
import {
  AGE_BANDS,
  CASE_SUBTYPES,
  CASE_TYPES,
  LIMITS,
  OUTCOMES,
  PARTIES,
  PARTY_RESULTS,
  PROGRAMMES,
  REGIONS,
  typeOfSubtype,
  type Party,
  type PartyResult,
} from "./cases.ts";

/** Fields of the form, in the order a reader meets them; beside them one `party_<name>` for each party. */
export const CASE_FIELDS = [
  "opened_on", "country", "place", "type", "subtype", "programme", "age_band", "insured", "persons", "deaths", "injured",
  "narrative", "outcome", "closed_on", "source_key", "version",
] as const; // prettier-ignore

export const PARTY_FIELDS = PARTIES.map((party) => `party_${party}` as const);

const partyAnswers = Object.fromEntries(
  PARTY_FIELDS.map((field) => [field, choice(PARTY_RESULTS, "answer_invalid")]),
) as unknown as Record<`party_${Party}`, z.ZodType<PartyResult | undefined>>;

/** Yes, no, or not known: an empty cell is not a no. */
const insured = z.preprocess(
  (value) => (noAnswer(value) || value === "unknown" ? undefined : value),
  z
    .union([z.boolean(), z.enum(["yes", "no"])], { error: "answer_invalid" })
    .transform((value) => value === true || value === "yes")
    .optional(),
);

/**
 * The schema of a case on `today` (`YYYY-MM-DD`). Gives the case with its type settled by its sub-type, and `parties` as a
 * list of whom was asked with what result.
 */
export function caseSchema(today: string) {
  return z
    .object({
      opened_on: required(pastDay(today), "date_required"),
      country: required(country, "country_required"),
      place: line(LIMITS.place, "place_too_long"),
      type: choice(CASE_TYPES, "case_type_unknown"),
      subtype: required(choice(CASE_SUBTYPES, "case_subtype_unknown"), "case_subtype_required"),
      programme: required(choice(PROGRAMMES, "programme_unknown"), "programme_required"),
      age_band: choice(AGE_BANDS, "age_band_unknown").transform((band) => band ?? ("unknown" as const)),
      insured,
      persons: wholeNumber(1, LIMITS.persons, "number_invalid").transform((count) => count ?? 1),
      deaths: wholeNumber(0, LIMITS.persons, "number_invalid").transform((count) => count ?? 0),
      injured: wholeNumber(0, LIMITS.persons, "number_invalid").transform((count) => count ?? 0),
      narrative: paragraphs(LIMITS.narrative, "text_too_long"),
      outcome: choice(OUTCOMES, "outcome_unknown").transform((outcome) => outcome ?? ("open" as const)),
      closed_on: pastDay(today),
      source_key: line(LIMITS.sourceKey, "source_key_too_long"),
      version: wholeNumber(1, 9_999, "changed_meanwhile"),
      ...partyAnswers,
      // A table may name a party that is none of ours.
      parties: z.undefined("party_unknown").optional(),
    })
    .superRefine((value, context) => {
      const add = (field: string, message: string) =>
        context.addIssue({ code: "custom", path: [field], message });
      if (value.type !== undefined && value.type !== typeOfSubtype(value.subtype))
        add("subtype", "case_subtype_of_other_type");
      if (value.deaths + value.injured > value.persons) add("persons", "more_victims_than_persons");
      if (value.closed_on !== undefined && value.closed_on < value.opened_on)
        add("closed_on", "closed_before_opened");
      if (value.outcome === "found_and_reported" && value.subtype !== "lost_contact")
        add("outcome", "found_without_search");
      // A search ends when the family has been told, not when the person has been seen (D62).
      if (value.outcome === "found_and_reported" && value.party_family !== "informed")
        add("party_family", "family_not_informed");
      if (value.outcome === "died" && value.deaths === 0) add("deaths", "death_not_counted");
    })
    .transform((value) => {
      const parties: { party: Party; result: PartyResult }[] = [];
      for (const party of PARTIES) {
        const result = value[`party_${party}`];
        if (result !== undefined) parties.push({ party, result });
      }
      const { opened_on, country: where, place, subtype, programme, age_band, persons, deaths } = value;
      return {
        opened_on,
        country: where,
        place: place ?? null,
        type: typeOfSubtype(subtype),
        subtype,
        programme,
        age_band,
        insured: value.insured ?? null,
        persons,
        deaths,
        injured: value.injured,
        narrative: value.narrative ?? null,
        outcome: value.outcome,
        closed_on: value.closed_on ?? null,
        source_key: value.source_key ?? null,
        version: value.version ?? null,
        parties,
      };
    });
}
export type CaseInput = z.output<ReturnType<typeof caseSchema>>;

/** The schema of a filter on the staff list. It never fails: what makes no sense is not a filter. */
export const casesQuerySchema = z.object({
  type: z.enum(CASE_TYPES).optional().catch(undefined),
  region: z.enum(REGIONS).optional().catch(undefined),
  country: country.catch(undefined),
  programme: z.enum(PROGRAMMES).optional().catch(undefined),
  outcome: z.enum(OUTCOMES).optional().catch(undefined),
  since: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .optional()
    .catch(undefined),
  until: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .optional()
    .catch(undefined),
  cursor: z.string().max(1_000).optional().catch(undefined),
});
export type CasesQuery = z.output<typeof casesQuerySchema>;
