import type { InventedNote, InventedPerson } from "../../features/safety/invented-persons.server.ts";
import type { Need, Visibility } from "../../features/safety/persons.ts";
import { chanceFrom, type Chance } from "./demo-chance.ts";
import type { InventedEvent } from "./demo-events.ts";
import { inventName, type InventedName } from "./demo-names.ts";
import { cities, tellers, words, type Words } from "./demo-words.ts";

const hour = 3600_000;

export interface DemoPerson extends InventedPerson {
  /** Whether a portrait is drawn for the post. */
  hasPortrait: boolean;
}

/**
 * The persons of one event: most are safe, some need help, some are looked for; every tenth is looked for by a
 * relative who spells the name differently, and linked. The same people every time, their times counted from `now`.
 */
export function inventPersons(
  { event, persons, places, startedHoursAgo }: InventedEvent,
  now: Date,
): DemoPerson[] {
  const chance = chanceFrom(event.slug.length * 7919 + persons);
  const invented: DemoPerson[] = [];
  while (invented.length < persons) {
    const number = invented.length;
    const key = `${event.slug} ${number}`;
    const name = inventName(chance);
    const teller = chance.one(tellers[name.language]);
    // More is said lately than in the first hours, and somebody always just now.
    const hoursAgo =
      number % 25 === 3 ? chance.whole(3, 40) / 60 : startedHoursAgo * chance.next() ** 2 + 0.1;
    const at = (later: number) =>
      new Date(Math.min(now.getTime() - 60_000, now.getTime() - (hoursAgo - later) * hour));
    const say = (kind: Words, place = chance.one(places)): Pick<InventedNote, "text" | "place"> => ({
      text: chance
        .one(words[name.language][kind])
        .replace("{place}", place.name)
        .replace("{name}", name.fullName),
      place,
    });
    const person: DemoPerson = {
      ...identity(name, chance, now),
      key,
      event: event.slug,
      visibility: visibilityFor(number),
      postedAt: at(0),
      hasPortrait: number % 12 === 5,
      ...story(number, { chance, at, say, teller, hoursAgo }),
    };
    if (person.visibility === "known" || (person.birthYear ?? 0) > now.getUTCFullYear() - 18) {
      person.visibility = "known";
      person.birthYear ??= 1990;
    }
    invented.push(person);
    if (
      number % 10 === 7 &&
      invented.length < persons &&
      person.as === "me" &&
      person.visibility === "public"
    ) {
      invented.push(lookedForAs(name, person, `${event.slug} ${number + 1}`, { chance, at, say, now }));
    }
  }
  return invented;
}

interface Telling {
  chance: Chance;
  at: (hoursLater: number) => Date;
  say: (
    kind: Words,
    place?: { name: string; lat: number; lon: number },
  ) => Pick<InventedNote, "text" | "place">;
  teller: string;
  hoursAgo: number;
}

/** What happened to a person, as it stands on the board: who said what when. */
function story(
  number: number,
  { chance, at, say, teller, hoursAgo }: Telling,
): Pick<DemoPerson, "as" | "author" | "notes"> {
  const by = { source: "third_party", author: teller } as const;
  const later = () => hoursAgo * chance.next();
  const fate = number % 50;
  if (fate < 28) {
    const notes: InventedNote[] = [
      { ...say("safe"), status: "is_note_author", source: "self", saidAt: at(0) },
    ];
    if (fate % 4 === 1) {
      notes.push({
        ...say(fate % 8 === 1 ? "moved" : "stillSafe"),
        status: "is_note_author",
        source: "self",
        saidAt: at(later()),
      });
    }
    return { as: "me", notes };
  }
  if (fate < 33) {
    const notes: InventedNote[] = [
      { ...say("help"), status: "is_note_author", source: "self", need: needsFor(number), saidAt: at(0) },
    ];
    if (fate === 32)
      notes.push({ ...say("moved"), status: "is_note_author", source: "self", saidAt: at(later()) });
    return { as: "me", notes };
  }
  if (fate < 42) {
    const notes: InventedNote[] = [
      { ...say("sought"), status: "information_sought", source: "third_party", saidAt: at(0) },
    ];
    if (fate > 37) {
      notes.push({
        ...say("alive"),
        ...by,
        status: "believed_alive",
        madeContact: true,
        saidAt: at(later()),
      });
    }
    return { as: "seeking", author: teller, notes };
  }
  if (fate < 47) {
    return {
      as: "informing",
      author: teller,
      notes: [{ ...say("alive"), ...by, status: "believed_alive", madeContact: fate > 44, saidAt: at(0) }],
    };
  }
  const notes: InventedNote[] = [{ ...say("missing"), ...by, status: "believed_missing", saidAt: at(0) }];
  // Held until an officer decides, so it waits in the queue and shows nowhere.
  if (fate === 49) notes.push({ ...say("dead"), ...by, status: "believed_dead", saidAt: at(later()) });
  return { as: "informing", author: teller, notes };
}

/** The same person once more, looked for under another spelling, and both linked with a reason. */
function lookedForAs(
  name: InventedName,
  found: DemoPerson,
  key: string,
  { chance, at, say, now }: Pick<Telling, "chance" | "at" | "say"> & { now: Date },
): DemoPerson {
  const teller = chance.one(tellers[name.language]);
  const link = { source: "third_party", author: teller, saidAt: at(0.4) } as const;
  const { text } = say("same");
  found.notes = [
    ...found.notes,
    { ...link, text: text.replaceAll(found.fullName, name.alsoWritten), sameAs: key },
  ];
  return {
    ...identity(name, chance, now),
    key,
    event: found.event,
    as: "seeking",
    fullName: name.alsoWritten,
    otherNames: [],
    author: teller,
    visibility: "public",
    postedAt: at(-0.5),
    hasPortrait: false,
    notes: [
      { ...say("sought"), status: "information_sought", source: "third_party", saidAt: at(-0.5) },
      { ...link, text, sameAs: found.key },
    ],
  };
}

function identity(name: InventedName, chance: Chance, now: Date) {
  const age = chance.isLikely(0.05) ? chance.whole(6, 17) : chance.whole(18, 76);
  const birthYear = chance.isLikely(0.7) ? now.getUTCFullYear() - age : undefined;
  return {
    fullName: name.fullName,
    otherNames: name.otherNames,
    sex: name.sex,
    country: name.country,
    city: chance.one(cities[name.country]!),
    language: name.language,
    ...(birthYear === undefined ? {} : { birthYear }),
  };
}

function visibilityFor(number: number): Visibility {
  if (number % 20 === 11) return "known";
  if (number % 33 === 17) return "link";
  return number % 50 === 24 ? "staff" : "public";
}

function needsFor(number: number): Need[] {
  const all: Need[][] = [["injured"], ["money", "papers"], ["shelter"], ["stranded"], ["papers"]];
  return all[number % all.length]!;
}
