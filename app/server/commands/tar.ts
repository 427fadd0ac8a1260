/** Plain archives (POSIX ustar) of regular files, written and read as a stream: what any `tar` understands. */

export interface ArchiveEntry {
  name: string;
  content: Uint8Array;
}

/** The archive is not one of ours, or damaged. */
export class ArchiveBroken extends Error {}

const block = 512;

/** One entry as bytes. */
export function tarEntry({ name, content }: ArchiveEntry, modified: Date): Uint8Array[] {
  const header = Buffer.alloc(block);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  header.write(name, 0, 100, "utf8");
  header.write(octal(0o600, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.byteLength, 12), 124);
  header.write(octal(Math.floor(modified.getTime() / 1000), 12), 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\u000000", 257);
  header.write(`${checksumOf(header).toString(8).padStart(6, "0")}\0 `, 148);
  const padding = (block - (content.byteLength % block)) % block;
  return [header, content, Buffer.alloc(padding)];
}

/** What stands at the end of an archive. */
export const tarEnd: Uint8Array = Buffer.alloc(2 * block);

/**
 * The entries of an archive in their order. An entry larger than `maxEntry`, of another kind than a file, or cut off
 * breaks the archive; so does an end that is missing.
 */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
  maxEntry: number,
): AsyncGenerator<ArchiveEntry> {
  const reader = new BlockReader(source);
  for (;;) {
    const header = await reader.take(block);
    if (!header) throw new ArchiveBroken("the file ends too early");
    if (header.every((byte) => byte === 0)) return;
    const field = (from: number, length: number) =>
      header
        .toString("utf8", from, from + length)
        .replace(/\0.*$/s, "")
        .trim();
    if (Number.parseInt(field(148, 8), 8) !== checksumOf(header))
      throw new ArchiveBroken("the file is damaged");
    const size = Number.parseInt(field(124, 12), 8);
    if (field(156, 1) !== "0" || !(size >= 0) || size > maxEntry) {
      throw new ArchiveBroken("the file holds something that is not of a backup");
    }
    const content = await reader.take(size);
    const padding = (block - (size % block)) % block;
    if (!content || !(await reader.take(padding))) throw new ArchiveBroken("the file ends too early");
    yield { name: field(0, 100), content };
  }
}

function checksumOf(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < block; at += 1) sum += at >= 148 && at < 156 ? 32 : header[at]!;
  return sum;
}

class BlockReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array[] = [];
  #bytes = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly this many bytes, or null when there are no more. */
  async take(size: number): Promise<Buffer | null> {
    while (this.#bytes < size) {
      const next = await this.#source.next();
      if (next.done) return null;
      this.#held.push(next.value);
      this.#bytes += next.value.byteLength;
    }
    const all = Buffer.concat(this.#held);
    this.#held = [all.subarray(size)];
    this.#bytes -= size;
    return Buffer.from(all.subarray(0, size));
  }
}
