/** What officers may ask for: one place for the forms and the database's command. */
import { z } from "zod";
import { kindOfPeriod, readPeriod, RELEASE_KINDS } from "./periods.ts";

export const RELEASE_FIELDS = ["period", "corrects", "note", "invented"];
export const PLAN_FIELDS = ["period", "due_on"];

const period = z
  .string("release_period_invalid")
  .trim()
  .transform((name, context) => {
    const read = readPeriod(name);
    const kind = read ? kindOfPeriod(read) : "span";
    if (!RELEASE_KINDS.some((one) => one === kind)) {
      context.addIssue({ code: "custom", message: "release_period_invalid" });
      return z.NEVER;
    }
    return { kind, period: name };
  });

/** A release to be prepared. */
export const newReleaseSchema = z
  .object({
    period,
    corrects: z
      .string()
      .regex(/^(?:[1-9]\d{0,8})?$/, "release_not_correctable")
      .nullish()
      .transform((text) => (text ? Number(text) : null)),
    note: z
      .string()
      .trim()
      .max(500, "release_note_too_long")
      .nullish()
      .transform((text) => text || null),
    invented: z
      .union([z.string(), z.array(z.string())])
      .nullish()
      .transform((value) => [value].flat().includes("yes")),
  })
  .transform(({ period: { kind, period: name }, ...rest }) => ({ ...rest, kind, period: name }));

/** A date of the calendar. */
export const planSchema = z
  .object({ period, due_on: z.iso.date("date_invalid") })
  .transform(({ period: { kind, period: name }, due_on }) => ({ kind, period: name, due_on }));
