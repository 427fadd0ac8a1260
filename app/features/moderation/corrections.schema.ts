import { z } from "zod";
import { cleanParagraphs } from "../../formats/safe-text.ts";

const words = (token: string, most: number) =>
  z
    .string({ error: token })
    .transform((text) => cleanParagraphs(text).trim())
    .pipe(z.string().min(1, token).max(most, "text_too_long"));

/** What a request for a correction must say. The database says the same. */
export const correctionSchema = z.object({
  what: words("what_required", 5000),
  correct_text: words("correct_text_required", 2000),
  source_url: z
    .string({ error: "source_required" })
    .trim()
    .min(1, "source_required")
    .max(2000, "source_invalid")
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "source_invalid"),
  email: z
    .string()
    .trim()
    .max(254, "email_invalid")
    .regex(/^$|^[^\s@"<>(),:;[\]\\]{1,64}@[\p{L}\p{N}.-]{3,253}$/u, "email_invalid")
    .transform((text) => (text === "" ? undefined : text))
    .nullish(),
});
