import { readFile } from "node:fs/promises";
import { readHeads } from "../../features/log/kept-heads.ts";
import type { ChainFault, LogHead } from "../../features/log/log-chain.server.ts";
import { verifyLog } from "../../features/log/log.server.ts";
import { keptHeadsFile } from "../../jobs/publish-log-heads.ts";
import { CommandRefused, DONE, REFUSED, UsageError, type Command } from "./command.ts";

export const auditVerify: Command = {
  name: "audit verify",
  operands: "",
  takes: [0, 0],
  summary: "Read the moderation log again, compute every hash, and name the first entry that does not fit.",
  details: `
The log is a chain: each entry carries a hash over itself and the hash before. An edited, deleted, inserted or swapped
entry is found by that alone. Whether the end was cut off, or everything written anew, shows only against a head that
was kept elsewhere: those published in the database and those this machine kept in DATA_DIR/log-heads.txt are always
looked at; --head adds one of your own. Exit code 1 means that the log is not what it was.`,
  options: {
    head: {
      value: "NUMBER:HASH|FILE",
      about: "a head you kept, or a file with heads (also /feeds/log.json as downloaded)",
    },
  },
  async run({ terminal, option, open }) {
    const given = option("head");
    const heads = given === undefined ? [] : await headsFrom(given);
    const { backend, env } = await open();
    const kept = await readFile(keptHeadsFile(env.dataDir), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    const own = readHeads(kept);
    if (own === null)
      throw new CommandRefused(`${keptHeadsFile(env.dataDir)} is damaged: it holds no heads.`);
    const { entries, head, fault } = await verifyLog(
      { commands: backend.commands, db: backend.db },
      [...own, ...heads],
      (read) => terminal.progress(`${read} entries`),
    );
    terminal.progress(null);
    if (fault) {
      await terminal.write(`${sentence(fault)}\n`);
      terminal.tell(`${entries} entries before it are right`);
      return REFUSED;
    }
    await terminal.write(
      head === null
        ? "the log is empty\n"
        : `${entries} entries, all as they were written\nhead ${head.entry_id}:${head.hash}\n`,
    );
    return DONE;
  },
};

async function headsFrom(given: string): Promise<LogHead[]> {
  const direct = /^\d+:[0-9a-fA-F]{64}$/.test(given) ? given : null;
  const text =
    direct ??
    (await readFile(given, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "EISDIR")
        throw new UsageError(`--head is NUMBER:HASH or a file; there is no file ${given}.`);
      throw error;
    }));
  const heads = readHeads(text);
  if (heads === null || heads.length === 0) throw new UsageError(`${given} holds no head of the log.`);
  return heads;
}

function sentence(fault: ChainFault): string {
  switch (fault.kind) {
    case "changed":
      return `entry ${fault.id}: it is not what was written there`;
    case "missing":
      return `entry ${fault.id}: it is missing; entry ${fault.next} follows`;
    case "cut_off":
      return `entry ${fault.last + 1}: the log was cut off here; a kept head names entry ${fault.id}`;
    case "rewritten":
      return `entry ${fault.id}: its hash is not the one in a kept head; what stands before it was written anew`;
  }
}
