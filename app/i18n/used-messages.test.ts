import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { resources } from "./translate.ts";

/** A sentence nobody shows is a sentence nobody corrects: each one is used, and each refusal has one. */

const root = fileURLToPath(new URL("../..", import.meta.url));

function read(folder: string, wanted: RegExp): string {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(path.join(entry.parentPath ?? entry.path, entry.name), "utf8"))
    .join("\n");
}

const source = read("app", /\.tsx?$/);
const sql = read("supabase/migrations", /\.sql$/);

function flat(node: object, before: string): string[] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" ? [before + key] : flat(value as object, `${before}${key}.`),
  );
}

const keys = Object.entries(resources["zh-TW"]).flatMap(([space, messages]) => flat(messages, `${space}:`));

test("every message is shown somewhere", () => {
  const whole = new Set([...source.matchAll(/["`]([a-z]+:[\w.]+)["`]/g)].map(([, key]) => key));
  const built = [...source.matchAll(/`([a-z]+:[\w.]+\.)\$\{[^}]*\}(\w*)`/g)].map(([, before, after]) => ({
    before: before!,
    after: after!,
  }));
  const isShown = (key: string) =>
    whole.has(key) || built.some(({ before, after }) => key.startsWith(before) && key.endsWith(after));
  const asked = keys.filter((key) => !key.startsWith("errors:") || key.startsWith("errors:page."));
  expect(asked.map((key) => key.replace(/_other$/, "")).filter((key) => !isShown(key))).toEqual([]);
});

// What a catch-all says, and what the layer before the pages says in words of its own.
const always = ["other", "too_slow"];

test("every sentence about an error belongs to a refusal that exists", () => {
  const tokens = Object.keys(resources["zh-TW"].errors).filter((token) => token !== "page");
  const exists = (token: string) => new RegExp(`["']${token}["']`).test(source + sql);
  expect(tokens.filter((token) => !always.includes(token) && !exists(token))).toEqual([]);
});

test("every refusal of the database and of the pages has a sentence", () => {
  const pages = ["app/features", "app/platform", "app/routes"]
    .map((folder) => read(folder, /\.tsx?$/))
    .join("\n");
  const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, token]) => token!);
  const schemas = read("app/features", /\.schema\.ts$/);
  const tokens = new Set([
    ...all(sql, /raise exception '([a-z_]+)'/g),
    ...all(pages, /new Failure\(\s*"[a-z_]+",\s*"([a-z_]+)"/g),
    ...all(pages, /\btoken: "([a-z_]+)"/g),
    ...all(
      schemas,
      /"([a-z_]+_(?:invalid|required|unknown|unreadable|swapped|long|fact|marks|characters|meanwhile))"/g,
    ),
  ]);
  const known = new Set(Object.keys(resources["zh-TW"].errors));
  // What registries and spreadsheets send is answered to programs and operators.
  const forPrograms = [/^(?:xml|pfif|record)_/, /^not_pfif$/, /_missing$/, /^encoding_/];
  expect(
    [...tokens].filter((token) => !known.has(token) && !forPrograms.some((kind) => kind.test(token))),
  ).toEqual([]);
});
