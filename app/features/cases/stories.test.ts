import { describe, expect, it } from "vitest";
import { csvChunks, readCsv } from "../../formats/csv.ts";
import { asksForMoney } from "./offers.ts";
import { offerSchema } from "./offers.schema.ts";
import { dataset } from "./stories.dataset.ts";
import { coarsenText, factsOfCase, quarterOf } from "./stories.ts";
import { storySchema } from "./stories.schema.ts";
import { findInStory, maskStory } from "./stories.server.ts";

describe("what a story takes from its case", () => {
  it("a quarter for the day, the country for the place, no age that nobody wrote down", () => {
    expect(quarterOf("2024-01-01")).toBe("2024-Q1");
    expect(quarterOf("2024-12-31")).toBe("2024-Q4");
    expect(
      factsOfCase({
        opened_on: "2024-05-03",
        country: "AU",
        region: "oceania",
        type: "injury_death",
        programme: "working_holiday",
        age_band: "unknown",
      }),
    ).toMatchObject({ quarter: "2024-Q2", country: "AU", age_band: null });
  });

  it("exact days and the town go out of the text", () => {
    const told = "2024年5月3日在Bundaberg出車禍，5月4日手術。2024-08-09 出院。";
    expect(coarsenText(told, { place: "Bundaberg, QLD", country: "澳洲" })).toBe(
      "2024年第2季在澳洲出車禍，某日手術。2024年第3季出院。",
    );
    expect(coarsenText("住在A區", { place: "A", country: "澳洲" })).toBe("住在A區");
  });
});

it("a planted name, passport number and hotline: the hotline alone stays", () => {
  const story = {
    title: "車禍",
    account: "病患姓名：陳志明，護照號碼 312345678，電話 0912-345-678。打急難專線 +886-800-085-095。",
    lesson: "打 +886-800-085-095。",
    checklist: ["記下 +886-800-085-095", "問王小姐 wang@mail.example"],
  };
  expect(findInStory(story, []).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["name", "passport", "phone", "email"]),
  );
  const masked = maskStory(story, []);
  const all = JSON.stringify(masked);
  expect(all).not.toMatch(/陳志明|312345678|0912-345-678|wang@mail/);
  expect(all.match(/\+886-800-085-095/g)).toHaveLength(3);
  expect(findInStory(masked, [])).toEqual([]);
});

describe("the form of a story", () => {
  const answers = { title: "x", account: "y", lesson: "z", country: "AU" };

  it("makes a list of lines and drops the marks before them", () => {
    expect(
      storySchema.parse({ ...answers, checklist: "- 保險\r\n\n2. 電話\n・保險\n保險" }).checklist,
    ).toEqual(["保險", "電話"]);
  });

  it("H34 takes quarters and years, never a day", () => {
    for (const quarter of ["2024-Q2", "2024", "２０２４-q2", ""])
      expect(storySchema.safeParse({ ...answers, quarter }).success, quarter).toBe(true);
    for (const quarter of ["2024-05-03", "2024-Q5", "0000", "infinity", "民國113"])
      expect(storySchema.safeParse({ ...answers, quarter }).success, quarter).toBe(false);
  });

  it("needs a place as coarse as a region at least", () => {
    expect(storySchema.parse({ ...answers, region: "africa" }).region).toBe("oceania");
    expect(storySchema.parse({ ...answers, country: "", region: "africa" })).toMatchObject({
      country: null,
      region: "africa",
    });
    expect(storySchema.safeParse({ ...answers, country: "" }).error?.issues[0]).toMatchObject({
      path: ["country"],
      message: "region_required",
    });
  });
});

describe("an offer", () => {
  const answers = { what: "可以翻譯", name: "林", email: "a@b.example", consent: "yes" };

  it("is help, not money: what asks for it or says where to send it is refused", () => {
    for (const what of [
      "請捐款到我的帳戶",
      "匯款 822-1234567890",
      "Please donate on GoFundMe",
      "send money via PayPal",
      "口座に振込をお願いします",
      "My IBAN is DE89 3704 0044 0532 0130 00",
      "USDT 0x52908400098527886E0F7030069857D2E4169EE7",
      "ＬＩＮＥ　Ｐａｙ給我",
    ]) {
      expect(asksForMoney(what), what).toBe(true);
      expect(offerSchema.safeParse({ ...answers, what }).error?.issues[0]?.message).toBe("offer_no_money");
    }
    for (const what of ["可以借你房間住三天", "I can drive you to the bank", "陪你去銀行掛失信用卡"])
      expect(asksForMoney(what), what).toBe(false);
  });

  it("needs somebody who can be told", () => {
    expect(offerSchema.safeParse({ ...answers, email: "" }).success).toBe(false);
    expect(offerSchema.safeParse({ ...answers, email: "a@b\nBcc: x@y.example" }).success).toBe(false);
    expect(offerSchema.safeParse(answers).success).toBe(true);
  });
});

it("H43 a story that begins like a formula leaves the site as text, and comes back as it was", async () => {
  const titles = [
    "=cmd|' /C calc'!A1",
    "\t=1+1",
    "\u0000=1+1",
    "＝HYPERLINK(1)",
    "@SUM(A1)",
    "-1+1",
    "+886-800-085-095",
  ];
  const columns = dataset.fields.map(({ name }) => name);
  let csv = "";
  for await (const piece of csvChunks(
    titles.map((title, id) => ({ id: String(id), title })),
    columns,
  ))
    csv += piece;
  for (const line of csv.split("\r\n").slice(1, -1)) expect(line.split(",")[1]).toMatch(/^"?'/);
  const read: string[] = [];
  async function* source() {
    yield csv;
  }
  for await (const item of readCsv(source())) if (item.kind === "row") read.push(item.values["title"]!);
  expect(read[0]).toBe(titles[0]);
  expect(read.at(-1)).toBe("+886-800-085-095");
});
