/** Writes a PMTiles archive, version 3 (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md), uncompressed. */

const HEADER = 127;

function varints(values: readonly number[]): Buffer {
  const bytes: number[] = [];
  for (let value of values) {
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
    bytes.push(value);
  }
  return Buffer.from(bytes);
}

/**
 * The whole world, each zoom from 0 on filled with one and the same picture: `pictures[z]`, a PNG. `type` is the tile
 * type of the header: 2 for PNG.
 */
export function tileArchive(pictures: readonly Buffer[], type = 2): Buffer {
  // Tiles are numbered zoom after zoom along the Hilbert curve, so a zoom is one run.
  const runs = pictures.map((_, z) => 4 ** z);
  const directory = varints([
    pictures.length,
    ...runs.map((_, z) => (z === 0 ? 0 : runs[z - 1]!)),
    ...runs,
    ...pictures.map(({ length }) => length),
    // Zero means right behind the one before; the first says where, plus one.
    ...pictures.map((_, z) => (z === 0 ? 1 : 0)),
  ]);
  const metadata = Buffer.from("{}");
  const content = Buffer.concat([...pictures]);
  const tiles = runs.reduce((sum, one) => sum + one, 0);
  const header = Buffer.alloc(HEADER);
  header.write("PMTiles", 0);
  header.writeUInt8(3, 7);
  const metadataAt = HEADER + directory.length;
  const contentAt = metadataAt + metadata.length;
  [
    ...[HEADER, directory.length, metadataAt, metadata.length, contentAt, 0, contentAt, content.length],
    ...[tiles, pictures.length, pictures.length],
  ].forEach((value, index) => header.writeBigUInt64LE(BigInt(value), 8 + 8 * index));
  header.set([1, 1, 1, type, 0, pictures.length - 1], 96);
  [-180e7, -85e7, 180e7, 85e7].forEach((value, index) => header.writeInt32LE(value, 102 + 4 * index));
  return Buffer.concat([header, directory, metadata, content]);
}
