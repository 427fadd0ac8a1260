import type { CoordinatesGiven, CoordinatesRefusal } from "./given-coordinates.ts";

/** Plus Codes (Open Location Code): the whole ones, which say where they are without help. */

const ALPHABET = "23456789CFGHJMPQRVWX";
const FULL = /^([23456789CFGHJMPQRVWX]{8})\+([23456789CFGHJMPQRVWX]{2,7})?$/;
// Short codes are read beside a place name, which we would have to look up.
const SHORT = /^[23456789CFGHJMPQRVWX]{2,6}\+[23456789CFGHJMPQRVWX]{2,7}(?![0-9A-Z])/;

/** Reads a full Plus Code as the middle of its cell; refuses a short one; null when the text is none. */
export function readPlusCode(text: string): CoordinatesGiven | { token: CoordinatesRefusal } | null {
  const code = text.toUpperCase();
  const match = FULL.exec(code);
  if (!match) return SHORT.test(code) ? { token: "plus_code_short" } : null;
  const digits = [...(match[1]! + (match[2] ?? ""))].map((letter) => ALPHABET.indexOf(letter));
  let [lat, lon, height, width] = [-90, -180, 400, 400];
  for (let i = 0; i < digits.length; i += 1) {
    if (i < 10) {
      // Pairs: latitude and longitude by turns, each a twentieth of the step before.
      if (i % 2 === 0) lat += digits[i]! * (height /= 20);
      else lon += digits[i]! * (width /= 20);
      continue;
    }
    // Then single letters on a grid of five rows and four columns.
    lat += Math.floor(digits[i]! / 4) * (height /= 5);
    lon += (digits[i]! % 4) * (width /= 4);
  }
  return {
    lat: Number((lat + height / 2).toFixed(10)),
    lon: Number((lon + width / 2).toFixed(10)),
    notation: "plus_code",
    ordered: true,
    precision_m: Math.max(0.01, Number(((height / 2) * 111_195).toPrecision(2))),
  };
}
