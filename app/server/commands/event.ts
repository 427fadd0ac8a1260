import { EVERYDAY, inLanguage } from "../../features/events/events.ts";
import { findEvent, listEvents, openEvent, type NewEvent } from "../../features/events/events.server.ts";
import { isCountryCode } from "../../formats/form-fields.ts";
import { languages } from "../../i18n/languages.ts";
import { DONE, REFUSED, UsageError, type Command, type Option } from "./command.ts";
import { plain } from "./terminal.ts";

const suffixes = { "zh-TW": "zh", en: "en", ja: "ja" } as const;

const texts: Record<string, Option> = Object.fromEntries(
  languages.flatMap(({ code, name }) => [
    [`title-${suffixes[code]}`, { value: "TEXT", about: `title, ${name}` }],
    [`summary-${suffixes[code]}`, { value: "TEXT", about: `one or two sentences, ${name}` }],
  ]),
);

export const eventOpen: Command = {
  name: "event open",
  operands: "--slug SLUG --title-zh TEXT",
  takes: [0, 0],
  summary: "Open an event, or renew the words of one with the same slug.",
  details: `
npm run lookout -- event open --slug nepal-2026 --title-zh "尼泊爾地震" --title-en "Nepal earthquake" --country NP \\
  --bbox 80,26,88.3,30.5 --time-zone Asia/Kathmandu --hotline "+977-1-555-0100=駐處"`,
  options: {
    slug: { value: "SLUG", about: "its name in addresses: small Latin letters, digits and hyphens; needed" },
    ...texts,
    kind: { value: "WORD", about: "earthquake, flood, typhoon, conflict… (default: other)" },
    country: { value: "CC", about: "two-letter code" },
    bbox: { value: "W,S,E,N", about: "the area, in degrees" },
    "time-zone": { value: "ZONE", about: "such as Pacific/Auckland" },
    started: { value: "TIME", about: "such as 2026-11-22T10:20+13:00 (default: now)" },
    hotline: { value: "NUMBER=NAME", about: "shown on every page of the event" },
    drill: { about: "an exercise: marked everywhere, never mixed with what is real" },
  },
  async run({ terminal, option, has, open }) {
    const slug = option("slug") ?? "";
    if (!/^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/.test(slug)) {
      throw new UsageError("--slug needs small Latin letters, digits and hyphens, such as nepal-2026.");
    }
    const titles = textsOf("title", option);
    if (Object.keys(titles).length === 0)
      throw new UsageError("an event needs a title: --title-zh, --title-en or --title-ja.");
    const country = option("country")?.toUpperCase();
    if (country !== undefined && !isCountryCode(country))
      throw new UsageError("--country needs a two-letter code, such as NP.");
    const zone = option("time-zone");
    const started = option("started");
    const hotline = option("hotline");
    const event: NewEvent = {
      slug,
      titles,
      summaries: textsOf("summary", option),
      kind: option("kind") ?? "other",
      ...(country === undefined ? {} : { country }),
      ...boxOf(option("bbox")),
      ...(zone === undefined ? {} : { time_zone: knownZone(zone) }),
      started_at: started === undefined ? new Date().toISOString() : timeOf(started),
      ...(hotline === undefined ? {} : { hotlines: [hotlineOf(hotline)] }),
      drill: has("drill"),
    };
    const { backend, env } = await open();
    const before = await findEvent(backend.db, slug);
    if (before && before.drill !== has("drill")) {
      throw new UsageError(`${slug} is ${before.drill ? "a drill" : "no drill"}, and that never changes.`);
    }
    // What is not said again stays as it is.
    const kept = before && started === undefined ? { started_at: before.started_at ?? undefined } : {};
    const keptHotlines = before && hotline === undefined ? { hotlines: before.hotlines } : {};
    await openEvent(backend.commands, { ...event, ...kept, ...keptHotlines } as NewEvent);
    await terminal.write(`${env.publicUrl}/events/${slug}\n`);
    return DONE;
  },
};

export const eventClose: Command = {
  name: "event close",
  operands: "SLUG",
  takes: [1, 1],
  summary: "Close an event: it can still be read, nothing new is posted under it.",
  async run({ terminal, operands, open }) {
    const slug = operands[0]!;
    if (slug === EVERYDAY) throw new UsageError("the everyday board is always open.");
    const { backend } = await open();
    const event = await findEvent(backend.db, slug);
    if (!event) {
      terminal.tell(`lookout: there is no event ${plain(slug, 80)}; "event list" shows them.`);
      return REFUSED;
    }
    const closed = { ...event, state: "closed" } as unknown as NewEvent;
    await openEvent(backend.commands, closed);
    await terminal.write(`${slug} is closed\n`);
    return DONE;
  },
};

export const eventList: Command = {
  name: "event list",
  operands: "",
  takes: [0, 0],
  summary: "Show all events.",
  async run({ terminal, open }) {
    const { backend } = await open();
    for (const { slug, state, drill, invented, started_at, titles } of await listEvents(backend.db)) {
      const marks = [state, ...(drill ? ["drill"] : []), ...(invented ? ["invented"] : [])].join(", ");
      const since = started_at ? started_at.slice(0, 10) : "          ";
      await terminal.write(
        `${slug.padEnd(28)}  ${since}  ${plain(inLanguage(titles, "zh-TW"))} (${marks})\n`,
      );
    }
    return DONE;
  },
};

function textsOf(name: string, option: (name: string) => string | undefined): Record<string, string> {
  return Object.fromEntries(
    languages.flatMap(({ code }) => {
      const text = option(`${name}-${suffixes[code]}`)?.trim();
      return text ? [[code, text]] : [];
    }),
  );
}

function boxOf(typed: string | undefined): Pick<NewEvent, "west" | "south" | "east" | "north"> {
  if (typed === undefined) return {};
  const [west = NaN, south = NaN, east = NaN, north = NaN, ...more] = typed.split(",").map(Number);
  const fits =
    more.length === 0 &&
    Math.abs(west) <= 180 &&
    Math.abs(east) <= 180 &&
    south >= -90 &&
    north <= 90 &&
    south <= north;
  if (!fits) throw new UsageError("--bbox needs west,south,east,north in degrees, such as 80,26,88.3,30.5.");
  return { west, south, east, north };
}

function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    throw new UsageError(`--time-zone: nobody knows ${plain(zone, 80)}; it is written like Asia/Kathmandu.`);
  }
}

function timeOf(typed: string): string {
  const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/.test(typed)
    ? Date.parse(typed)
    : NaN;
  if (Number.isNaN(time))
    throw new UsageError("--started needs a time with its offset, such as 2026-11-22T10:20+13:00.");
  return new Date(time).toISOString();
}

function hotlineOf(typed: string): NonNullable<NewEvent["hotlines"]>[number] {
  const [number = "", ...name] = typed.split("=");
  const words = name.join("=").trim();
  if (!/^\+?[\d\s().-]{3,40}$/.test(number.trim()) || words === "") {
    throw new UsageError('--hotline needs a number and a name, such as "+977-1-555-0100=Embassy".');
  }
  return { number: number.trim(), names: Object.fromEntries(languages.map(({ code }) => [code, words])) };
}
