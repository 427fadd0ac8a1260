import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { csvChunks, type CsvValue } from "../../formats/csv.ts";
import type { PfifPerson } from "../../formats/pfif.ts";
import { pfifChunks } from "../../formats/pfif-writer.ts";
import { toApiNote, toApiPerson } from "../../features/safety/persons.api.ts";
import {
  exportPersons as readPersons,
  exportPlaceholders,
} from "../../features/safety/persons-export.server.ts";
import { placeholderToPfif, toPfif } from "../../features/safety/persons.pfif.ts";
import type { Note, Person } from "../../features/safety/persons.ts";
import { pfifSite } from "../../features/safety/pfif-export.server.ts";
import { paths } from "../../platform/paths.ts";
import { DONE, UsageError, type Command } from "./command.ts";
import { exportDataset } from "./export-dataset.ts";
import { writeNewFile } from "./terminal.ts";

const formats = ["csv", "pfif", "json"] as const;

export const exportPersons: Command = {
  name: "export persons",
  operands: "--format csv|pfif|json",
  takes: [0, 0],
  summary: "Write all public persons with their notes as CSV, PFIF 1.4 or JSON.",
  details: `
Only what every visitor may see: no contact details, nothing hidden. Drills stay out unless their event is asked for.
PFIF holds the placeholders of deleted records too, so that other registries can forget them.`,
  options: {
    format: { value: "csv|pfif|json", about: "needed" },
    event: { value: "SLUG", about: "only persons of this event" },
    output: { value: "FILE", about: "write there instead of to the terminal; it appears when it is whole" },
    bom: { about: "csv: begin with the mark by which Excel knows UTF-8" },
  },
  async run(invocation) {
    const { terminal, option, has, open } = invocation;
    // What the catalogue can write it writes.
    if (["xml", "ods", "geojson"].includes(option("format") ?? ""))
      return exportDataset.run({ ...invocation, operands: ["persons"] });
    const format = formats.find((name) => name === option("format"));
    if (!format) throw new UsageError(`--format must be one of ${formats.join(", ")}.`);
    const event = option("event");
    const { backend, env } = await open();
    let count = 0;
    async function* counted() {
      for await (const row of readPersons(backend.db, { event, withNotes: format !== "csv" })) {
        count += 1;
        terminal.progress(`${count} persons`);
        yield row;
      }
    }
    const chunks =
      format === "csv"
        ? csvChunks(tableRows(counted(), env.publicUrl), columns, { bom: has("bom") })
        : format === "json"
          ? jsonChunks(counted())
          : pfifChunks(
              withPlaceholders(
                counted(),
                event === undefined ? exportPlaceholders(backend.db) : null,
                env.publicUrl,
              ),
            );
    const output = option("output");
    if (output === undefined) for await (const chunk of chunks) await terminal.write(chunk);
    else await writeWhole(output, chunks);
    terminal.progress(null);
    terminal.tell(`${count} persons written${output === undefined ? "" : ` to ${output}`}`);
    return DONE;
  },
};

type Row = { person: Person; notes: Note[] };

const columns = [
  "id", "record_id", "full_name", "alternate_names", "sex", "age", "home_country", "home_city", "event", "status",
  "status_date", "status_by", "needs", "last_known_location", "lat", "lon", "precision_m", "source_date",
  "expiry_date", "drill", "invented", "url",
] as const; // prettier-ignore

async function* tableRows(
  rows: AsyncIterable<Row>,
  publicUrl: string,
): AsyncGenerator<Record<(typeof columns)[number], CsvValue>> {
  for await (const { person } of rows) {
    const { position, alternate_names, match: _, ...api } = toApiPerson(person);
    yield {
      ...api,
      alternate_names: alternate_names.join("; "),
      needs: person.needs.join("; "),
      lat: position?.lat,
      lon: position?.lon,
      precision_m: position?.precision_m,
      url: publicUrl + paths.person(person.id),
    };
  }
}

async function* jsonChunks(rows: AsyncIterable<Row>): AsyncGenerator<string> {
  let first = true;
  yield '{"data":[';
  for await (const { person, notes } of rows) {
    const { match: _, ...api } = toApiPerson(person);
    yield `${first ? "\n" : ",\n"}${JSON.stringify({ ...api, notes: notes.map(toApiNote) })}`;
    first = false;
  }
  yield '\n],"next":null}\n';
}

async function* withPlaceholders(
  rows: AsyncIterable<Row>,
  placeholders: ReturnType<typeof exportPlaceholders> | null,
  publicUrl: string,
): AsyncGenerator<PfifPerson> {
  const site = pfifSite(publicUrl);
  for await (const { person, notes } of rows) yield toPfif(person, notes, site);
  for await (const placeholder of placeholders ?? []) yield placeholderToPfif(placeholder);
}

async function writeWhole(file: string, chunks: AsyncIterable<string>): Promise<void> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  try {
    await writeNewFile(draft, chunks);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
