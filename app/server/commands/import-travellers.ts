import { importTravellers } from "../../features/statistics/travellers.server.ts";
import { readTravellers, travellerLines, TravellersError } from "../../features/statistics/travellers.ts";
import { readTable } from "../../formats/table.ts";
import { CommandRefused, DONE, type Command } from "./command.ts";
import { openSource } from "./source.ts";
import { plain } from "./terminal.ts";

export const importTravellersCommand: Command = {
  name: "import travellers",
  operands: "FILE|-",
  takes: [1, 1],
  summary: "Take in the official yearly table of outbound travellers by first landing (CSV or XLSX).",
  details: `
The table as the tourism administration publishes it (首站抵達地, 細分, one column a year): thousands separators, "-" where
nothing was collected, subtotals among the lines. Each subtotal must be the sum of its lines. The table replaces the
one that is there: it is published anew every year, with corrections of earlier years.`,
  async run({ terminal, operands, open }) {
    const source = await openSource(terminal, operands[0]!, { remote: "refused" });
    const rows: Record<string, string>[] = [];
    for await (const item of readTable(source.chunks, { maxBytes: 4 * 1024 * 1024 })) {
      if (item.kind === "refused")
        throw new CommandRefused(`line ${item.line} cannot be read (${item.token}).`);
      if (item.kind === "row") rows.push(item.values);
      if (rows.length > 1000)
        throw new CommandRefused("this is not the table of outbound travellers: too many lines.");
    }
    try {
      const figures = readTravellers(travellerLines(rows));
      const { backend } = await open();
      const count = await importTravellers(backend.commands, figures);
      const years = [...new Set(figures.map(({ year }) => year))].sort();
      await terminal.write(`${count} figures of ${years[0]} to ${years.at(-1)}\n`);
      return DONE;
    } catch (error) {
      if (!(error instanceof TravellersError)) throw error;
      throw new CommandRefused(`line ${error.line}: ${plain(error.message, 200)}.`);
    }
  },
};
