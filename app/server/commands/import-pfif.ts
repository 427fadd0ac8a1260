import { importPfif, type ImportTally } from "../../features/safety/pfif-import.server.ts";
import { DONE, REFUSED, UsageError, type Command } from "./command.ts";
import { reasonInWords } from "./reasons.ts";
import { howFar, openSource } from "./source.ts";
import { plain } from "./terminal.ts";

export const importPfifCommand: Command = {
  name: "import pfif",
  operands: "FILE|URL|-",
  takes: [1, 1],
  summary: "Take in persons and notes of another person finder (PFIF 1.1 to 1.4, also in Atom).",
  details: `
Records keep the id of their home; a newer source_date wins, a placeholder empties, and ids of this site are refused.
A death is held until an officer decides. A second time changes nothing. Records that are refused are printed with
the line they begin at; everything else lands.`,
  options: {
    event: { value: "SLUG", about: "the event that new records belong to (default: everyday)" },
    domain: { value: "DOMAIN", about: "take only records of this domain" },
    "from-anywhere": { about: "with a URL: also http, and addresses of this machine and network" },
  },
  async run({ terminal, operands, option, has, open }) {
    const source = await openSource(terminal, operands[0]!, {
      remote: has("from-anywhere") ? "anywhere" : "public",
    });
    const { backend, env } = await open();
    const domain = option("domain");
    const event = option("event");
    let totals: { persons: ImportTally; notes: ImportTally } | null = null;
    let whole = true;
    const began = performance.now();
    for await (const progress of importPfif(backend.commands, source.chunks, {
      ownDomain: env.siteDomain,
      ...(event === undefined ? {} : { event }),
      ...(domain === undefined ? {} : { onlyDomain: domain.toLowerCase() }),
      now: new Date(),
      limits: { maxBytes: source.maxBytes },
    })) {
      totals = progress.totals;
      for (const { kind, line, record_id, reason, refused } of progress.skipped) {
        if (!refused) continue;
        const which = record_id === null ? kind : `${kind} ${plain(record_id)}`;
        await terminal.write(`line ${line}: ${which}: ${reasonInWords(reason)}\n`);
      }
      if (progress.broken) {
        whole = false;
        const { line, reason } = progress.broken;
        await terminal.write(
          `line ${line}: it cannot be read on from here: ${reasonInWords(reason)}. What stood before is in.\n`,
        );
      }
      terminal.progress(`${howFar(source)}: ${totals.persons.read} persons, ${totals.notes.read} notes read`);
    }
    terminal.progress(null);
    if (!totals) throw new UsageError(`${source.name} is empty.`);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    await terminal.write(`persons: ${inWords(totals.persons)}\nnotes: ${inWords(totals.notes)}\n`);
    terminal.tell(`done in ${seconds} s`);
    return whole && totals.persons.refused + totals.notes.refused === 0 ? DONE : REFUSED;
  },
};

function inWords({ read, created, updated, emptied, unchanged, refused }: ImportTally): string {
  return `${read} read, ${created} new, ${updated} updated, ${emptied} emptied, ${unchanged} already here, ${refused} refused`;
}
