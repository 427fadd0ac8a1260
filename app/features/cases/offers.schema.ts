/** What somebody may send as an offer of help, and staff as an introduction. Messages are tokens. */
import { z } from "zod";
import { choice, clientId, email, line, paragraphs, required, yesNo } from "../../formats/form-fields.ts";
import { asksForMoney, OFFER_LIMITS } from "./offers.ts";
import { STORY_LANGUAGES } from "./stories.ts";

export const OFFER_FIELDS = [
  "what", "place", "languages", "available", "name", "email", "consent", "client_id",
] as const; // prettier-ignore

const noMoney = (value: string | undefined) => value === undefined || !asksForMoney(value);

/** The schema of an offer. One that asks for money is refused: there is no collection here. */
export const offerSchema = z.object({
  what: required(paragraphs(OFFER_LIMITS.what, "text_too_long"), "offer_required").refine(
    noMoney,
    "offer_no_money",
  ),
  place: line(OFFER_LIMITS.place, "place_too_long").refine(noMoney, "offer_no_money"),
  languages: line(OFFER_LIMITS.languages, "answer_invalid").refine(noMoney, "offer_no_money"),
  available: line(OFFER_LIMITS.available, "answer_invalid").refine(noMoney, "offer_no_money"),
  name: required(line(100, "author_name_too_long"), "author_name_required"),
  email: required(email, "email_invalid"),
  consent: required(yesNo, "consent_required").refine((given) => given, "consent_required"),
  client_id: clientId,
});
export type OfferInput = z.output<typeof offerSchema>;

export const INTRODUCTION_FIELDS = [
  "other_name",
  "other_email",
  "other_language",
  "words",
  "version",
] as const;

/** The schema of an introduction: who is on the other side, and what staff write to both. */
export const introductionSchema = z.object({
  other_name: required(line(100, "author_name_too_long"), "author_name_required"),
  other_email: required(email, "email_invalid"),
  other_language: choice(STORY_LANGUAGES, "answer_invalid").transform(
    (language) => language ?? ("zh-TW" as const),
  ),
  words: required(paragraphs(OFFER_LIMITS.what, "text_too_long"), "message_required").refine(
    noMoney,
    "offer_no_money",
  ),
});
export type IntroductionInput = z.output<typeof introductionSchema>;

/** The schema of what came of an offer. */
export const thanksSchema = z.object({
  outcome: required(choice(["helped", "not_needed"], "answer_invalid"), "answer_invalid"),
  text: paragraphs(OFFER_LIMITS.what, "text_too_long").refine(noMoney, "offer_no_money"),
});
export type ThanksInput = z.output<typeof thanksSchema>;

/** The schema of a message from one side to the other. */
export const offerMessageSchema = z.object({
  text: required(paragraphs(OFFER_LIMITS.message, "text_too_long"), "message_required"),
});
