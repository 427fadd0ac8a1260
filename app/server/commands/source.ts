import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { RemoteRefused, readRemote } from "../remote-source.ts";
import { CommandRefused, UsageError } from "./command.ts";
import type { Terminal } from "./terminal.ts";

/** A file of the operator's own may be far larger than what strangers may send. */
const largestFile = 8 * 1024 ** 3;
const largestDownload = 512 * 1024 ** 2;

export interface Source {
  chunks: AsyncIterable<Uint8Array>;
  /** How it is called in messages. */
  name: string;
  maxBytes: number;
  /** How much there is, if that can be known beforehand. */
  size: number | null;
  /** How much of it has been read. */
  read(): number;
}

/** Opens a file, a web address or, for `-`, what is piped in. */
export async function openSource(
  terminal: Terminal,
  where: string,
  options: { remote: "refused" | "public" | "anywhere" },
): Promise<Source> {
  if (where === "-") return counted(terminal.stdin, "standard input", largestFile, null);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(where)) {
    if (options.remote === "refused") throw new UsageError(`${where}: only a file or - is read here.`);
    return counted(download(where, options.remote === "anywhere"), where, largestDownload, null);
  }
  const found = await stat(where).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR")
      throw new UsageError(`there is no file ${where}.`);
    throw error;
  });
  if (found.isDirectory()) throw new UsageError(`${where} is a directory, not a file.`);
  return counted(createReadStream(where), where, largestFile, found.isFile() ? found.size : null);
}

async function* download(where: string, anywhere: boolean): AsyncGenerator<Uint8Array> {
  try {
    yield* readRemote(where, { anywhere, maxBytes: largestDownload });
  } catch (error) {
    if (!(error instanceof RemoteRefused) || !error.inside) throw error;
    throw new CommandRefused(`${error.message.replace(/\.$/, "")}; --from-anywhere allows it.`);
  }
}

function counted(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number,
  size: number | null,
): Source {
  let bytes = 0;
  async function* counting() {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  }
  return { chunks: counting(), name, maxBytes, size, read: () => bytes };
}

/** "41 %" or "12 MB": how far a source has been read. */
export function howFar(source: Source): string {
  const read = source.read();
  if (source.size) return `${Math.min(100, Math.floor((100 * read) / source.size))} %`;
  return read < 1e6 ? `${Math.ceil(read / 1e3)} kB` : `${(read / 1e6).toFixed(1)} MB`;
}
