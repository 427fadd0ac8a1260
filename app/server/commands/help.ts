import type { Command } from "./command.ts";

const exitCodes = "Exit: 0 done, 1 something was refused (it says what), 2 wrong usage.";

/** The list of all commands, or of those that begin with a word. */
export function helpForAll(commands: readonly Command[], beginning = ""): string {
  const shown = commands.filter(({ name }) => beginning === "" || name.startsWith(`${beginning} `));
  const calls = shown.map(({ name, operands }) => `${name} ${operands}`.trim());
  const width = Math.min(44, Math.max(...calls.map((call) => call.length)) + 2);
  const lines = shown.map((command, index) => {
    const call = calls[index]!;
    return call.length < width
      ? `  ${call.padEnd(width)}${command.summary}`
      : `  ${call}\n  ${" ".repeat(width)}${command.summary}`;
  });
  return [
    `守望 Lookout, for operators: npm run lookout -- ${beginning === "" ? "" : `${beginning} `}COMMAND`,
    "",
    ...lines,
    "",
    "COMMAND --help tells more. Everything works while the server runs, and without it.",
    exitCodes,
    "",
  ].join("\n");
}

/** Everything about one command. */
export function helpFor(command: Command): string {
  const options = Object.entries(command.options ?? {}).map(
    ([name, { value, about }]) => [`--${name}${value ? ` ${value}` : ""}`, about] as const,
  );
  const width = Math.max(8, ...options.map(([call]) => call.length)) + 2;
  return [
    `npm run lookout -- ${`${command.name} ${command.operands}`.trim()}${options.length > 0 ? " [options]" : ""}`,
    "",
    command.summary,
    ...(command.details ? ["", command.details.trim()] : []),
    ...(options.length > 0 ? ["", ...options.map(([call, about]) => `  ${call.padEnd(width)}${about}`)] : []),
    "",
    exitCodes,
    "",
  ].join("\n");
}
