import { importNoticeFeed } from "../../features/notices/notice-import.server.ts";
import { isCountryCode } from "../../formats/form-fields.ts";
import { DONE, REFUSED, UsageError, type Command } from "./command.ts";
import { reasonInWords } from "./reasons.ts";
import { howFar, openSource } from "./source.ts";
import { plain } from "./terminal.ts";

export const importNoticesCommand: Command = {
  name: "import notices",
  operands: "FILE|URL|-",
  takes: [1, 1],
  summary: "Take in official notices from RSS (travel advice too), Atom or CAP.",
  details: `
Levels stay in the words of their source. A second time changes nothing; what its source says anew becomes a new version
and the old words stay readable. Notices whose country cannot be told wait in the queue of the staff. Refused ones are
printed with the line they begin at; everything else lands. Feeds in NOTICE_FEEDS are read by the server itself.`,
  options: {
    source: { value: "NAME", about: "who speaks, where the feed does not say; needed unless it is CAP" },
    language: { value: "TAG", about: "of notices that do not say (default: zh-TW)" },
    country: { value: "CODE", about: "all of it speaks of this country (two letters)" },
    event: { value: "SLUG", about: "all of it belongs to this event" },
    "from-anywhere": { about: "with a URL: also http, and addresses of this machine and network" },
  },
  async run({ terminal, operands, option, has, open }) {
    const [where = ""] = operands;
    const country = option("country")?.toUpperCase() ?? null;
    if (country !== null && !isCountryCode(country))
      throw new UsageError(`${country} is no code of a country.`);
    const source = await openSource(terminal, where, {
      remote: has("from-anywhere") ? "anywhere" : "public",
    });
    const { backend } = await open();
    const isRemote = /^https?:/i.test(where);
    const name = option("source") ?? (isRemote ? new URL(where).hostname : source.name);
    const { tally, refused, broken } = await importNoticeFeed(backend.commands, source.chunks, {
      feed: isRemote ? { url: where, name } : null,
      name,
      language: option("language") ?? "zh-TW",
      country,
      event: option("event") ?? null,
      now: new Date(),
      maxBytes: Math.min(source.maxBytes, 64 * 1024 ** 2),
      tell: (read) => terminal.progress(`${howFar(source)}: ${read} notices read`),
    });
    terminal.progress(null);
    for (const { line, title, reason } of refused) {
      await terminal.write(`line ${line}: ${plain(title ?? "a notice")}: ${reasonInWords(reason)}\n`);
    }
    if (broken) {
      await terminal.write(
        `line ${broken.line}: it cannot be read on from here: ${reasonInWords(broken.reason)}. What stood before is in.\n`,
      );
    }
    const { read, created, updated, unchanged } = tally;
    await terminal.write(
      `notices: ${read} read, ${created} new, ${updated} updated, ${unchanged} already here, ${tally.refused} refused\n`,
    );
    return broken === null && tally.refused === 0 ? DONE : REFUSED;
  },
};
