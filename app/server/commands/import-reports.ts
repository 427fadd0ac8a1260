import {
  IMPORT_FORMATS,
  importReports,
  isRefused,
  type ImportedRow,
  type ImportFormat,
  type ReportImportProgress,
} from "../../features/map/report-import.server.ts";
import { DONE, REFUSED, UsageError, type Command } from "./command.ts";
import { reasonInWords } from "./reasons.ts";
import { howFar, openSource } from "./source.ts";
import { plain } from "./terminal.ts";

export const importReportsCommand: Command = {
  name: "import reports",
  operands: "FILE|URL|-",
  takes: [1, 1],
  summary: "Take in reports of other systems: GeoJSON, CSV, CAP 1.1 and 1.2, USGS and GDACS feeds.",
  details: `
What is read is recognised by how it begins, or named with --format. GeoJSON and CSV have the names of our own exports;
each row is known by its id, or without one by what it says. CAP, USGS and GDACS are notices of authorities: they stand
beside the reports of people, and a newer message changes or ends the one it is about. A second time changes nothing.
Good rows land, bad rows are printed with their line and what is wrong. --rows prints what became of every row.`,
  options: {
    format: { value: "FORMAT", about: `one of ${IMPORT_FORMATS.join(", ")}` },
    event: {
      value: "SLUG",
      about: "the event of rows that name none (default: the open event whose area they lie in)",
    },
    name: {
      value: "NAME",
      about: "who it is from, as readers see it (default: the name of the file or host)",
    },
    reviewed: { about: "somebody has looked at them: they may be passed on to other systems" },
    rows: { about: "print what became of every row, not only of those that were refused" },
    "from-anywhere": { about: "with a URL: also http, and addresses of this machine and network" },
  },
  async run({ terminal, operands, option, has, open }) {
    const given = option("format");
    if (given !== undefined && !isFormat(given)) {
      throw new UsageError(`--format is one of ${IMPORT_FORMATS.join(", ")}.`);
    }
    const source = await openSource(terminal, operands[0]!, {
      remote: has("from-anywhere") ? "anywhere" : "public",
    });
    const { head, chunks } = await peek(source.chunks);
    if (head.length === 0) throw new UsageError(`${source.name} is empty.`);
    const format = given ?? recognise(head);
    const { backend } = await open();
    let totals: ReportImportProgress["totals"] | null = null;
    let whole = true;
    for await (const progress of importReports(backend.commands, chunks, {
      format,
      sourceName: option("name") ?? nameOf(operands[0]!),
      event: option("event"),
      reviewed: has("reviewed"),
      now: new Date(),
      maxBytes: source.maxBytes,
    })) {
      totals = progress.totals;
      for (const row of progress.rows) {
        if (has("rows") || isRefused(row.outcome)) await terminal.write(inWords(row));
      }
      if (progress.broken) {
        whole = false;
        const { line, token } = progress.broken;
        await terminal.write(
          `line ${line}: it cannot be read on from here: ${reasonInWords(token)}. What stood before is in.\n`,
        );
      }
      terminal.progress(`${howFar(source)}: ${totals.read} rows read, ${totals.created} new`);
    }
    terminal.progress(null);
    if (!totals) throw new UsageError(`${source.name} is empty.`);
    await terminal.write(
      `rows (${format}): ${totals.read} read, ${totals.created} new, ${totals.updated} updated, ${totals.ended} ended, ` +
        `${totals.unchanged} without anything new, ${totals.refused} refused\n`,
    );
    return whole && totals.refused === 0 ? DONE : REFUSED;
  },
};

function inWords({ line, key, outcome, errors }: ImportedRow): string {
  const which = key === null ? "" : ` ${plain(key, 80)}:`;
  const whys = errors.map(
    ({ field, token }) => `${field ? `${plain(field, 40)}: ` : ""}${reasonInWords(token)}`,
  );
  const what =
    whys.length > 0
      ? whys.join("; ")
      : outcome === "created" || outcome === "updated" || outcome === "ended"
        ? { created: "new", updated: "updated", ended: "ended" }[outcome]
        : reasonInWords(outcome);
  return `line ${line}:${which} ${what}\n`;
}

function isFormat(text: string): text is ImportFormat {
  return (IMPORT_FORMATS as readonly string[]).includes(text);
}

/** The beginning of a source, and the source with it. */
async function peek(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < 4_096) {
    const { done, value } = await iterator.next();
    if (done) break;
    first.push(value);
    size += value.byteLength;
  }
  async function* chunks() {
    yield* first;
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) return;
      yield value;
    }
  }
  return { head: Buffer.concat(first).subarray(0, 16_384), chunks: chunks() };
}

/** What a document is, by how it begins. What nothing else is, is a table. */
function recognise(head: Buffer): ImportFormat {
  const wide = head[0] === 0xff || head[0] === 0xfe;
  const text = head
    .toString(wide ? "utf16le" : "utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (text.startsWith("<")) return /<rss[\s>]/i.test(text) ? "gdacs" : "cap";
  if (!text.startsWith("{")) return "csv";
  return /earthquake\.usgs\.gov|"magType"|"mag"\s*:/.test(text) ? "usgs" : "geojson";
}

/** "roads" for roads.csv, the host of an address, "standard input" for what is piped in. */
function nameOf(where: string): string {
  if (where === "-") return "standard input";
  if (URL.canParse(where) && /^https?:/.test(where)) return new URL(where).hostname;
  return (
    where
      .split(/[/\\]/)
      .at(-1)!
      .replace(/\.[a-z0-9]+$/i, "") || where
  );
}
