import { parseArgs } from "node:util";
import type { Session } from "./session.ts";
import { nearest } from "./nearest.ts";
import type { Terminal } from "./terminal.ts";

/** How a command ended. The numbers are what scripts hold on to. */
export const DONE = 0;
export const REFUSED = 1;
export const WRONG_USAGE = 2;
export type ExitCode = typeof DONE | typeof REFUSED | typeof WRONG_USAGE;

export interface Option {
  /** Stands for the value in the help; without it the option is a switch. */
  value?: string;
  about: string;
}

export interface Invocation {
  terminal: Terminal;
  /** What stands after the name of the command, options aside. */
  operands: string[];
  /** The value of an option, or undefined. */
  option(name: string): string | undefined;
  /** Whether a switch was given. */
  has(name: string): boolean;
  /** Opens the database of this installation: that of the running server, or for the duration of the command. */
  open(): Promise<Session>;
}

export interface Command {
  /** As it is typed: `import pfif`. */
  name: string;
  /** Its operands as the help shows them: `FILE|URL|-`. */
  operands: string;
  /** How many operands it takes. */
  takes: readonly [least: number, most: number];
  /** One line for the list of commands. */
  summary: string;
  /** More for its own help, if there is more to know. */
  details?: string;
  options?: Readonly<Record<string, Option>>;
  run(invocation: Invocation): Promise<ExitCode>;
}

/** The command was called in a way it does not know. The message says what was wrong. */
export class UsageError extends Error {}

/** The command cannot be done, for a reason that lies outside. The message is one sentence. */
export class CommandRefused extends Error {}

/** Takes apart what was typed after the name of a command. */
export function readInvocation(
  command: Command,
  args: readonly string[],
): { operands: string[]; values: Record<string, string | boolean | undefined>; help: boolean } {
  const options = command.options ?? {};
  const known = Object.fromEntries([
    ["help", { type: "boolean" as const, short: "h" }],
    ...Object.entries(options).map(([name, option]) => [
      name,
      { type: option.value ? ("string" as const) : ("boolean" as const) },
    ]),
  ]);
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: known, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(explain(error, args, Object.keys(known)));
  }
  const { help, ...values } = parsed.values as Record<string, string | boolean | undefined>;
  const operands = parsed.positionals;
  const [least, most] = command.takes;
  if (help !== true && operands.length < least) {
    throw new UsageError(`${command.name} needs ${command.operands}.`);
  }
  if (help !== true && operands.length > most) {
    throw new UsageError(`${command.name} does not know what to do with "${operands[most]}".`);
  }
  return { operands, values, help: help === true };
}

function explain(error: unknown, args: readonly string[], known: readonly string[]): string {
  const { code, message } = error as { code?: string; message: string };
  const given =
    /'(-[^']*?)(?: <value>)?'/.exec(message)?.[1] ?? args.find((arg) => arg.startsWith("-")) ?? "";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const name = given.replace(/^-+/, "").replace(/=.*$/, "");
    const near = nearest(name, known);
    return `there is no option ${given}.${near ? ` Did you mean --${near}?` : ""}`;
  }
  return /argument missing|ambiguous/i.test(message)
    ? `${given} needs a value, as in ${given}=VALUE.`
    : `${message.split("\n")[0]}.`.replace(/\.\.$/, ".");
}
