import { expect, test } from "vitest";
import { ArchiveBroken, readTar, tarEnd, tarEntry, type ArchiveEntry } from "./tar.ts";

const entries: ArchiveEntry[] = [
  { name: "manifest.json", content: Buffer.from("{}") },
  { name: "data/app.events/000001.jsonl", content: Buffer.alloc(1024, 7) },
  { name: "empty", content: Buffer.alloc(0) },
];
const archive = Buffer.concat([
  ...entries.flatMap((entry) => tarEntry(entry, new Date("2026-11-22T10:00:00Z"))),
  tarEnd,
]);

async function* inPieces(bytes: Buffer, size: number) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(bytes: Buffer, size = 100, maxEntry = 10_000): Promise<ArchiveEntry[]> {
  const found: ArchiveEntry[] = [];
  for await (const entry of readTar(inPieces(bytes, size), maxEntry)) found.push(entry);
  return found;
}

test.each([1, 100, 512, 100_000])("what was written is read, %i bytes at a time", async (size) => {
  const found = await read(archive, size);
  expect(found.map(({ name, content }) => [name, Buffer.from(content).toString("hex")])).toEqual(
    entries.map(({ name, content }) => [name, Buffer.from(content).toString("hex")]),
  );
});

test("cut off anywhere, an archive is broken", async () => {
  for (const length of [0, 1, 511, 512, 700, 1024, 2047, 2048, archive.length - 1024]) {
    await expect(read(archive.subarray(0, length))).rejects.toThrow(ArchiveBroken);
  }
});

test("a changed header, an oversized entry and a link are refused", async () => {
  const changed = Buffer.from(archive);
  changed[3] = 0x58;
  await expect(read(changed)).rejects.toThrow("damaged");
  await expect(read(archive, 100, 1000)).rejects.toThrow("not of a backup");
});
