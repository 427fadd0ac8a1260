/** Small PFIF 1.4 documents of another registry. */
import { randomUUID } from "node:crypto";
import { operate } from "./posting.ts";
import type { Site } from "./site.ts";

export type PfifFields = Record<string, string>;

/** A document with these persons, each with notes. */
export function pfifDocument(
  persons: ReadonlyArray<PfifFields & { notes?: never }>,
  notes: readonly PfifFields[] = [],
): string {
  const element = (name: string, fields: PfifFields) =>
    `<pfif:${name}>${Object.entries(fields)
      .map(([field, value]) => `<pfif:${field}>${escapeXml(value)}</pfif:${field}>`)
      .join("")}</pfif:${name}>`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?><pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4">` +
    persons.map((fields) => element("person", fields)).join("") +
    notes.map((fields) => element("note", fields)).join("") +
    `</pfif:pfif>`
  );
}

export function pfifDate(offsetMs = 0): string {
  return new Date(Date.now() + offsetMs).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A person of another registry. */
export function foreignPerson(fields: PfifFields = {}): PfifFields & { person_record_id: string } {
  return {
    person_record_id: `finder.example/person.${randomUUID()}`,
    source_date: pfifDate(-60_000),
    full_name: "外來的人",
    ...fields,
  };
}

/** Gives a registry a key and returns how it writes with it. */
export async function registryWriter(site: Site, domain = "finder.example") {
  const { code, output } = await operate(site, ["pfif-key", "add", domain, "a neighbour"]);
  const key = /key=(\S+)/.exec(output)?.[1];
  if (code !== 0 || !key) throw new Error(`No key: ${output}`);
  return async (document: string, event = ""): Promise<{ status: number; body: string }> => {
    const answer = await site.fetch(`/pfif/write?key=${key}${event ? `&event=${event}` : ""}`, {
      method: "POST",
      body: document,
      headers: { "content-type": "application/xml" },
    });
    return { status: answer.status, body: await answer.text() };
  };
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
