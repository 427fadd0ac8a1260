/** Fills the board of a database with invented persons: by COPY, because a million posts would take hours. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Sql } from "postgres";
import { nameKeys } from "#app/names/name-keys.ts";
import { inventPeople, type InventedPerson } from "./people.ts";
import { cacheDirectory } from "./places.ts";

const SEED = 20110311;
const LARGE_EVENT = "00000000-0000-4000-8000-00000000000a";
const SMALL_EVENT = "00000000-0000-4000-8000-00000000000b";
/** Fixed moments, so that the same rows come out on every day; nobody on this board expires during a benchmark. */
const NEWEST = Date.parse("2026-11-01T00:00:00Z");
const EXPIRY_YEAR = "2099";

const COLUMNS =
  "id,record_id,event_id,posted_as,full_name,alternate_names,sex,age_from,age_to,home_city,home_country," +
  "source_date,entry_date,expiry_date,visibility,status,status_date,status_by,last_known_location,note_count," +
  "freshest_at,name_keys";

/** The persons that `fillBoard` puts there, in the same order. */
export function* peopleOnBoard(count: number): Generator<InventedPerson> {
  let made = 0;
  for (const person of inventPeople(SEED)) {
    if (made++ >= count) return;
    yield person;
  }
}

/** Fills an empty board. Indexes are built after the rows, as after a restore. */
export async function fillBoard(sql: Sql, count: number): Promise<void> {
  const rows = await rowsFile(count);
  await sql.begin(async (work) => {
    await work.unsafe(
      `insert into app.events (id, slug, titles, kind, state) values
        ('${LARGE_EVENT}', 'bench-quake', '{"zh-TW": "測試地震", "en": "Benchmark quake"}', 'earthquake', 'open'),
        ('${SMALL_EVENT}', 'bench-storm', '{"zh-TW": "測試颱風", "en": "Benchmark storm"}', 'typhoon', 'open')`,
    );
    const indexes = await work.unsafe<{ name: string; definition: string }[]>(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
       from pg_index where indrelid = 'app.persons'::regclass and not indisunique`,
    );
    for (const { name } of indexes) await work.unsafe(`drop index ${name}`);
    await pipeline(
      createReadStream(rows, { highWaterMark: 1 << 20 }),
      await work.unsafe(`copy app.persons (${COLUMNS}) from stdin`).writable(),
    );
    await work.unsafe("set local maintenance_work_mem = '512MB'");
    for (const { definition } of indexes) await work.unsafe(definition);
  });
  await sql.unsafe("vacuum analyze app.persons");
  await sql.unsafe("analyze app.events");
}

/** The rows as COPY reads them, kept for the next time: the keys of a million names take minutes. */
async function rowsFile(count: number): Promise<string> {
  const version = createHash("sha256")
    .update([...peopleOnBoard(50)].map((person) => nameKeys(person.name).join(" ")).join("\n"))
    .digest("hex")
    .slice(0, 12);
  mkdirSync(cacheDirectory, { recursive: true });
  const file = path.join(cacheDirectory, `persons-${count}-${version}.tsv`);
  if (!existsSync(file)) {
    await pipeline(Readable.from(chunks(count)), createWriteStream(`${file}.new`));
    renameSync(`${file}.new`, file);
  }
  return file;
}

async function* chunks(count: number): AsyncGenerator<string> {
  let lines: string[] = [];
  let nth = 0;
  for (const person of peopleOnBoard(count)) {
    lines.push(rowOf(person, nth++));
    if (lines.length < 2_000) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}

/** The id of the nth person on the board. */
export function personId(nth: number): string {
  const hex = createHash("md5").update(`person ${nth}`).digest("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

function rowOf(person: InventedPerson, nth: number): string {
  const freshest = new Date(NEWEST - person.minutesAgo * 60_000 - (nth % 60_000)).toISOString();
  const isOwn = person.status === "is_note_author";
  return [
    personId(nth),
    `bench.example.org/person.${nth}`,
    person.ofSmallEvent ? SMALL_EVENT : LARGE_EVENT,
    isOwn ? "me" : person.status === "information_sought" ? "seeking" : "informing",
    person.name.fullName,
    array(person.name.alternateNames),
    person.sex ?? "\\N",
    person.ageFrom ?? "\\N",
    person.ageFrom === null ? "\\N" : person.ageFrom + 4,
    person.city,
    person.country,
    freshest,
    freshest,
    `${EXPIRY_YEAR}-${two(1 + (nth % 12))}-${two(1 + (Math.floor(nth / 12) % 28))}T00:00:00Z`,
    person.isPublic ? "public" : "known",
    person.status,
    freshest,
    isOwn ? "self" : "third_party",
    `${person.city}公所旁`,
    1,
    freshest,
    array(nameKeys(person.name)),
  ].join("\t");
}

function two(digits: number): string {
  return String(digits).padStart(2, "0");
}

// Neither names nor keys hold tabs, line ends or backslashes; quotes are all that an array needs.
function array(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replaceAll('"', "")}"`).join(",")}}`;
}
