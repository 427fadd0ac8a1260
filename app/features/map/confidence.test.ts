import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { REPORT_KINDS } from "../../formats/report-record.ts";
import { translator } from "../../i18n/translate.ts";
import { confidenceInWords } from "./confidence-words.ts";
import {
  confidenceLevel,
  confidenceOf,
  confidenceOfTally,
  FLOOR,
  HALF_LIFE_HOURS,
  MOST_NEIGHBOURS,
  priorFrom,
  STALE_AFTER,
  tallyOf,
  VERDICTS,
  verificationOf,
  type Evidence,
  type Neighbour,
  type Voice,
} from "./confidence.ts";

const hour = 3_600_000;
const start = Date.parse("2031-06-02T00:00:00Z");

const voice = fc.record<Voice>({
  caller: fc.constantFrom("a", "b", "c", "d", "e", "author"),
  verdict: fc.constantFrom(...VERDICTS),
  at: fc.integer({ min: 0, max: 100 }).map((hours) => start + hours * hour),
});
const neighbour = fc.record<Neighbour>({
  caller: fc.constantFrom("a", "b", "c", "x", "y", null),
  metres: fc.double({ min: 0, max: 5_000, noNaN: true }),
  observedAt: fc.integer({ min: -100, max: 100 }).map((hours) => start + hours * hour),
  agrees: fc.boolean(),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
});
const evidence = fc.record<Evidence>({
  kind: fc.constantFrom(...REPORT_KINDS),
  source: fc.constantFrom("crowd", "linked", "imported", "official"),
  author: fc.constantFrom(null, "author"),
  observedAt: fc.integer({ min: -20, max: 20 }).map((hours) => start + hours * hour),
  expiresAt: fc.constantFrom(null, start + 60 * hour),
  voices: fc.array(voice, { maxLength: 12 }),
  prior: fc.array(neighbour, { maxLength: 8 }).map((near) => priorFrom("road", near)),
  staff: fc.constantFrom(null, "verified"),
});
const now = fc.integer({ min: 100, max: 400 }).map((hours) => start + hours * hour);
const nearly = 1e-12;

describe("confidence", () => {
  test("a confirmation by somebody new never lowers it", () => {
    fc.assert(
      fc.property(evidence, now, fc.integer({ min: 0, max: 100 }), (given, at, hours) => {
        const voices = [
          ...given.voices,
          { caller: "new", verdict: "still" as const, at: start + hours * hour },
        ];
        const [before, after] = [confidenceOf(given, at), confidenceOf({ ...given, voices }, at)];
        expect(after.value).toBeGreaterThanOrEqual(before.value - nearly);
        expect(after.confirmations).toBe(before.confirmations + 1);
      }),
    );
  });

  test("whoever has spoken and now confirms does not lower it either", () => {
    fc.assert(
      fc.property(evidence, fc.constantFrom("a", "b", "author"), (given, caller) => {
        const voices = [...given.voices, { caller, verdict: "still" as const, at: start + 101 * hour }];
        const at = start + 102 * hour;
        expect(confidenceOf({ ...given, voices }, at).value).toBeGreaterThanOrEqual(
          confidenceOf(given, at).value - nearly,
        );
      }),
    );
  });

  test("a denial never raises it, whoever it is by", () => {
    fc.assert(
      fc.property(
        evidence,
        now,
        fc.constantFrom("new", "a", "b", "author"),
        fc.constantFrom("changed", "cleared", "wrong"),
        (given, at, caller, verdict) => {
          const voices = [...given.voices, { caller, verdict, at: start + 100 * hour } as Voice];
          // Going from "wrong" to "changed" is a change of mind, not a further denial.
          fc.pre(!given.voices.some((old) => old.caller === caller && old.verdict !== "still"));
          expect(confidenceOf({ ...given, voices }, at).value).toBeLessThanOrEqual(
            confidenceOf(given, at).value + nearly,
          );
        },
      ),
    );
  });

  test("time never raises it, and never takes staleness back", () => {
    fc.assert(
      fc.property(evidence, now, fc.integer({ min: 0, max: 1_000 }), (given, at, hours) => {
        const [before, after] = [confidenceOf(given, at), confidenceOf(given, at + hours * hour)];
        expect(after.value).toBeLessThanOrEqual(before.value + nearly);
        if (before.stale) expect(after.stale).toBe(true);
      }),
    );
  });

  test("A5 mass confirmation and mass denial by one caller count once", () => {
    fc.assert(
      fc.property(evidence, now, fc.constantFrom(...VERDICTS), (given, at, verdict) => {
        const clicks = Array.from({ length: 50 }, () => ({ caller: "mob", verdict, at: start + 50 * hour }));
        const once = confidenceOf({ ...given, voices: [...given.voices, clicks[0]!] }, at);
        const often = confidenceOf({ ...given, voices: [...given.voices, ...clicks] }, at);
        expect(often).toEqual(once);
      }),
    );
  });

  test("A5 no number of anonymous denials brings a hazard beneath the floor; help that is none may sink", () => {
    const mob: Voice[] = Array.from({ length: 1_000 }, (_, n) => ({
      caller: `caller ${n}`,
      verdict: "wrong",
      at: start + hour,
    }));
    const report = {
      source: "crowd",
      author: "author",
      observedAt: start,
      expiresAt: null,
      voices: mob,
    } as const;
    expect(confidenceOf({ ...report, kind: "landslide" }, start + 900 * hour).value).toBeGreaterThanOrEqual(
      FLOOR,
    );
    expect(confidenceOf({ ...report, kind: "water" }, start + hour).value).toBeLessThan(0.01);
    expect(confidenceOf({ ...report, kind: "landslide", staff: "false" }, start + hour).value).toBeLessThan(
      FLOOR,
    );
  });

  test("it stays between nothing and certainty, and the order of voices does not matter", () => {
    fc.assert(
      fc.property(evidence, now, (given, at) => {
        const found = confidenceOf(given, at);
        expect(found.value).toBeGreaterThanOrEqual(0);
        expect(found.value).toBeLessThan(1);
        const turned = confidenceOf({ ...given, voices: [...given.voices].reverse() }, at);
        expect(turned.value).toBeCloseTo(found.value, 10);
        expect(confidenceOfTally(tallyOf(given), given, at)).toEqual(found);
      }),
    );
  });

  it("takes the more doubtful of two verdicts that one caller gave at the same moment", () => {
    const said = (...verdicts: ("wrong" | "changed")[]): Evidence => ({
      kind: "road",
      source: "crowd",
      author: null,
      observedAt: start,
      expiresAt: null,
      voices: verdicts.map((verdict) => ({ caller: "b", verdict, at: start })),
    });
    const only = confidenceOf(said("wrong"), start + hour);
    expect(confidenceOf(said("wrong", "changed"), start + hour)).toEqual(only);
    expect(confidenceOf(said("changed", "wrong"), start + hour)).toEqual(only);
  });

  it("begins at a half above the floor, halves what speaks for it with each half-life, and goes stale", () => {
    const report: Evidence = {
      kind: "flood",
      source: "crowd",
      author: "author",
      observedAt: start,
      expiresAt: null,
      voices: [],
    };
    const at = (hours: number) => confidenceOf(report, start + hours * hour);
    expect(at(0)).toMatchObject({
      value: FLOOR + (1 - FLOOR) / 2,
      stale: false,
      confirmations: 0,
      denials: 0,
    });
    expect(at(HALF_LIFE_HOURS.flood).value).toBeCloseTo(FLOOR + (1 - FLOOR) / 3);
    expect(at(HALF_LIFE_HOURS.flood * STALE_AFTER).stale).toBe(true);
    expect(confidenceOf({ ...report, expiresAt: start + hour }, start + hour).stale).toBe(true);
    const confirmed = {
      ...report,
      voices: [{ caller: "b", verdict: "still" as const, at: start + 10 * hour }],
    };
    expect(confidenceOf(confirmed, start + 11 * hour)).toMatchObject({
      stale: false,
      affirmedAt: start + 10 * hour,
    });
  });

  it("lets a newer confirmation make a denial old, not the clock", () => {
    const cleared: Voice = { caller: "b", verdict: "cleared", at: start + hour };
    const after: Voice = { caller: "c", verdict: "still", at: start + 25 * hour };
    const report: Evidence = {
      kind: "landslide",
      source: "crowd",
      author: "author",
      observedAt: start,
      expiresAt: null,
      voices: [cleared],
    };
    expect(tallyOf(report).opposition).toBe(1);
    expect(tallyOf({ ...report, voices: [cleared, after] }).opposition).toBeCloseTo(0.5);
  });
});

describe("the prior", () => {
  const near = (over: Partial<Neighbour> = {}): Neighbour => ({
    caller: "b",
    metres: 0,
    observedAt: start,
    agrees: true,
    confidence: 1,
    ...over,
  });

  it("halves with the reach and with the half-life of the kind, and counts a caller once", () => {
    const one = priorFrom("road", [near()]);
    expect(one.callers).toBe(1);
    expect(
      priorFrom(
        "road",
        Array.from({ length: 40 }, () => near()),
      ),
    ).toEqual(one);
    expect(priorFrom("road", [near({ metres: 300 })]).support).toBeLessThan(one.support * 0.6);
    const newer = near({ caller: "c", observedAt: start + 12 * hour, agrees: false });
    expect(priorFrom("road", [near(), newer]).support).toBeLessThan(one.support * 0.6);
    expect(priorFrom("road", [near({ metres: 50_000 })])).toMatchObject({
      support: 0,
      opposition: 0,
      callers: 0,
    });
    expect(priorFrom("road", [near({ agrees: false })])).toMatchObject({ support: 0, callers: 1 });
  });

  it("is itself forgotten, like everything that speaks for a report", () => {
    const report: Evidence = {
      kind: "road",
      source: "crowd",
      author: "author",
      observedAt: start,
      expiresAt: null,
      voices: [],
      prior: priorFrom("road", [near(), near({ caller: "c" })]),
    };
    const lone = { ...report, prior: priorFrom("road", []) };
    expect(confidenceOf(report, start).value).toBeGreaterThan(confidenceOf(lone, start).value + 0.1);
    expect(confidenceOf(report, start + 240 * hour).value).toBeLessThan(FLOOR + 0.01);
  });

  it("never speaks louder than a handful of people on the spot", () => {
    const crowd = Array.from({ length: 500 }, (_, n) => near({ caller: `caller ${n}` }));
    expect(priorFrom("road", crowd).support).toBeLessThanOrEqual(MOST_NEIGHBOURS);
  });
});

describe("verification", () => {
  it("rises only through people, and never without staff", () => {
    const seen = { reviewed: true, verified: false, confirmations: 0, denials: 0 };
    expect(verificationOf({ ...seen, reviewed: false, confirmations: 90 })).toBe("unreviewed");
    expect(verificationOf(seen)).toBe("accepted");
    expect(verificationOf({ ...seen, confirmations: 1 })).toBe("accepted");
    expect(verificationOf({ ...seen, confirmations: 2, denials: 1 })).toBe("confirmed");
    expect(verificationOf({ ...seen, confirmations: 2, denials: 2 })).toBe("accepted");
    expect(verificationOf({ ...seen, verified: true })).toBe("verified");
  });
});

describe("the words", () => {
  const facts = {
    confidence: 0.62,
    confirmations: 3,
    denials: 1,
    heard_at: "2031-06-02T00:00:00Z",
    stale: false,
  };
  const later = new Date("2031-06-02T00:40:00Z");

  it("say who, how many and how old, in each language", () => {
    expect(confidenceInWords(facts, later, translator("en"))).toBe(
      "Medium confidence: 3 confirm, 1 denies, newest 40 minutes ago",
    );
    expect(confidenceInWords(facts, later, translator("zh-TW"))).toBe(
      "可信度中等：3 人證實，1 人說不是，最近一次：40 分鐘前",
    );
    expect(confidenceInWords(facts, later, translator("ja"))).toBe(
      "信頼度 中：3人が確認、1人が否定、最新 40 分前",
    );
  });

  it("change when it grows old, when nobody has confirmed, and when somebody looked", () => {
    const words = (over: object) => confidenceInWords({ ...facts, ...over }, later, translator("en"));
    expect(words({ confirmations: 0, denials: 0, neighbours: 2, confidence: 0.4, stale: true })).toBe(
      "Low confidence: nobody else has confirmed it yet, 2 more reported nearby, newest 40 minutes ago, no news for too long, it may have changed",
    );
    expect(words({ confirmations: 1, denials: 0, verified: true, confidence: 0.9 })).toBe(
      "High confidence: checked by our staff, 1 confirms, newest 40 minutes ago",
    );
    expect(confidenceLevel(0.5)).toBe("medium");
  });
});
