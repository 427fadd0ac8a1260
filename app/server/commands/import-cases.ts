import { CASE_COLUMNS } from "../../features/cases/cases-csv.ts";
import { importCases, type RefusedRow } from "../../features/cases/cases.server.ts";
import { DONE, REFUSED, type Command } from "./command.ts";
import { reasonInWords } from "./reasons.ts";
import { howFar, openSource } from "./source.ts";
import { plain } from "./terminal.ts";

export const importCasesCommand: Command = {
  name: "import cases",
  operands: "FILE|-",
  takes: [1, 1],
  summary:
    "Add cases of emergency assistance from a table: CSV (UTF-8, UTF-16, Big5, Shift-JIS) or an XLSX workbook.",
  details: `
The first row names the columns: ${CASE_COLUMNS.join(", ")}; or in Chinese or Japanese: 開案日期, 國家, 細類, 目的…
opened_on, country, subtype and programme are needed. A row is added once, by its source_key or without one by its
place among equal rows. Good rows land, bad rows are printed with their line and what to mend. A key that stands for
other facts is refused: nothing is overwritten.`,
  async run({ terminal, operands, open }) {
    const source = await openSource(terminal, operands[0]!, { remote: "refused" });
    const { backend } = await open();
    let totals = { read: 0, created: 0, present: 0, refused: 0 };
    let told = false;
    const add = (cases: readonly object[]) =>
      backend.commands.call<unknown>("import_cases", { p: { cases } });
    for await (const progress of importCases(add, source.chunks, {
      today: new Date().toISOString().slice(0, 10),
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
      for (const row of progress.refused) await terminal.write(inWords(row));
      terminal.progress(`${howFar(source)}: ${totals.read} rows read, ${totals.created} added`);
    }
    terminal.progress(null);
    await terminal.write(
      `rows: ${totals.read} read, ${totals.created} added, ${totals.present} already here, ${totals.refused} refused\n`,
    );
    return totals.refused === 0 ? DONE : REFUSED;
  },
};

function inWords({ line, errors, token }: RefusedRow): string {
  const whys = errors.map((error) => `${error.field}: ${reasonInWords(error.token)}`);
  return `line ${line}: ${[...whys, ...(token === null ? [] : [reasonInWords(token)])].join("; ")}\n`;
}
