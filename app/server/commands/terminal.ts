import { open } from "node:fs/promises";
import { stripControls } from "../../formats/safe-text.ts";

/** Where a command reads from and speaks to; tests have one of their own. */
export interface Terminal {
  /** Settings; those of the process where absent. */
  env?: Record<string, string | undefined>;
  stdin: AsyncIterable<Uint8Array>;
  /** Prints what was asked for; waits while the reader is slow. Throws OutputClosed when nobody reads any more. */
  write(text: string): Promise<void>;
  /** Says something beside it: progress, warnings. */
  tell(line: string): void;
  /** Shows how far long work is, in place of what was shown before; null wipes it. */
  progress(line: string | null): void;
}

/** Whoever read our output has heard enough, as `| head` has. */
export class OutputClosed extends Error {}

const patienceMs = 5_000;

/** The terminal this process was started from. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  let shown = false;
  let last = performance.now();
  // Whoever is gone is found out at the next word; until then it is nobody's fault.
  stdout.on("error", () => {});
  const wipe = () => {
    if (shown) stderr.write("\r\u001B[2K");
    shown = false;
  };
  return {
    stdin,
    write: (text) =>
      new Promise((resolve, reject) => {
        wipe();
        stdout.write(text, (error) => (error ? reject(new OutputClosed()) : resolve()));
      }),
    tell(line) {
      wipe();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (stderr.isTTY) {
        wipe();
        if (line === null) return;
        stderr.write(line.slice(0, Math.max(20, stderr.columns - 1)));
        shown = true;
      } else if (line !== null && performance.now() - last > patienceMs) {
        last = performance.now();
        stderr.write(`${line}\n`);
      }
    },
  };
}

/** What somebody else wrote, safe to print: no line breaks, no terminal escapes, of bearable length. */
export function plain(text: string, longest = 200): string {
  const line = stripControls(text.replace(/\s+/g, " ")).trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** Writes a file that must not exist yet, readable by its owner alone, and waits until the disk has it. Gives its size. */
export async function writeNewFile(
  file: string,
  chunks: AsyncIterable<string | Uint8Array>,
): Promise<number> {
  const handle = await open(file, "wx", 0o600);
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      const piece = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      bytes += piece.byteLength;
      await handle.writeFile(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return bytes;
}
