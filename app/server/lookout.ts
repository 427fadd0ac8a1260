import { errorText, translator } from "../i18n/translate.ts";
import { Failure, StartRefused } from "../platform/failure.ts";
import { auditVerify } from "./commands/audit-verify.ts";
import { backup } from "./commands/backup.ts";
import {
  CommandRefused,
  DONE,
  readInvocation,
  REFUSED,
  UsageError,
  WRONG_USAGE,
  type Command,
  type ExitCode,
} from "./commands/command.ts";
import { demo } from "./commands/demo.ts";
import { doctor } from "./commands/doctor.ts";
import { eventClose, eventList, eventOpen } from "./commands/event.ts";
import { expire } from "./commands/expire.ts";
import { exportDataset } from "./commands/export-dataset.ts";
import { exportPersons } from "./commands/export-persons.ts";
import { helpFor, helpForAll } from "./commands/help.ts";
import { importCasesCommand } from "./commands/import-cases.ts";
import { importNoticesCommand } from "./commands/import-notices.ts";
import { importPersonsCsvCommand } from "./commands/import-persons-csv.ts";
import { importPfifCommand } from "./commands/import-pfif.ts";
import { importReportsCommand } from "./commands/import-reports.ts";
import { importTravellersCommand } from "./commands/import-travellers.ts";
import { nearest } from "./commands/nearest.ts";
import { pfifKeyAdd, pfifKeyList, pfifKeyRemove } from "./commands/pfif-key.ts";
import { restore } from "./commands/restore.ts";
import { reviewDecide, reviewList } from "./commands/review.ts";
import { jobsRun } from "./commands/jobs-run.ts";
import { openSession, type Session } from "./commands/session.ts";
import { staffAdd, staffList, staffRemove, staffSecondFactor } from "./commands/staff.ts";
import { OutputClosed, processTerminal, type Terminal } from "./commands/terminal.ts";
import { RemoteRefused } from "./remote-source.ts";

/** Every command, in the order an operator meets them. */
const commands: readonly Command[] = [
  doctor,
  demo,
  eventOpen,
  eventClose,
  eventList,
  importPfifCommand,
  importPersonsCsvCommand,
  importTravellersCommand,
  importReportsCommand,
  importNoticesCommand,
  importCasesCommand,
  exportDataset,
  exportPersons,
  reviewList,
  reviewDecide,
  expire,
  jobsRun,
  pfifKeyAdd,
  pfifKeyList,
  pfifKeyRemove,
  staffAdd,
  auditVerify,
  staffList,
  staffRemove,
  staffSecondFactor,
  backup,
  restore,
];

/** Runs one command of the operator and gives its exit code. */
export async function lookout(args: readonly string[], terminal?: Terminal): Promise<ExitCode> {
  const speaker = terminal ?? processTerminal();
  if (!terminal) {
    // Leaving through the door, so that a database started for this command ends with it.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  }
  try {
    return await find(args, speaker);
  } catch (error) {
    speaker.progress(null);
    if (error instanceof OutputClosed) return DONE;
    if (error instanceof UsageError) {
      speaker.tell(`lookout: ${error.message}`);
      return WRONG_USAGE;
    }
    speaker.tell(`lookout: ${sentenceFor(error)}`);
    return REFUSED;
  }
}

async function find(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [first = "--help", second = ""] = args;
  if (["--help", "-h", "help"].includes(first) && (second === "" || first !== "help")) {
    await terminal.write(helpForAll(commands));
    return args.length === 0 ? WRONG_USAGE : DONE;
  }
  // `help import pfif` is `import pfif --help`.
  if (first === "help") return find([...args.slice(1), "--help"], terminal);

  const command =
    commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first);
  if (command) return run(command, args.slice(command.name.split(" ").length), terminal);

  const inGroup = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (inGroup.length > 0) {
    if (second === "" || second === "--help" || second === "-h") {
      await terminal.write(helpForAll(commands, first));
      return second === "" ? WRONG_USAGE : DONE;
    }
    const words = inGroup.map(({ name }) => name.slice(first.length + 1));
    const near = nearest(second, words);
    throw new UsageError(
      near
        ? `there is no "${first} ${second}". Did you mean "${first} ${near}"?`
        : `there is no "${first} ${second}"; known are ${words.map((word) => `"${first} ${word}"`).join(", ")}.`,
    );
  }
  const near = nearest(first, [...new Set(commands.map(({ name }) => name.split(" ")[0]!))]);
  throw new UsageError(
    `there is no command "${first}".${near ? ` Did you mean "${near}"?` : ""} --help lists all of them.`,
  );
}

async function run(command: Command, args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { operands, values, help } = readInvocation(command, args);
  if (help) {
    await terminal.write(helpFor(command));
    return DONE;
  }
  let session: Session | undefined;
  try {
    return await command.run({
      terminal,
      operands,
      option: (name) => {
        const value = values[name];
        return typeof value === "string" ? value : undefined;
      },
      has: (name) => values[name] === true,
      open: async () => (session ??= await openSession(terminal)),
    });
  } finally {
    terminal.progress(null);
    await session?.close();
  }
}

/** One sentence for what went wrong; a fault of ours comes with its place. */
function sentenceFor(error: unknown): string {
  if (error instanceof CommandRefused || error instanceof StartRefused) return error.message;
  if (error instanceof RemoteRefused) return error.message;
  if (error instanceof Failure) {
    if (error.kind === "unavailable") {
      const why = error.cause instanceof Error ? ` (${error.cause.message})` : "";
      return `the database does not answer${why}. What was stored before stays.`;
    }
    const words = errorText(translator("en"), error.token);
    return error.field ? `${error.field}: ${words}.` : `${words}.`;
  }
  const { code, path: file, message, stack } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOSPC":
      return `the disk is full${file ? ` (${file})` : ""}.`;
    case "EACCES":
    case "EPERM":
      return `${file ?? "that"} may not be used by this user.`;
  }
  return stack ?? message;
}
