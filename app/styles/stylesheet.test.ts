import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const files = ["tokens.css", "base.css", "components.css", "print.css"];
const whole = files.map((name) => read(`./${name}`)).join("\n");

test("stays small enough to travel inside every page", () => {
  const squeezed = whole
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};:,>]) ?/g, "$1");
  expect(gzipSync(squeezed, { level: 9 }).length).toBeLessThan(5500);
});

test("cannot end the style element it stands in, and fetches nothing", () => {
  expect(whole).not.toMatch(/<\/?[a-z!]/i);
  expect(whole).not.toMatch(/url\(|@font-face/);
});

test("every file is part of the stylesheet", () => {
  for (const name of files) expect(read("./site.css")).toContain(`"./${name}"`);
});

test("sides are named by the flow of the text, so that it can run the other way", () => {
  const physical = /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)|left|right|float)\s*:/;
  for (const line of whole.split("\n")) expect(physical.test(line) ? line : "").toBe("");
});

describe.each(["light", "dark"])("in the %s scheme", (scheme) => {
  const tokens = colours(scheme === "light" ? 0 : 1);
  const grounds = ["paper", "surface", "tint"];

  test.each(["ink", "quiet", "accent", "safe", "help", "seek", "official"])(
    "%s can be read on every ground",
    (name) => {
      for (const ground of grounds)
        expect(contrast(tokens[name]!, tokens[ground]!), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(["safe", "help", "seek", "quiet", "ink"])("%s can be read on its own tag", (name) => {
    const tag = mixed(tokens[name]!, tokens["surface"]!, 0.1);
    expect(contrast(tokens[name]!, tag)).toBeGreaterThanOrEqual(4.5);
  });

  test("buttons can be read, and the edges of fields seen", () => {
    expect(contrast(tokens["on-accent"]!, tokens["accent"]!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens["paper"]!, tokens["help"]!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens["quiet"]!, tokens["surface"]!)).toBeGreaterThanOrEqual(3);
  });
});

type Colour = [number, number, number];

function colours(block: number): Record<string, Colour> {
  const body = read("./tokens.css").split("@media")[block] ?? "";
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): #([0-9a-f]{3,6});/g)].map(([, name, hex]) => [name, parse(hex!)]),
  );
}

function parse(hex: string): Colour {
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16)) as Colour;
}

function mixed(over: Colour, under: Colour, share: number): Colour {
  return over.map((value, at) => value * share + under[at]! * (1 - share)) as Colour;
}

function contrast(a: Colour, b: Colour): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Colour;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
