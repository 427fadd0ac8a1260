/** Photos as strangers send them, and as we keep them: small JPEGs without a trace of where and with what they were taken. */
import { randomUUID } from "node:crypto";
import sharp from "sharp";
import type { FileStore } from "./db.server.ts";
import { Failure } from "./failure.ts";

/** A photo as it is kept: JPEG, re-encoded, no metadata. `content` is base64; `path` where a file store holds the bytes. */
export interface StoredPhoto {
  id: string;
  width: number;
  height: number;
  content?: string;
  path?: string;
}

/** Largest upload that is looked at, in bytes. */
export const PHOTO_UPLOAD_LIMIT = 8_000_000;
const LONGEST_SIDE = 1_024;
const STORED_LIMIT = 300_000;

// One at a time: decoding is the heaviest thing a visitor can ask of the server.
sharp.concurrency(1);
let queue: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * Re-encodes an upload: upright, at most 1,024 pixels a side, JPEG, no metadata (EXIF, GPS, XMP and colour profile go).
 * Fails with `photo_too_large`, `photo_type` (anything but JPEG, PNG, WebP by its first bytes) or `photo_unreadable`.
 */
export async function preparePhoto(upload: Uint8Array): Promise<StoredPhoto> {
  if (upload.byteLength > PHOTO_UPLOAD_LIMIT)
    throw new Failure("invalid", "photo_too_large", { field: "photo" });
  // sharp reads SVG, PDF and TIFF too; the first bytes decide, not the name or the declared type.
  if (!isPhoto(upload)) throw new Failure("invalid", "photo_type", { field: "photo" });
  if (waiting >= 20) throw new Failure("unavailable", "unavailable");
  waiting += 1;
  const mine = queue.then(() => encode(upload));
  queue = mine.catch(() => undefined);
  try {
    return await mine;
  } finally {
    waiting -= 1;
  }
}

async function encode(upload: Uint8Array): Promise<StoredPhoto> {
  try {
    for (const quality of [78, 60, 40]) {
      const { data, info } = await sharp(upload, {
        limitInputPixels: 50_000_000,
        failOn: "error",
        animated: false,
      })
        .timeout({ seconds: 10 })
        .rotate()
        .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: "inside", withoutEnlargement: true })
        .flatten({ background: "#ffffff" })
        .toColourspace("srgb")
        .jpeg({ quality, mozjpeg: true })
        .toBuffer({ resolveWithObject: true });
      if (data.byteLength <= STORED_LIMIT) {
        return { id: randomUUID(), width: info.width, height: info.height, content: data.toString("base64") };
      }
    }
  } catch (cause) {
    throw new Failure("invalid", "photo_unreadable", { field: "photo", cause });
  }
  throw new Failure("invalid", "photo_too_large", { field: "photo" });
}

function isPhoto(bytes: Uint8Array): boolean {
  const starts = (...signature: number[]) => signature.every((byte, at) => bytes[at] === byte);
  const jpeg = starts(0xff, 0xd8, 0xff);
  const png = starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const webp =
    starts(0x52, 0x49, 0x46, 0x46) && [0x57, 0x45, 0x42, 0x50].every((byte, at) => bytes[8 + at] === byte);
  return jpeg || png || webp;
}

/**
 * Puts the bytes where this installation keeps photos, under a folder for their kind of record. One that is never claimed
 * by a record is small and harmless.
 */
export async function placePhoto(
  files: FileStore | null,
  folder: string,
  photo: StoredPhoto | null,
): Promise<StoredPhoto | null> {
  if (!files || photo?.content === undefined) return photo;
  const { content, ...rest } = photo;
  const path = `${folder}/${photo.id}.jpg`;
  await files.put(path, Buffer.from(content, "base64"), "image/jpeg");
  return { ...rest, path };
}
