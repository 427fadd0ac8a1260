import { createReadStream, createWriteStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { startEmbedded } from "#app/platform/embedded.server.ts";
import { connectSql, openDoor } from "#app/platform/db.server.ts";
import { importPfif } from "#app/features/safety/pfif-import.server.ts";
import { readPfif } from "#app/formats/pfif-reader.ts";
import { migrate } from "#app/server/migrate.ts";
import { byTurns, median, milliseconds, type Benchmark } from "./measuring.ts";
import { inventPeople } from "./people.ts";
import { root } from "./places.ts";
import { temporaryDirectory } from "./processes.ts";

// As the operator's command has it: a file of one's own may be of any size.
const limits = { maxBytes: 4e9 };

/** Taking in a PFIF file of many persons, each with a note, beside only reading it. */
export const importBench: Benchmark = async ({ imported, rounds }, say) => {
  const directory = temporaryDirectory("import");
  const postgres = await startEmbedded(path.join(directory, "data"), {
    what: "a benchmark",
    log: { info() {}, warn: console.error, error: console.error },
  });
  try {
    const door = await openDoor(postgres.address, "postgres", "a secret of no importance at all", {
      owned: true,
      prepare: async (session) => {
        await migrate(session, path.join(root, "supabase/migrations"));
      },
    });
    const sql = connectSql(postgres.address, "postgres", 1);
    let round = 0;
    let growth = 0;
    const files = new Map<number, string>();
    for (let nth = 0; nth < rounds; nth += 1) {
      const file = path.join(directory, `persons-${nth}.xml`);
      await pipeline(Readable.from(document(imported, nth)), createWriteStream(file));
      files.set(nth, file);
    }
    say(`${rounds} files of ${imported} persons are written`);
    const results = await byTurns(rounds, {
      peer: () =>
        milliseconds(async () => {
          for await (const item of readPfif(createReadStream(files.get(0)!), limits)) void item;
        }),
      ours: async () => {
        const file = files.get(round++)!;
        let created = 0;
        let early = 0;
        const took = await milliseconds(async () => {
          for await (const { totals } of importPfif(door.commands, createReadStream(file), {
            ownDomain: "bench.invalid",
            now: new Date(),
            limits,
          })) {
            created = totals.persons.created;
            const resident = process.memoryUsage().rss;
            if (created <= imported / 5) early = Math.max(early, resident);
            else growth = Math.max(growth, resident - early);
          }
        });
        if (created !== imported) throw new Error(`${created} of ${imported} persons were imported.`);
        return took;
      },
    });
    await sql.end({ timeout: 1 });
    await door.close();
    const [ours, peer] = [imported / (median(results.ours) / 1000), imported / (median(results.peer) / 1000)];
    return [
      {
        what: `persons imported of ${imported.toLocaleString("en")}, each with a note`,
        unit: "1/s",
        ours,
        peer,
        beside: "reading the file",
        aim: { atLeast: 0.1 },
      },
      {
        what: "memory grown since the first fifth",
        unit: "MB",
        ours: growth / 1e6,
        peer: 64,
        beside: "limit",
        aim: { atMost: 1 },
      },
    ];
  } finally {
    await postgres.stop();
  }
};

function* document(count: number, nth: number): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4">\n';
  let made = 0;
  const now = Date.now();
  for (const { name, sex, city, country, status, minutesAgo } of inventPeople(5_000 + nth)) {
    if (made >= count) break;
    const id = `abroad-${nth}.example.org/person.${made++}`;
    const at = new Date(now - minutesAgo * 60_000).toISOString().replace(/\.\d+Z$/, "Z");
    const field = (tag: string, value: string | null) =>
      value === null ? "" : `    <pfif:${tag}>${value}</pfif:${tag}>\n`;
    yield (
      `  <pfif:person>\n${field("person_record_id", id)}${field("entry_date", at)}${field("author_name", "Red Cross")}` +
      `${field("source_name", "abroad.example.org")}${field("source_date", at)}${field("full_name", name.fullName)}` +
      `${field("alternate_names", name.alternateNames.join("\n") || null)}${field("sex", sex)}${field("home_city", city)}${field("home_country", country)}` +
      `    <pfif:note>\n${field("note_record_id", `${id}.note`)}${field("person_record_id", id)}${field("author_name", "Red Cross")}` +
      `${field("source_date", at)}${field("status", status === "is_note_author" ? "believed_alive" : status)}${field("text", "Seen at the shelter.")}    </pfif:note>\n  </pfif:person>\n`
    );
  }
  yield "</pfif:pfif>\n";
}
