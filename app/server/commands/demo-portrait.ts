import sharp from "sharp";
import { preparePhoto, type StoredPhoto } from "../../platform/photo.server.ts";

const grounds = ["#0b5d57", "#8a5a00", "#1d4f91", "#6b4a7a", "#4a6b3a"];
const skins = ["#e8c9a8", "#d8b08c", "#f0d8c0", "#c79a74"];
const hair = ["#2b2320", "#4a3626", "#1c1c22", "#8b8b88"];

/** A drawn head and shoulders, so that nobody takes it for a photo of somebody. */
export async function drawPortrait(number: number): Promise<StoredPhoto> {
  const of = (colours: readonly string[]) => colours[number % colours.length]!;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480" viewBox="0 0 48 48">
    <rect width="48" height="48" fill="${of(grounds)}"/>
    <path d="M6 48c0-12 8-17 18-17s18 5 18 17z" fill="#f4f1ea"/>
    <circle cx="24" cy="20" r="10" fill="${of(skins)}"/>
    <path d="M13 ${number % 2 ? 20 : 26}C12 8 36 8 35 ${number % 3 ? 20 : 27}c-2-6-6-8-11-8s-9 2-11 8z" fill="${of(hair)}"/>
    <rect x="0" y="41" width="48" height="7" fill="#14211f" opacity=".75"/>
    <path d="M8 44.5h32" stroke="#fff" stroke-width="1.2" stroke-dasharray="3 1.5"/>
  </svg>`;
  return preparePhoto(await sharp(Buffer.from(picture)).png().toBuffer());
}
