import { describe, expect, it } from "vitest";
import { readDay } from "./answers.ts";
import { caseAnswers, caseColumn } from "./cases-csv.ts";
import { CASE_SUBTYPES, typeOfSubtype } from "./cases.ts";
import { caseSchema } from "./cases.schema.ts";
import { importCases } from "./cases.server.ts";

const today = "2026-11-25";

describe("what a mission writes", () => {
  it("is read in its own words", () => {
    const answers = caseAnswers({
      案號: "A-1",
      "開案日期*": "民國113年5月3日",
      國別: "臺灣",
      類型: "傷亡",
      細類: "車禍",
      出國目的: "打工度假",
      年齡: "27歲",
      投保: "未投保",
      人數: "２",
      聯絡單位: "家屬=informed、警方",
      心情: "累",
    });
    expect(caseColumn("心情")).toBeNull();
    expect(caseSchema(today).parse({ ...answers, country: "AU" })).toMatchObject({
      source_key: "A-1",
      opened_on: "2024-05-03",
      type: "injury_death",
      subtype: "traffic_accident",
      programme: "working_holiday",
      age_band: "18_29",
      insured: false,
      persons: 2,
      parties: [
        { party: "family", result: "informed" },
        { party: "police", result: "asked" },
      ],
    });
    expect(answers.country).toBe("TW");
  });

  it("H34 days that are none, that were never or that are still to come are named", () => {
    for (const day of ["2026-02-30", "0000-00-00", "infinity", "294277-01-01", "13/13/2024", "1 May"])
      expect(readDay(day), day).toBeNull();
    expect(readDay("113/5/3")).toBe("2024-05-03");
    const base = { country: "AU", subtype: "theft", programme: "tourism" };
    for (const [opened_on, token] of [
      ["1911-01-01", "date_invalid"],
      ["2026-11-26", "date_in_future"],
    ])
      expect(caseSchema(today).safeParse({ ...base, opened_on }).error?.issues[0]?.message).toBe(token);
  });

  it("D62 a search ends when the family has been told, and only a search ends so", () => {
    const base = { opened_on: "2026-01-01", country: "AU", programme: "work", outcome: "found_and_reported" };
    const why = (answers: object) =>
      caseSchema(today).safeParse({ ...base, ...answers }).error?.issues[0]?.message;
    expect(why({ subtype: "theft", party_family: "informed" })).toBe("found_without_search");
    expect(why({ subtype: "lost_contact", party_family: "asked" })).toBe("family_not_informed");
    expect(why({ subtype: "lost_contact", party_family: "informed" })).toBeUndefined();
  });

  it("every sub-type has its type, and a type that does not fit is named", () => {
    for (const subtype of CASE_SUBTYPES)
      expect(
        caseSchema(today).safeParse({
          opened_on: "2026-01-01",
          country: "AU",
          programme: "work",
          subtype,
          type: typeOfSubtype(subtype),
        }).success,
      ).toBe(true);
    expect(
      caseSchema(today).safeParse({
        opened_on: "2026-01-01",
        country: "AU",
        programme: "work",
        subtype: "theft",
        type: "arrest",
      }).error?.issues[0],
    ).toMatchObject({ path: ["subtype"], message: "case_subtype_of_other_type" });
  });
});

describe("H42 tables from anywhere", () => {
  const read = async (bytes: Uint8Array | string) => {
    const added: Record<string, unknown>[] = [];
    const refused = [];
    let totals = { read: 0, created: 0, present: 0, refused: 0 };
    async function* source() {
      yield bytes;
    }
    const add = async (cases: readonly object[]) => {
      added.push(...(cases as Record<string, unknown>[]));
      return cases.map(() => ({ outcome: "created" }));
    };
    for await (const step of importCases(add, source(), { today })) {
      refused.push(...step.refused);
      totals = step.totals;
    }
    return { added, refused, totals };
  };
  const header = "source_key,opened_on,country,subtype,programme,narrative";
  const row = (key: string, narrative = "x") => `${key},2026-01-02,AU,theft,tourism,${narrative}`;

  it("formula cells are text, and the apostrophe before them comes off", async () => {
    const { added } = await read(`${header}\n${row("A", "\"'=cmd|' /C calc'!A1\"")}`);
    expect(added[0]!.narrative).toBe("=cmd|' /C calc'!A1");
  });

  it("BOM, UTF-16 and Big5 read alike", async () => {
    const text = "編號,開案日期,國家,細類,目的,說明\r\nB-1,2026-01-02,澳洲,車禍,打工度假,骨折\r\n";
    // The same text as Excel in Taiwan saves it.
    const big5 = Buffer.from(
      "vXO4uSy2fa7XpOm0wSyw6q5hLLLTw/4spdiquiy7oan6DQpCLTEsMjAyNi0wMS0wMiy/RKx3LKiuutcspbSkdavXsLIssKmn6Q0K",
      "base64",
    );
    for (const bytes of [
      Buffer.from(`\uFEFF${text}`),
      Buffer.from(`\uFEFF${text}`, "utf16le"),
      big5,
    ]) {
      const { added, totals } = await read(bytes);
      expect(totals.created, bytes.subarray(0, 8).toString("hex")).toBe(1);
      expect(added[0]).toMatchObject({ source_key: "B-1", country: "AU", narrative: "骨折" });
    }
  }); // prettier-ignore

  it("an unclosed quote costs its row, a second header is named, the rest lands", async () => {
    const { added, refused } = await read(
      [header, row("A"), row("B", '"open'), row("C"), header, row("D")].join("\n"),
    );
    expect(added.map(({ source_key }) => source_key)).toEqual(["A", "C", "D"]);
    expect(refused).toEqual([
      { line: 3, errors: [], token: "quote_not_closed" },
      { line: 5, errors: [], token: "header_repeated" },
    ]);
  });

  it("10 k columns end the table at once, CR alone ends rows", async () => {
    expect((await read(`${"c,".repeat(10_000)}c\n1`)).refused).toEqual([
      { line: 1, errors: [], token: "too_many_columns" },
    ]);
    expect((await read([header, row("A"), row("B")].join("\r"))).totals.created).toBe(2);
  });

  it("F22 rows that are alike are as many cases, and the same file again is the same ones", async () => {
    const twice = `opened_on,country,subtype,programme\n${"2026-01-02,JP,passport_mislaid,tourism\n".repeat(2)}`;
    const first = await read(twice);
    expect(new Set(first.added.map(({ source_key }) => source_key)).size).toBe(2);
    expect((await read(twice)).added).toEqual(first.added);
  });
});
