import { z } from "zod";

/** What an administrator gives to make somebody a member. */
export const memberSchema = z.object({
  name: z.string({ error: "name_required" }).trim().min(1, "name_required").max(100, "answer_invalid"),
  email: z
    .string({ error: "email_invalid" })
    .trim()
    .max(254, "email_invalid")
    .regex(/^[^\s@"<>(),:;[\]\\]{1,64}@[\p{L}\p{N}.-]{3,253}$/u, "email_invalid"),
  role: z.enum(["volunteer", "officer", "admin"], { error: "role_required" }),
  areas: z
    .string()
    .nullish()
    .transform((text) =>
      (text ?? "")
        .split(/[\s,、，]+/)
        .map((code) => code.toUpperCase())
        .filter((code) => code !== ""),
    )
    .pipe(z.array(z.string().regex(/^[A-Z]{2}$/, "area_unknown")).max(250, "area_unknown")),
  /** The end of the day in Taipei, where the staff of the site sit; null: without end. */
  until: z
    .string()
    .nullish()
    .transform((day) => (day ? new Date(`${day}T23:59:59+08:00`) : null))
    .refine((end) => end === null || !Number.isNaN(end.getTime()), "date_invalid"),
});
