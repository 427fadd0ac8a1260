import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { graphemeLength, hasBidiControl, isBlank, isWellFormedText } from "../../formats/safe-text.ts";
import { LIMITS, NEEDS, NOTE_STATUSES, OBJECTIONS, POSTED_AS, SEXES, VISIBILITIES } from "./persons.ts";
import { asciiDigits, isCountryCode } from "../../formats/form-fields.ts";
import {
  EDIT_FIELDS,
  NOTE_FIELDS,
  PERSON_FIELDS,
  answerSchema,
  boardSchema,
  editSchema,
  followSchema,
  lastFourDigits,
  linkSchema,
  noteSchema,
  objectionSchema,
  personSchema,
  relaySchema,
} from "./persons.schema.ts";

// Much is tried here, and a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

/** Text of any UTF-16 units: halves of characters, controls and all. */
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes));

const now = new Date("2026-11-22T10:00:00Z");
const schema = personSchema(now);
const base = { as: "me", full_name: "王小明", consent: "yes" };
const good = (changes: Record<string, unknown> = {}) => {
  const parsed = schema.safeParse({ ...base, ...changes });
  if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
  return parsed.data;
};
const tokens = (changes: Record<string, unknown>): Record<string, string> => {
  const parsed = schema.safeParse({ ...base, ...changes });
  if (parsed.success) return {};
  return Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path.join("."), message]));
};

/** What strangers send: text of every kind, and things that are no text at all. */
const chunk = fc.oneof(
  units,
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "<script>alert(1)</script>", '"><img src=x onerror=1>', "'; drop table--", "$$", "%%%%", "\u0000", "\u202E", "\u2066", "\uD800", "\uDFFF",
    "\uFFFE", "\u3164", "\u200B", "\u200D", "\u0301".repeat(500), "👩‍👩‍👧‍👦".repeat(30), "١٢٣", "１２３", "٣", "NaN", "Infinity", "1e309", "-1",
    "null", "true", "__proto__", "İıß", "王小明", "\r\n", "\t", " ", "a".repeat(6_000), "a\u200D".repeat(3_000), "@", "a@b.c", "a@b\nBcc: c@d.e",
  ),
); // prettier-ignore
const text = fc.array(chunk, { maxLength: 4 }).map((parts) => parts.join(""));
const anything = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 30 }) },
  { weight: 1, arbitrary: fc.anything() },
);
const formOf = (fields: readonly string[]) =>
  fc.record(Object.fromEntries(fields.map((field) => [field, anything])), { requiredKeys: [] });

/** Every text in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (value && typeof value === "object") return Object.values(value).flatMap(textsIn);
  return [];
}

const schemas = {
  person: [schema, PERSON_FIELDS],
  edit: [editSchema(now), EDIT_FIELDS],
  note: [noteSchema, NOTE_FIELDS],
  relay: [relaySchema, ["text", "author_name", "author_email"]],
  answer: [answerSchema, ["text"]],
  follow: [followSchema, ["email"]],
  objection: [objectionSchema, ["reason", "text"]],
  link: [linkSchema, ["other", "text"]],
} as const;

describe.each(Object.entries(schemas))("whatever is sent to %s", (_name, [one, fields]) => {
  test("H1–H19: it never throws, refuses with tokens, and lets nothing unreadable through", () => {
    fc.assert(
      fc.property(formOf(fields), (form) => {
        const parsed = one.safeParse(form);
        if (!parsed.success) {
          for (const { message, path } of parsed.error.issues) {
            expect(message).toMatch(/^[a-z][a-z0-9_]*$/);
            expect(path.length).toBeGreaterThan(0);
          }
          return;
        }
        for (const said of textsIn(parsed.data)) {
          expect(isWellFormedText(said)).toBe(true);
          expect(hasBidiControl(said)).toBe(false);
          expect(said).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/);
          expect(said).toBe(said.normalize("NFC"));
          expect(isBlank(said)).toBe(false);
          expect(graphemeLength(said)).toBeLessThanOrEqual(LIMITS.text);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("H20: no value of any shape throws", () => {
    fc.assert(
      fc.property(fc.anything(), (form) => {
        one.safeParse(form);
      }),
      { numRuns: 100 },
    );
    const proto = JSON.parse('{"__proto__": {"full_name": "x"}, "constructor": 1, "toString": 2}') as unknown;
    expect(() => one.safeParse(proto)).not.toThrow();
  });
});

describe("a posted person", () => {
  test("keeps to its vocabularies and bounds", () => {
    fc.assert(
      fc.property(
        formOf(PERSON_FIELDS),
        fc.record({
          as: fc.constantFrom(...POSTED_AS),
          full_name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 250 }),
          status: fc.constantFrom(...NOTE_STATUSES, "safe", "help", undefined),
        }),
        (hostile, kind) => {
          const parsed = schema.safeParse({ ...hostile, ...kind, consent: "yes" });
          if (!parsed.success) return;
          const { data } = parsed;
          expect(POSTED_AS).toContain(data.as);
          expect(NOTE_STATUSES).toContain(data.status);
          expect(VISIBILITIES).toContain(data.visibility);
          expect([...SEXES, undefined]).toContain(data.sex);
          expect(graphemeLength(data.full_name)).toBeLessThanOrEqual(LIMITS.name);
          expect(data.full_name).not.toMatch(/[\n\t]/);
          expect(data.alternate_names.length).toBeLessThanOrEqual(LIMITS.alternateNames);
          for (const need of data.need) expect(NEEDS).toContain(need);
          if (data.age !== undefined)
            expect(data.age).toSatisfy((age: number) => Number.isInteger(age) && age >= 0 && age <= 130);
          if (data.lat !== undefined) expect(Math.abs(data.lat)).toBeLessThanOrEqual(90);
          if (data.lon !== undefined) expect(Math.abs(data.lon)).toBeLessThanOrEqual(180);
          if (data.expiry_days !== undefined) expect(data.expiry_days).toBeLessThanOrEqual(LIMITS.expiryDays);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("H31: has no field that nobody asked for", () => {
    const data = good({
      publication: "hidden",
      is_clone: true,
      status_by: "official",
      held: false,
      role: "admin",
      id: "x",
      name_keys: ["w:x"],
    });
    for (const field of ["publication", "is_clone", "status_by", "held", "role", "id", "name_keys"])
      expect(data).not.toHaveProperty(field);
  });

  test.each([
    ["me", undefined, "is_note_author"],
    ["me", "believed_dead", "is_note_author"],
    ["seeking", "safe", "information_sought"],
    ["informing", "believed_alive", "believed_alive"],
    ["informing", "believed_dead", "believed_dead"],
  ])("as %s with %s says %s", (as, status, said) => {
    expect(good({ as, status }).status).toBe(said);
  });

  test("whoever informs must say what", () => {
    for (const status of [undefined, "safe", "help", "is_note_author", "information_sought"])
      expect(tokens({ as: "informing", status })).toEqual({ status: "status_required" });
  });

  test("help without a tick is still help, and only the person herself calls for it", () => {
    expect(good({ status: "help" }).need).toEqual(["other"]);
    expect(good({ status: "help", need: ["injured", "injured", "money"] }).need).toEqual([
      "injured",
      "money",
    ]);
    expect(good({ as: "seeking", status: "help", need: ["injured"] }).need).toEqual([]);
  });

  test("is for everybody unless it is a child, whom only those who know it find", () => {
    expect(good().visibility).toBe("public");
    expect(good({ age: "8" })).toMatchObject({ minor: true, visibility: "link" });
    expect(good({ age: "8", birth_year: "2018" })).toMatchObject({ minor: true, visibility: "known" });
    expect(good({ age: "8", author_phone: "0912345678" })).toMatchObject({ visibility: "known" });
    expect(good({ age: "8", visibility: "public" })).toMatchObject({ minor: true, visibility: "public" });
  });

  test("for those who know needs something they can know", () => {
    expect(tokens({ visibility: "known" })).toEqual({ visibility: "known_needs_fact" });
    expect(good({ visibility: "known", birth_year: "1990" }).visibility).toBe("known");
    expect(good({ visibility: "known", author_phone: "+886 912 345 678" }).visibility).toBe("known");
  });

  test("says all that is missing at once, in tokens", () => {
    const parsed = schema.safeParse({});
    expect(parsed.error?.issues.map(({ path, message }) => [path[0], message])).toEqual([
      ["as", "as_required"],
      ["full_name", "full_name_required"],
      ["consent", "consent_required"],
    ]);
    expect(tokens({ consent: "no" })).toEqual({ consent: "consent_required" });
  });
});

describe("names", () => {
  test.each([
    ["H12: empty", "", "full_name_required"],
    ["H12: spaces", " \u3000\u00a0", "full_name_required"],
    ["H12: zero-width space", "\u200B\u200B", "full_name_required"],
    ["H12: Hangul filler", "\u3164", "full_name_required"],
    ["H12: braille blank", "\u2800", "full_name_required"],
    ["H13: NUL", "王\u0000明", "unreadable_characters"],
    ["H13: half a surrogate pair", "王\uD800", "unreadable_characters"],
    ["H13: no character", "王\uFFFE", "unreadable_characters"],
    ["H14: turned round", "王\u202E小明", "bidi_characters"],
    ["H16: Zalgo", `王${"\u0301".repeat(500)}`, "too_many_marks"],
    ["H17: one endless character", `👩${"\u200D👩".repeat(60)}`, "full_name_too_long"],
    ["H19: 2,000 characters", "長".repeat(2_000), "full_name_too_long"],
    ["H20: a megabyte", "長".repeat(1_000_000), "full_name_too_long"],
    ["only signs", "!!! ---", "full_name_unreadable"],
    ["only a picture", "🙂", "full_name_unreadable"],
    ["no text", { toString: "x" }, "answer_invalid"],
    ["several", ["a", "b"], "answer_invalid"],
  ])("%s", (_what, full_name, token) => {
    expect(tokens({ full_name })).toEqual({ full_name: token });
  });

  test.each(["王", "Ng", "Null", "true", "-1", "O’Brien-Smith", "Þórður Úlfarsson", "علی رضا", "ครูสมศรี", "සමන්", "Ma. Ñuñez", "李 ⿰", "長".repeat(200), "𠮷野家", "Nguyễn Thị Ánh", "김철수", "Иван", "Robert'); DROP TABLE persons;--", "<b>x</b>"])(
    "H19: %s is a name",
    (full_name) => {
      expect(good({ full_name }).full_name).toBe(full_name.normalize("NFC"));
    },
  ); // prettier-ignore

  test("H18: are kept in one form, on one line", () => {
    expect(good({ full_name: "Jose\u0301" }).full_name).toBe("José");
    expect(good({ full_name: " 王\r\n小\t明 \u200B" }).full_name).toBe("王 小 明");
  });

  test("joiners that spell a Persian or Sinhala name stay", () => {
    expect(good({ full_name: "علی‌رضا" }).full_name).toBe("علی‌رضا");
    expect(good({ full_name: "ශ්‍රී" }).full_name).toBe("ශ්‍රී");
  });

  test("a megabyte is refused in no time", () => {
    const began = performance.now();
    tokens({
      full_name: "👩‍👩‍👧‍👦".repeat(200_000),
      text: "e\u0301".repeat(500_000),
      last_known_location: "a\u200D".repeat(500_000),
    });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test("others come one a line or as a list, each once", () => {
    expect(good({ alternate_names: "小明\nXiaoming；Ming; 小明\n\n" }).alternate_names).toEqual([
      "小明",
      "Xiaoming",
      "Ming",
    ]);
    expect(good({ alternate_names: ["小明", " ", "小明"] }).alternate_names).toEqual(["小明"]);
    expect(tokens({ alternate_names: Array.from({ length: 21 }, (_, n) => `n${n}`) })).toEqual({
      alternate_names: "too_many_names",
    });
    expect(tokens({ alternate_names: ["a\u202Eb"] })).toEqual({ alternate_names: "bidi_characters" });
    expect(tokens({ alternate_names: [{}] })).toEqual({ alternate_names: "answer_invalid" });
  });
});

describe("numbers", () => {
  test.each([
    ["34", 34], ["３４", 34], ["٣٤", 34], ["३४", 34], ["๓๔", 34], [" 34 ", 34], [34, 34], ["0", 0], ["130", 130], ["", undefined],
  ])("H18: an age of %j", (age, said) => {
    expect(good({ age }).age).toBe(said);
  }); // prettier-ignore

  test.each([
    "131",
    "-1",
    "34.5",
    "1e2",
    "0x22",
    "三十四",
    "NaN",
    "Infinity",
    "99999",
    131,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    [],
    {},
  ])("%j is no age", (age) => {
    expect(tokens({ age })).toEqual({ age: "age_invalid" });
  });

  test("a birth year has four digits and is not still to come", () => {
    expect(good({ birth_year: "１９９０" }).birth_year).toBe(1990);
    for (const birth_year of ["1889", "2027", "90", "-1990", "1990.0"])
      expect(tokens({ birth_year })).toEqual({ birth_year: "birth_year_invalid" });
  });

  test("digits of every script are digits", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(0x660, 0x6f0, 0x966, 0xe50, 0xff10, 0x1d7ce, 0x1fbf0, 0x7c0),
        (digit, zero) => {
          expect(asciiDigits(String.fromCodePoint(zero + digit))).toBe(String(digit));
        },
      ),
    );
    fc.assert(
      fc.property(text, (any) => {
        expect(() => asciiDigits(any)).not.toThrow();
      }),
    );
  });

  test("a stay is 1 to 360 days", () => {
    expect(good({ expiry_days: "360" }).expiry_days).toBe(360);
    for (const expiry_days of ["0", "361", "-5", "1.5", "forever"])
      expect(tokens({ expiry_days })).toEqual({ expiry_days: "expiry_invalid" });
  });
});

describe("H33: positions", () => {
  test.each([
    ["25.033", "121.565", 25.033, 121.565],
    ["-43.53", "172.63", -43.53, 172.63],
    ["+25", "121", 25, 121],
    ["２５.０", "１２１", 25, 121],
    [25.5, -180, 25.5, -180],
    ["90", "180", 90, 180],
    ["0", "121", 0, 121],
  ])("%s, %s is a place", (lat, lon, y, x) => {
    expect(good({ lat, lon })).toMatchObject({ lat: y, lon: x });
  });

  test.each([
    ["91", "181", { lat: "position_invalid", lon: "position_invalid" }],
    ["121.5", "25.03", { lat: "position_swapped" }],
    ["121.5", "100", { lat: "position_invalid" }],
    ["0", "0", { lat: "position_invalid" }],
    ["0.0", "-0", { lat: "position_invalid" }],
    ["25", "", { lat: "position_invalid" }],
    ["", "25", { lat: "position_invalid" }],
    ["NaN", "1", { lat: "position_invalid" }],
    ["Infinity", "1", { lat: "position_invalid" }],
    ["1e309", "1", { lat: "position_invalid" }],
    ["1e1", "1", { lat: "position_invalid" }],
    ["25,03", "121", { lat: "position_invalid" }],
    ["25°", "121", { lat: "position_invalid" }],
    [Number.NaN, 1, { lat: "position_invalid" }],
    [Number.POSITIVE_INFINITY, 1, { lat: "position_invalid" }],
  ])("%s, %s is none", (lat, lon, refused) => {
    expect(tokens({ lat, lon })).toEqual(refused);
  });
});

describe("contact", () => {
  test.each([
    ["a@example.org"], ["first.last+tag@mail.example.co.jp"], ["用户@例え.jp"], ["ａ@example.org"], [" a@example.org "],
  ])("H47: %s is an address", (author_email) => {
    expect(good({ author_email }).author_email).toBe(author_email.normalize("NFKC").trim());
  }); // prettier-ignore

  test.each([
    "a", "@", "a@b", "a@b\nBcc: c@d.e", "a@example.org\r\nTo: b@example.org", "a@example.org,b@example.org", "a@example.org;b@example.org",
    '"quoted"@example.org', "Name <a@example.org>", "a@[127.0.0.1]", "a b@example.org", `${"a".repeat(250)}@example.org`, "a@-example.org",
    "a@example..org", "a@(comment)example.org", "a@example.org\u0000", "mailto:a@example.org", 5, {},
  ])("H47: %j is none", (author_email) => {
    expect(tokens({ author_email })).toEqual({ author_email: "email_invalid" });
  }); // prettier-ignore

  test.each([
    ["+886 912 345 678", "+886 912 345 678"], ["０９１２-３４５-６７８", "0912-345-678"], ["(02) 2345-6789 ext. 12", "(02) 2345-6789 ext. 12"], ["٠١٢٣٤٥٦٧٨٩", "0123456789"],
  ])("H49: %s is a telephone number", (author_phone, kept) => {
    expect(good({ author_phone }).author_phone).toBe(kept);
  }); // prettier-ignore

  test.each([
    "1234",
    "1".repeat(40),
    "call me",
    "+886 912\n345 678".repeat(3),
    "tel:+886912345678",
    "=1+1+22222",
    12345,
    "0912 345 678 <script>",
  ])("H49: %j is none", (author_phone) => {
    expect(tokens({ author_phone })).toEqual({ author_phone: "phone_invalid" });
  });

  test("the last four digits are a fact that others may know", () => {
    expect(lastFourDigits("+886 912 345 678")).toBe("5678");
    expect(lastFourDigits("０９１２３４５６７８")).toBe("5678");
    expect([lastFourDigits("123"), lastFourDigits(undefined), lastFourDigits("")]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test("countries are codes that name one", () => {
    expect(good({ home_country: " tw " }).home_country).toBe("TW");
    for (const code of ["TW", "NP", "XK", "UA"]) expect(isCountryCode(code)).toBe(true);
    for (const code of ["ZZ", "EU", "XA", "tw", "TWN", "T", "", "1A", "UN"])
      expect(isCountryCode(code)).toBe(false);
    expect(tokens({ home_country: "Taiwan" })).toEqual({ home_country: "country_invalid" });
  });
});

describe("other forms", () => {
  test("a note says something: a status, a text or a place", () => {
    const note = (form: Record<string, unknown>) => noteSchema.safeParse(form);
    expect(note({}).error?.issues[0]).toMatchObject({ message: "note_required", path: ["text"] });
    expect(note({ text: " \u200B" }).success).toBe(false);
    for (const form of [
      { text: "在" },
      { status: "believed_alive" },
      { last_known_location: "車站" },
      { lat: "1", lon: "1" },
    ])
      expect(note(form).success).toBe(true);
    expect(note({ status: "help" }).data).toMatchObject({ status: "is_note_author", need: ["other"] });
    expect(note({ status: "safe", need: ["money"] }).data).toMatchObject({
      status: "is_note_author",
      need: [],
    });
    expect(note({ status: "nonsense" }).success).toBe(false);
  });

  test("a text may have lines, and at most so many characters", () => {
    expect(good({ text: "一\r\n二\u2028三" }).text).toBe("一\n二\n三");
    expect(good({ text: "長".repeat(LIMITS.text) }).text).toHaveLength(LIMITS.text);
    expect(tokens({ text: "長".repeat(LIMITS.text + 1) })).toEqual({ text: "text_too_long" });
  });

  test("a correction names the version it was made from", () => {
    const edit = (version: unknown) => editSchema(now).safeParse({ full_name: "王", version });
    expect(edit("3").data?.version).toBe(3);
    for (const version of [undefined, "", "0", "x"])
      expect(edit(version).error?.issues[0]).toMatchObject({
        message: "changed_meanwhile",
        path: ["version"],
      });
  });

  test("an objection has a reason we know", () => {
    for (const reason of OBJECTIONS) expect(objectionSchema.safeParse({ reason }).success).toBe(true);
    expect(objectionSchema.safeParse({ reason: "because" }).success).toBe(false);
    expect(objectionSchema.safeParse({}).error?.issues[0]?.message).toBe("reason_required");
  });

  test("another record is named by its address or its id", () => {
    const id = "01234567-89ab-4def-8123-456789abcdef";
    for (const other of [
      id,
      id.toUpperCase(),
      `https://lookout.example/safety/persons/${id}?lang=ja#notes`,
    ]) {
      expect(linkSchema.safeParse({ other, text: "同一人" }).data?.other).toBe(id);
    }
    expect(
      linkSchema.safeParse({ other: "https://lookout.example/safety", text: "同一人" }).error?.issues[0],
    ).toMatchObject({ message: "duplicate_unknown" });
  });
});

describe("a search on the board", () => {
  test("never fails: what makes no sense is no filter", () => {
    fc.assert(
      fc.property(formOf(["q", "event", "status", "country", "known", "cursor"]), (form) => {
        const { q, event, country, known } = boardSchema.parse(form);
        expect(q.length).toBeLessThanOrEqual(300);
        expect(q).not.toMatch(/[\u0000-\u001F]/);
        if (event !== undefined) expect(event).toMatch(/^[a-z0-9-]{1,80}$/);
        if (country !== undefined) expect(isCountryCode(country)).toBe(true);
        if (known !== undefined) expect(known).toMatch(/^\d{4}$/);
      }),
    );
    expect(
      boardSchema.parse({
        q: "x".repeat(10_000),
        event: "../etc",
        status: "fine",
        country: "Mars",
        known: "12",
        cursor: "c".repeat(2_000),
      }),
    ).toEqual({
      q: "x".repeat(300),
    });
    expect(boardSchema.parse({ q: "王", country: "tw", known: "１９９０" })).toEqual({
      q: "王",
      country: "TW",
      known: "1990",
    });
  });
});
