import { COLUMNS } from "../../features/safety/persons-csv.ts";
import { importPersonsCsv, type RefusedRow } from "../../features/safety/persons-csv.server.ts";
import { DONE, REFUSED, type Command } from "./command.ts";
import { reasonInWords } from "./reasons.ts";
import { howFar, openSource } from "./source.ts";
import { plain } from "./terminal.ts";

export const importPersonsCsvCommand: Command = {
  name: "import persons-csv",
  operands: "FILE|-",
  takes: [1, 1],
  summary: "Post persons from a table: CSV (UTF-8, UTF-16, Big5, Shift-JIS) or an XLSX workbook.",
  details: `
The first row names the columns: ${COLUMNS.join(", ")}; or in Chinese or Japanese: 姓名, 護照拼音, 狀態, 平安…
Only full_name is needed. A row is posted once: one with the same source_key, or without it the same answers, stays as
it is. Good rows land, bad rows are printed with their line and what to mend. Whoever imports a list answers for the
consent of the people in it; a column "consent" is held to row by row.`,
  options: {
    event: { value: "SLUG", about: "the event of rows that name none (default: everyday)" },
    "tell-authors": { about: "send the manage link to each author_email" },
  },
  async run({ terminal, operands, option, has, open }) {
    const source = await openSource(terminal, operands[0]!, { remote: "refused" });
    const { caller } = await open();
    let totals = { read: 0, created: 0, present: 0, held: 0, refused: 0 };
    let told = false;
    for await (const progress of importPersonsCsv(caller, source.chunks, {
      event: option("event"),
      tellAuthors: has("tell-authors"),
      now: new Date(),
      limits: { maxBytes: source.maxBytes },
    })) {
      totals = progress.totals;
      if (!told) {
        told = true;
        if (progress.encoding !== null && progress.encoding !== "utf-8")
          terminal.tell(`read as ${progress.encoding}`);
        const unused = progress.unknownColumns.map((name) => plain(name, 40));
        if (unused.length > 0) terminal.tell(`columns without a use: ${unused.join(", ")}`);
      }
      if (progress.refused) await terminal.write(inWords(progress.refused));
      terminal.progress(`${howFar(source)}: ${totals.read} rows read, ${totals.created} posted`);
    }
    terminal.progress(null);
    await terminal.write(
      `rows: ${totals.read} read, ${totals.created} posted (${totals.held} held for a decision), ` +
        `${totals.present} already here, ${totals.refused} refused\n`,
    );
    return totals.refused === 0 ? DONE : REFUSED;
  },
};

function inWords({ line, errors, token }: RefusedRow): string {
  const whys = errors.map((error) => `${error.field}: ${reasonInWords(error.token)}`);
  return `line ${line}: ${[...whys, ...(token === null ? [] : [reasonInWords(token)])].join("; ")}\n`;
}
