import sharp from "sharp";

/** So few pixels of a photo that one sees there is one, and nothing of what it shows. */
export async function fewPixels(photo: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await sharp(photo).resize({ width: 12 }).jpeg({ quality: 50 }).toBuffer());
}
