/** Offers of help (D15): what somebody offers, and what it must not be. Pure and browser-safe. */
import { z } from "zod";

export const OFFER_STATES = [
  "waiting",
  "accepted",
  "introduced",
  "thanked",
  "declined",
  "withdrawn",
  "expired",
] as const;
export type OfferState = (typeof OFFER_STATES)[number];

export const OFFER_LIMITS = {
  what: 2_000,
  place: 200,
  languages: 100,
  available: 200,
  message: 5_000,
} as const;

/** An offer as staff read it: without who offers. */
export const staffOfferRow = z.object({
  id: z.string(),
  story_id: z.string().nullable(),
  story: z.string().nullable(),
  event: z.string().nullable(),
  what: z.string(),
  place: z.string().nullable(),
  languages: z.string().nullable(),
  available: z.string().nullable(),
  country: z.string().nullable(),
  state: z.enum(OFFER_STATES),
  held: z.boolean(),
  created_at: z.string(),
  expires_at: z.string(),
  version: z.number(),
});
export type StaffOffer = z.infer<typeof staffOfferRow>;

/** An offer as one of its two sides reads it. */
export const offerSide = z.object({
  id: z.string(),
  side: z.enum(["helper", "other"]),
  what: z.string(),
  place: z.string().nullable(),
  languages: z.string().nullable(),
  available: z.string().nullable(),
  state: z.enum(OFFER_STATES),
  story_id: z.string().nullable(),
  event: z.string().nullable(),
  created_at: z.string(),
  expires_at: z.string(),
  words: z.string().nullable(),
  helper_name: z.string().nullable(),
  other_name: z.string().nullable(),
  messages: z.array(z.object({ from_helper: z.boolean(), text: z.string(), created_at: z.string() })),
  decision: z.object({ decision: z.string(), reason: z.string().nullable() }).nullable(),
});
export type OfferSide = z.infer<typeof offerSide>;

// Collecting is for those whom the law lets collect (公益勸募條例); here nobody asks anybody for money.
const MONEY = [
  /捐款|募款|募捐|勸募|樂捐|義賣|善款|匯款|匯到|轉帳|帳戶|帳號|銀行代[碼號]|街口|line\s?pay|悠遊付|加密貨幣|比特幣|虛擬幣/i,
  /寄付|募金|義援金|振込|送金|口座/,
  /\b(?:donat(?:e|ion|ions|ing)|fund-?rais\w*|crowd-?fund\w*|gofundme|paypal|venmo|wise\.com|bank account|wire transfer|send money|iban|swift code|bitcoin|btc|usdt|ethereum)\b/i,
  /\b(?:bc1[a-z0-9]{20,}|0x[a-f0-9]{40}|[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7})\b/,
];

/** Whether a text asks for money or says where to send it. What it takes for that, a person can say in other words. */
export function asksForMoney(text: string): boolean {
  const folded = text.normalize("NFKC");
  return MONEY.some((pattern) => pattern.test(folded));
}
