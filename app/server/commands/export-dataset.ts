import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { datasets, findDataset } from "../../features/open-data/catalogue.ts";
import { filePieces } from "../../features/open-data/files.server.ts";
import { formatsOf } from "../../formats/dataset.ts";
import { systemClock } from "../../platform/clock.ts";
import { DONE, UsageError, type Command } from "./command.ts";

/** Every dataset of the catalogue; what `/data` gives, for scripts on this machine. */
export const exportDataset: Command = {
  name: "export",
  operands: "DATASET",
  takes: [1, 1],
  summary: "Write a dataset as CSV, JSON, XML, ODS or GeoJSON.",
  details: `
The same files as under /data: only what every visitor may see. Datasets: ${datasets.map(({ id }) => id).join(", ")}.
"export persons --format pfif" writes PFIF.`,
  options: {
    format: { value: "csv|json|xml|ods|geojson", about: "needed" },
    output: { value: "FILE", about: "write there instead of to the terminal; it appears when it is whole" },
    language: { value: "zh-TW|en|ja", about: "of the title and the basis; en unless told" },
    bom: { about: "csv: begin with the mark by which Excel knows UTF-8" },
  },
  async run({ terminal, operands, option, has, open }) {
    const dataset = findDataset(operands[0]!);
    if (!dataset) {
      throw new UsageError(
        `there is no dataset "${operands[0]}"; known are ${datasets.map(({ id }) => id).join(", ")}.`,
      );
    }
    const formats = formatsOf(dataset);
    const format = formats.find((name) => name === option("format"));
    if (!format) throw new UsageError(`--format must be one of ${formats.join(", ")}.`);
    const { backend, env } = await open();
    let rows = 0;
    const pieces = filePieces(backend.db, dataset, format, {
      publicUrl: env.publicUrl,
      language: option("language") ?? "en",
      now: systemClock.now(),
      bom: has("bom"),
      onRows: (count) => {
        rows = count;
        terminal.progress(`${count} rows`);
      },
    });
    const output = option("output");
    if (output !== undefined) await writeWhole(output, pieces);
    else if (format === "ods") throw new UsageError("--output FILE is needed for ODS.");
    else for await (const piece of pieces) await terminal.write(piece as string);
    terminal.progress(null);
    terminal.tell(`${rows} rows written${output === undefined ? "" : ` to ${output}`}`);
    return DONE;
  },
};

async function writeWhole(file: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  try {
    await pipeline(Readable.from(pieces), createWriteStream(draft, { flags: "wx" }));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
