/** What somebody may send about a request for data or about what they made with ours. */
import { z } from "zod";
import { clientId, line, paragraphs, required } from "../../formats/form-fields.ts";
import { webAddress } from "../../formats/web-address.ts";
import { findDataset } from "./catalogue.ts";
import { ENTRY_LIMITS } from "./entries.ts";

export const ENTRY_FIELDS = ["title", "text", "url", "dataset", "client_id"] as const;

const about = {
  title: required(line(ENTRY_LIMITS.title, "title_too_long"), "title_required"),
  text: paragraphs(ENTRY_LIMITS.text, "text_too_long"),
  dataset: z
    .unknown()
    .optional()
    .transform((value) => (typeof value === "string" && findDataset(value) ? value : undefined)),
  client_id: clientId,
};

export const requestSchema = z.object(about);

export const reuseSchema = z.object({
  ...about,
  url: required(line(ENTRY_LIMITS.url, "web_address_invalid"), "web_address_invalid").transform(
    (value, context) => {
      const address = webAddress(value);
      if (address !== null) return address;
      context.issues.push({ code: "custom", message: "web_address_invalid", input: value });
      return z.NEVER;
    },
  ),
});

export type EntryInput = z.infer<typeof requestSchema> & { url?: string };
