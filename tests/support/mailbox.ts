/** Reads the mail that a site without a mail server leaves as files. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Site } from "./site.ts";

export interface Letter {
  file: string;
  to: string;
  subject: string;
  headers: Record<string, string[]>;
  text: string;
}

/** All mail that has left the site, oldest first. */
export function letters(site: Site): Letter[] {
  const directory = path.join(site.dataDir, "outbox");
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith(".eml"))
    .map((file) => readLetter(file, readFileSync(path.join(directory, file), "latin1")))
    .sort((a, b) => Date.parse(a.headers.date?.[0] ?? "") - Date.parse(b.headers.date?.[0] ?? ""));
}

/** Waits until nothing waits in the outbox any more, then gives all mail to an address. */
export async function lettersTo(site: Site, address: string): Promise<Letter[]> {
  const until = Date.now() + 15_000;
  for (;;) {
    const [row] = await site.sql<{ waiting: number }[]>`
      select count(*)::int as waiting from app.outbox where sent_at is null and failed_at is null`;
    if (row?.waiting === 0) break;
    if (Date.now() > until) throw new Error(`${row?.waiting} mails are still waiting`);
    await sleep(100);
  }
  return letters(site).filter(({ to }) => to === address);
}

/** The address of the first link to this site in a letter, as a path. */
export function linkIn(letter: Letter, site: Site, holding: string): string {
  const link = [...letter.text.matchAll(/https?:\/\/\S+/g)]
    .map(([url]) => url)
    .find((url) => url.includes(holding));
  if (!link?.startsWith(site.url)) throw new Error(`No link with "${holding}" in: ${letter.text}`);
  return link.slice(site.url.length);
}

function readLetter(file: string, raw: string): Letter {
  const end = raw.search(/\r?\n\r?\n/);
  const headers: Record<string, string[]> = {};
  for (const line of raw
    .slice(0, end)
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)) {
    const colon = line.indexOf(":");
    (headers[line.slice(0, colon).toLowerCase()] ??= []).push(line.slice(colon + 1).trim());
  }
  const body = raw.slice(end).replace(/^(?:\r?\n){2}/, "");
  const encoding = headers["content-transfer-encoding"]?.[0]?.toLowerCase();
  const bytes =
    encoding === "base64"
      ? Buffer.from(body, "base64")
      : Buffer.from(encoding === "quoted-printable" ? unquoted(body) : body, "latin1");
  return {
    file,
    to: headers.to?.[0] ?? "",
    subject: words(headers.subject?.[0] ?? ""),
    headers,
    text: bytes.toString("utf8"),
  };
}

function unquoted(text: string): string {
  return text
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function words(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === "b"
        ? Buffer.from(text, "base64").toString("utf8")
        : Buffer.from(unquoted(text.replaceAll("_", " ")), "latin1").toString("utf8"),
    );
}
