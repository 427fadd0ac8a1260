import { bboxContains, positionProblem } from "./geometry.ts";
import type { Bbox, Position } from "./geometry.ts";
import { precision } from "./given-coordinates.ts";
import type { CoordinateNotation, CoordinatesGiven, CoordinatesRefusal } from "./given-coordinates.ts";
import { readMapLink } from "./map-links.ts";
import { readPlusCode } from "./plus-codes.ts";

/**
 * Coordinates as people type, paste and dictate them. Where nothing says otherwise latitude comes first, as receivers,
 * maps and phones show it; what can be read in two ways is refused rather than guessed.
 */

export interface CoordinatesFound {
  position: Position;
  notation: CoordinateNotation;
  /**
   * `corrected`: the latitude could not be one, so the two were exchanged. `suspected`: both orders are possible and
   * only the other lies in the area given; `position` is as typed, `alternative` the other.
   */
  swapped: "no" | "corrected" | "suspected";
  alternative: Position | null;
  /** How far off the place may be because no more digits were given. */
  precision_m: number;
}

export type CoordinatesRead = CoordinatesFound | { token: CoordinatesRefusal };

const LONGEST = 2_000;

/**
 * Reads a place from text: decimal degrees, degrees with minutes and seconds, hemispheres as letters or words (N, 北緯),
 * full-width and other scripts' digits, decimal commas where they can be nothing else, `geo:` URIs (RFC 5870), Plus
 * Codes, WKT points, and links of Google, Apple, Bing and OpenStreetMap, none of which is ever fetched. `area`, where
 * the place should be, helps to notice exchanged numbers.
 */
export function readCoordinates(text: string, area: Bbox | null = null): CoordinatesRead {
  if (text.length > LONGEST) return { token: "coordinates_not_understood" };
  const typed = plainCharacters(text);
  if (typed === "") return { token: "coordinates_missing" };
  const given = readMapLink(typed) ?? readPlusCode(typed) ?? readWellKnownText(typed) ?? readAngles(typed);
  return "token" in given ? given : judged(given, area);
}

/** One coordinate of a form with two fields, in any notation above. `axis` is the field's; a letter may not contradict. */
export function readCoordinate(
  text: string,
  axis: "lat" | "lon",
): { degrees: number } | { token: CoordinatesRefusal } {
  const typed = text.length > 100 ? "" : plainCharacters(text);
  if (typed === "")
    return { token: text.trim() === "" ? "coordinates_missing" : "coordinates_not_understood" };
  const angles = anglesOf(tokensOf(/^[^,]*\d,\d[^,]*$/.test(typed) ? typed.replace(",", ".") : typed));
  if (angles === null || angles.length !== 1 || (angles[0]!.axis !== null && angles[0]!.axis !== axis)) {
    return { token: "coordinates_not_understood" };
  }
  const { degrees } = angles[0]!;
  if (axis === "lat" && Math.abs(degrees) > 90) return { token: "latitude_out_of_range" };
  if (axis === "lon" && Math.abs(degrees) > 180) return { token: "longitude_out_of_range" };
  return { degrees };
}

function judged(given: CoordinatesGiven, area: Bbox | null): CoordinatesRead {
  const { lat, lon, notation, ordered, precision_m } = given;
  const found = { notation, precision_m };
  const problem = positionProblem(lon, lat);
  if (problem === "coordinates_swapped" && !ordered) {
    return { position: [lat, lon], swapped: "corrected", alternative: null, ...found };
  }
  if (problem !== null) {
    return { token: Math.abs(lat) > 90 ? "latitude_out_of_range" : "longitude_out_of_range" };
  }
  const position: Position = [lon, lat];
  const other: Position | null = !ordered && Math.abs(lon) <= 90 ? [lat, lon] : null;
  if (area && other && !bboxContains(area, position) && bboxContains(area, other)) {
    return { position, swapped: "suspected", alternative: other, ...found };
  }
  return { position, swapped: "no", alternative: null, ...found };
}

/** Digits of every script as ours, full-width forms as plain ones, one kind of minus and prime, invisibles left out. */
function plainCharacters(text: string): string {
  return text
    .replace(/[\u00BA\u02DA]/g, "°")
    .replace(/\u00B4/g, "'")
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Cc}]/gu, (control) => (/\s/.test(control) ? " " : ""))
    .replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)))
    .replace(/[\u2212\u2010-\u2015]/g, "-")
    .replace(/[\u2032\u2018\u2019\u02B9\u02BC`]/g, "'")
    .replace(/''|[\u2033\u201C\u201D\u02BA]/g, '"')
    .replace(/[、\u060C]/g, ",")
    .replace(/\u066B|(?<=\d)。(?=\d)/g, ".")
    .trim();
}

/** The digits of a script stand in tens that begin at its zero. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0)!;
  if (code < 0x80) return code - 48;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}

type Axis = "lat" | "lon";

type Token =
  | { kind: "number"; value: number; decimals: number; sign: boolean }
  | { kind: "unit"; unit: "degree" | "minute" | "second" | "colon" }
  | { kind: "hemisphere"; axis: Axis; sign: 1 | -1 }
  | { kind: "label"; axis: Axis }
  | { kind: "separator" };

// Longer words first: 北緯 holds 北.
const WORDS: readonly [RegExp, Token | null][] = [
  [/^(?:北緯|北纬|north|n)(?![a-z])\.?/, { kind: "hemisphere", axis: "lat", sign: 1 }],
  [/^(?:南緯|南纬|south|s)(?![a-z])\.?/, { kind: "hemisphere", axis: "lat", sign: -1 }],
  [/^(?:東經|东经|東経|east|e)(?![a-z])\.?/, { kind: "hemisphere", axis: "lon", sign: 1 }],
  [/^(?:西經|西经|西経|west|w)(?![a-z])\.?/, { kind: "hemisphere", axis: "lon", sign: -1 }],
  [/^(?:緯度|纬度|latitude|lat)(?![a-z])\.?\s*[:=]?/, { kind: "label", axis: "lat" }],
  [/^(?:經度|经度|経度|longitude|long|lng|lon)(?![a-z])\.?\s*[:=]?/, { kind: "label", axis: "lon" }],
  [/^(?:°|度|deg(?:rees?)?(?![a-z])|d(?![a-z]))/, { kind: "unit", unit: "degree" }],
  [/^(?:'|分|min(?:utes?)?(?![a-z])|m(?![a-z]))/, { kind: "unit", unit: "minute" }],
  [/^(?:"|秒|sec(?:onds?)?(?![a-z]))/, { kind: "unit", unit: "second" }],
  [/^:/, { kind: "unit", unit: "colon" }],
  [/^[,;/|]/, { kind: "separator" }],
  [/^(?:\s+|[()[\]{}。])/, null],
];

const NUMBER = /^([+-]?)(\d{1,15}(?:\.(\d{0,20}))?|\.(\d{1,20}))(?!\d)/;

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  let rest = text.toLowerCase();
  while (rest !== "") {
    const number = NUMBER.exec(rest);
    if (number) {
      // A second point belongs to no number: 27.71.72 is a slip.
      if (/^\.\d/.test(rest.slice(number[0].length))) return null;
      const value = Number(number[2]) * (number[1] === "-" ? -1 : 1);
      const decimals = (number[3] ?? number[4] ?? "").length;
      tokens.push({ kind: "number", value, decimals, sign: number[1] !== "" });
      rest = rest.slice(number[0].length);
      continue;
    }
    const word = WORDS.find(([pattern]) => pattern.test(rest));
    if (!word || tokens.length > 40) return null;
    if (word[1]) tokens.push(word[1]);
    rest = rest.slice(word[0].exec(rest)![0].length);
  }
  return tokens;
}

interface Angle {
  degrees: number;
  axis: Axis | null;
  parts: number;
  /** Degrees that one step of the last digit given is. */
  step: number;
}

function readAngles(text: string): CoordinatesGiven | { token: CoordinatesRefusal } {
  const angles = pairOf(text);
  if ("token" in angles) return angles;
  const [first, second] = angles;
  if (first.axis !== null && first.axis === second.axis) return { token: "coordinates_not_understood" };
  const turned = first.axis === "lon" || second.axis === "lat";
  const [lat, lon] = turned ? [second, first] : [first, second];
  const parts = Math.max(lat.parts, lon.parts);
  return {
    lat: lat.degrees + 0,
    lon: lon.degrees + 0,
    notation: parts === 1 ? "decimal_degrees" : parts === 2 ? "degrees_minutes" : "degrees_minutes_seconds",
    ordered: first.axis !== null || second.axis !== null,
    precision_m: precision(Math.max(lat.step, lon.step)),
  };
}

/**
 * Reads two angles, with commas between digits as separators and as decimal points. Only one way may make sense:
 * `27,71` may be a pair or half of one.
 */
function pairOf(text: string): [Angle, Angle] | { token: CoordinatesRefusal } {
  const plain = anglesOf(tokensOf(text));
  const joined = /\d,\d/.test(text) && !/\d\.\d/.test(text);
  const decimal = joined ? anglesOf(tokensOf(text.replace(/(\d),(?=\d)/g, "$1."))) : null;
  if (plain && decimal) return { token: "coordinates_ambiguous" };
  const angles = plain ?? decimal;
  if (angles?.length === 2) return [angles[0]!, angles[1]!];
  const unclear = angles !== null || /^-?\d+,\d+,-?\d+,\d+$/.test(text.replace(/\s/g, ""));
  return { token: unclear ? "coordinates_ambiguous" : "coordinates_not_understood" };
}

/** Two angles, or one; null when the tokens make neither. */
function anglesOf(tokens: Token[] | null): Angle[] | null {
  if (tokens === null) return null;
  const numbers = tokens.filter((token) => token.kind === "number").length;
  const bare = tokens.every((token) => token.kind === "number" || token.kind === "separator");
  const separators = tokens.filter((token) => token.kind === "separator").length;
  if (bare && separators <= 1 && (numbers === 4 || numbers === 6)) return bareAngles(tokens, numbers / 2);

  const angles: Angle[] = [];
  let at = 0;
  while (at < tokens.length) {
    if (tokens[at]!.kind === "separator") {
      if (angles.length !== 1) return null;
      at += 1;
      continue;
    }
    const read = angleAt(tokens, at);
    if (read === null || angles.length === 2) return null;
    angles.push(read.angle);
    at = read.end;
  }
  return angles.length === 0 ? null : angles;
}

/** Numbers alone, each angle of two or three: `27 43 02 85 19 26`. */
function bareAngles(tokens: Token[], parts: number): Angle[] | null {
  const place = tokens.findIndex((token) => token.kind === "separator");
  if (place !== -1 && place !== parts) return null;
  const numbers = tokens.filter((token) => token.kind === "number");
  const [first, second] = [numbers.slice(0, parts), numbers.slice(parts)].map((group) =>
    angleOf(group, null, 0),
  );
  return first && second ? [first, second] : null;
}

const UNITS = ["degree", "minute", "second"] as const;

function angleAt(tokens: Token[], from: number): { angle: Angle; end: number } | null {
  let at = from;
  let axis: Axis | null = null;
  let sign: 0 | 1 | -1 = 0;
  const next = () => tokens[at];
  for (let token = next(); token?.kind === "label" || token?.kind === "hemisphere"; token = next()) {
    if (axis !== null && axis !== token.axis) return null;
    axis = token.axis;
    if (token.kind === "hemisphere") sign = token.sign;
    at += 1;
  }
  const parts: Extract<Token, { kind: "number" }>[] = [];
  for (let token = next(); token?.kind === "number" && parts.length < 3; token = next()) {
    // Without a mark after the degrees, a further number is the other coordinate, unless letters stand around.
    parts.push(token);
    at += 1;
    const mark = next();
    if (mark?.kind !== "unit") {
      if (parts.length === 1 && !lettersFollow(tokens, at)) break;
      continue;
    }
    if (mark.unit !== "colon" && mark.unit !== UNITS[parts.length - 1]) return null;
    at += 1;
    if (mark.unit === "colon" && next()?.kind !== "number") return null;
    if (mark.unit === "second") break;
  }
  const letter = next();
  if (letter?.kind === "hemisphere" && sign === 0 && (axis === null || axis === letter.axis)) {
    // `27 N 85 E`, but not the E of `27 E85`, which already belongs to what follows a letterless number.
    ({ axis, sign } = letter);
    at += 1;
  }
  const angle = parts.length === 0 ? null : angleOf(parts, axis, sign);
  return angle && { angle, end: at };
}

/** True when the numbers from here on run into a hemisphere letter: `27 43 02 N`. */
function lettersFollow(tokens: Token[], at: number): boolean {
  let numbers = 0;
  for (const token of tokens.slice(at)) {
    if (token.kind === "hemisphere") return numbers > 0 && numbers < 3;
    if (token.kind !== "number") return false;
    numbers += 1;
  }
  return false;
}

function angleOf(
  parts: readonly { value: number; decimals: number; sign: boolean }[],
  axis: Axis | null,
  sign: 0 | 1 | -1,
): Angle | null {
  const [degrees, minutes, seconds] = parts;
  const rest = parts.slice(1);
  // Only the last number may have decimals, and only the first a sign.
  if (parts.slice(0, -1).some(({ decimals }) => decimals > 0)) return null;
  if (rest.some(({ value, sign: signed }) => signed || value >= 60)) return null;
  if (sign !== 0 && degrees!.sign && degrees!.value !== 0 && Math.sign(degrees!.value) < 0) return null;
  const size = Math.abs(degrees!.value) + (minutes?.value ?? 0) / 60 + (seconds?.value ?? 0) / 3600;
  const negative = sign === 0 ? degrees!.value < 0 || Object.is(degrees!.value, -0) : sign < 0;
  return {
    degrees: negative ? -size : size,
    axis,
    parts: parts.length,
    step: 10 ** -parts.at(-1)!.decimals / 60 ** (parts.length - 1),
  };
}

/** `POINT(85.3240 27.7172)`, longitude first (OGC 06-103r4, section 7). */
function readWellKnownText(text: string): CoordinatesGiven | null {
  const match =
    /^(?:SRID=4326;)?\s*POINT\s*\(\s*([+-]?\d{1,3}(?:\.\d{1,20})?)\s+([+-]?\d{1,3}(?:\.\d{1,20})?)\s*\)$/i.exec(
      text,
    );
  if (!match) return null;
  return {
    lat: Number(match[2]),
    lon: Number(match[1]),
    notation: "well_known_text",
    ordered: true,
    precision_m: precision(10 ** -(match[2]!.split(".")[1] ?? "").length),
  };
}
