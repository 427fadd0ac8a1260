import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { madeSentences } from "#tests/bench/personal-data-corpus.ts";
import { scored } from "#tests/bench/personal-data.ts";
import { PERSONAL_DATA_KINDS, type PersonalDataKind } from "./folded-text.ts";
import { hasRightCheckDigit, passesLuhn } from "./identity-numbers.ts";
import { findPersonalData, MASK, maskPersonalData } from "./personal-data.ts";

const found = (text: string, hotlines: string[] = []) =>
  findPersonalData(text, { hotlines }).map(({ kind, text: piece }) => `${kind} ${piece}`);

// Every number is invented, or a published specimen.
const whole: Record<Exclude<PersonalDataKind, "line_id" | "birthday" | "name" | "address">, readonly string[]> = {
  // I is 34, O is 35, W is 32, X, Y and Z are 30, 31 and 33.
  national_id: ["A123456789", "a123456789", "F131232216", "I123456781", "O123456782", "W223456781", "X112233447", "Y123456788", "Z287654326", "Ａ１２３４５６７８９", "A12345\u200B6789", "A-123456789"],
  residence_permit: ["AB12345677", "HD12345678", "A812345671", "A800000014", "F912345678"],
  passport: ["M123A4567", "P<TWNWANG<<HSIAO<MING<<<<<<<<<<<<<<<<<<<<<<<"],
  card: ["4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005", "3782 822463 10005", "5555555555554444", "2223000048400011", "6011000990139424", "3530111333300000", "30569309025904"],
  phone: ["0912345678", "0912-345-678", "0912 345 678", "0912.345.678", "0912-345678", "(0912)345678", "０９１２３４５６７８", "٠٩١٢٣٤٥٦٧٨", "09\u200B12345678", "886912345678", "+886912345678", "+886-912-345-678", "+886 (0)912 345 678", "(+886) 912-345-678", "00886912345678", "(02)2345-6789", "02-2345-6789", "02-2345-6789 #12", "02-2345-6789 分機 12", "037-123456", "049-2345678", "07-345-6789", "089-123456", "0826-12345", "0836-12345", "+886-2-2345-6789", "+886 49 2345678", "090-1234-5678", "08012345678", "03-1234-5678", "0985-23-4567", "+81-90-1234-5678", "+81 3 1234 5678", "+61 412 345 678", "0412 345 678", "+64 21 123 4567", "021 123 4567", "(415) 555-2671", "+1 415-555-2671", "+977 9841234567", "010-1234-5678", "13812345678"],
  email: ["wang@example.com.tw", "a.b+c@example.org", "wang@sub.example.co.jp", "wang＠example．com", "wang (at) gmail dot com", "wang at gmail 點 com", "wang[at]example[dot]org"],
}; // prettier-ignore

const inText: readonly (readonly [string, ...string[]])[] = [
  // A check digit that is wrong by five is not noticed by its rule, and a typing error is still somebody's number.
  ["身分證 A123456780", "national_id A123456780"],
  ["居留證號碼：AE12345678"],
  ["護照號碼 312345678", "passport 312345678"],
  ["護照遺失，號碼是３５１２３４５６７", "passport ３５１２３４５６７"],
  ["My passport no. is X1234567", "passport X1234567"],
  ["パスポート番号はTK1234567です", "passport TK1234567"],
  ["여권번호는 M789C1234입니다", "passport M789C1234"],
  ["訂單編號 312345678"],
  ["電話 0912345678", "phone 0912345678"],
  ["The passport office opened on 20161223"],
  ["M123 A4567"],
  ["請打電話 2345-6789", "phone 2345-6789"],
  ["WhatsApp: 9123 4567", "phone 9123 4567"],
  ["LINE ID: wang_0912", "line_id wang_0912"],
  ["加line：taiwan-help01", "line_id taiwan-help01"],
  ["我的賴是 amychen77", "line_id amychen77"],
  ["加ㄌㄞˋ: amychen77", "line_id amychen77"],
  ["My LINE is amychen", "line_id amychen"],
  ["加領務局 LINE 官方帳號 @boca.tw"],
  ["line up 排隊 line closed, online class_2"],
  ["生日 1988/02/29", "birthday 1988/02/29"],
  ["77.02.29", "birthday 77.02.29"],
  ["1988年2月29日出生", "birthday 1988年2月29日"],
  ["民國77年2月29日生", "birthday 民國77年2月29日"],
  ["出生：民國七十七年二月二十九日", "birthday 民國七十七年二月二十九日"],
  ["生年月日：昭和63年2月29日", "birthday 昭和63年2月29日"],
  ["平成2年4月1日生まれ", "birthday 平成2年4月1日"],
  ["DOB 29 Feb 1988", "birthday 29 Feb 1988"],
  ["born on February 29, 1988", "birthday February 29, 1988"],
  ["男，35歲（1981/3/2）", "birthday 1981/3/2"],
  ["生日 770229", "birthday 770229"],
  ["2015年4月25日尼泊爾地震"],
  ["25.04.15 地震，版本 77.13.40"],
  ["35歲，2015/4/25失聯"],
  ["台北市大安區忠孝東路四段100號5樓", "address 台北市大安區忠孝東路四段100號5樓"],
  ["住在中山路3號，沒有水", "address 中山路3號"],
  ["南投縣埔里鎮大城路12巷3弄4號", "address 南投縣埔里鎮大城路12巷3弄4號"],
  ["臺北市中正區凱達格蘭大道2號4樓"],
  ["台北市大安區"],
  ["國道1號與省道台9線3號橋封閉，1號出口"],
  ["東京都港区芝公園4-2-8", "address 東京都港区芝公園4-2-8"],
  ["〒330-0001 埼玉県さいたま市大宮区桜木町1-7", "address 〒330-0001 埼玉県さいたま市大宮区桜木町1-7"],
  ["港区の避難所は2-3か所です"],
  ["He lives at 12 Colombo Street, Christchurch", "address 12 Colombo Street, Christchurch"],
  ["5F., No. 100, Sec. 4, Zhongxiao E. Rd., Da'an Dist., Taipei City", "address 5F., No. 100, Sec. 4, Zhongxiao E. Rd., Da'an Dist., Taipei City"],
  ["12 people on Queen Street, Highway 1"],
  ["客戶：王小明", "name 王小明"],
  ["我叫陳怡君住在飯店", "name 陳怡君"],
  ["我叫王明在台北", "name 王明"],
  ["姓名：花怡涵", "name 花怡涵"],
  ["歐陽志明先生失聯", "name 歐陽志明"],
  ["My name is Amy Lin and I am safe", "name Amy Lin"],
  ["Missing: John O'Brien", "name John O'Brien"],
  ["WANG HSIAO MING (passport order)", "name WANG HSIAO MING"],
  ["田中太郎と申します", "name 田中太郎"],
  ["氏名：佐藤 花子、女性", "name 佐藤 花子"],
  ["失蹤者 張○○，林先生也在找"],
  ["我是高雄人，我是高中老師。我叫了車。"],
  ["Looking for Nepal Red Cross. I am Very Tired. Mr Lin left."],
  ["WE CAN SEE HOW LONG"],
  ["兩張卡 4111 1111 1111 1111 5555 5555 5555 4444", "card 4111 1111 1111 1111", "card 5555 5555 5555 4444"],
]; // prettier-ignore

// Near to something, and nothing: a length, a prefix, a check digit or a boundary is wrong.
const nothing = ["A123456788", "A12345678", "A1234567890", "AA123456789", "X431071923", "A323456789", "1123456789", "AA00000000", "AE01234567", "A800000000", "4111111111111112", "4111-1111-1111-1112", "1748503543012", "12345", "0812345678", "20160912345678", "A123B4567", "192.168.10.24", "25.0330, 121.5654", "2026-11-25T10:20:30+08:00", "ISBN 9789861234567", "AB-12345678", "US$ 1,234,567", "look at example.org"]; // prettier-ignore

describe("what is found", () => {
  it.each(Object.entries(whole).flatMap(([kind, texts]) => texts.map((text) => [kind, text])))(
    "%s: %s",
    (kind, text) => {
      expect(found(text)).toEqual([`${kind} ${text}`]);
      expect(found(`。${text}，`).length).toBe(1);
      expect(maskPersonalData(text)).toBe(MASK);
    },
  );

  it.each(inText)("in %s", (text, ...findings) => {
    expect(found(text)).toEqual(findings);
  });

  it.each(nothing)("not in %s", (text) => {
    expect(found(text)).toEqual([]);
  });

  it("in a whole message, each with its place", () => {
    const text =
      "客戶：王小明，身分證 A123456789，手機 0912-345-678，市話 (02)2345-6789，email wang@example.com.tw，住台北市大安區忠孝東路四段100號5樓，卡號 4111 1111 1111 1111。";
    const findings = findPersonalData(text);
    expect(findings.map(({ kind }) => kind)).toEqual([
      "name",
      "national_id",
      "phone",
      "phone",
      "email",
      "address",
      "card",
    ]);
    for (const { start, end, text: piece } of findings) expect(text.slice(start, end)).toBe(piece);
    expect(maskPersonalData(text)).toBe(
      "客戶：〔…〕，身分證 〔…〕，手機 〔…〕，市話 〔…〕，email 〔…〕，住〔…〕，卡號 〔…〕。",
    );
  });

  it("only of the kinds that are asked for", () => {
    const text = "我叫陳怡君，0912-345-678";
    expect(findPersonalData(text, { kinds: ["phone"] }).map(({ kind }) => kind)).toEqual(["phone"]);
  });
});

describe("official lines are never masked", () => {
  it.each([
    "+886-800-085-095", "0800-085-095", "0800085095", "+886 800 085 095", "00886800085095", "002-886-800-085-095",
    "800-0885-0885", "00-800-0885-0885", "011-800-0885-0885", "02-2348-2999", "(02)2348-2999", "+886-2-2348-2999",
    "+852-6143-9012", "+853-6687-2557", "110", "112", "119", "0120-123-456", "1-800-555-0100", "boca@boca.gov.tw",
  ])("%s", (line) => {
    expect(found(`有事請打 ${line}。`)).toEqual([]);
    expect(found(`電話：${line}`)).toEqual([]);
  }); // prettier-ignore

  it("nor those of the event, however they are written", () => {
    const text = "駐處急難電話 +64-21-555-012，或 0064 21 555 012";
    expect(found(text, ["+64 21 555 012"])).toEqual([]);
    expect(found(text).length).toBeGreaterThan(0);
    expect(found("打 0912-345-678", ["+886912345678"])).toEqual([]);
  });
});

describe("check digits", () => {
  it("exactly one last digit is right", () => {
    const body = fc.tuple(fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"), fc.constantFrom(..."1289ABCD"), fc.integer({ min: 0, max: 9_999_999 }));
    fc.assert(
      fc.property(body, ([letter, second, rest]) => {
        const start = `${letter}${second}${String(rest).padStart(7, "0")}`;
        expect([..."0123456789"].filter((last) => hasRightCheckDigit(start + last)).length).toBe(1);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^\d{11,18}$/), (start) => {
        expect([..."0123456789"].filter((last) => passesLuhn(start + last)).length).toBe(1);
      }),
    );
  }); // prettier-ignore
});

describe("whatever is sent", () => {
  const pieces = fc.constantFrom(
    "A123456789", "0912-345-678", "0912", "345", "-", " ", "+886", "4111 1111 1111 1111", "護照 312345678", "生日 77.02.29",
    "77", ".02", ".29", "我叫", "姓名：", "陳怡君", "王", "小明", "，", "\n", "\u200b", "𝟎𝟗", "０９", "①", "ﷺ", "👩‍👩‍👧", "台北市大安區中山路3號", "路", "3號",
    "wang", "@", "example.com", " at ", " dot com", "LINE ID: wang_0912", "line ", "my name is ", "Amy Lin", "田中太郎", "と申します", "さん", MASK, "(", ")",
  ); // prettier-ignore
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.string({ unit: "grapheme", maxLength: 80 }),
    fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join("")),
  );

  it("findings stand in order, apart, within characters, and say what stands there", () => {
    fc.assert(
      fc.property(texts, (text) => {
        let at = 0;
        for (const { kind, start, end, text: piece, confidence } of findPersonalData(text)) {
          expect(PERSONAL_DATA_KINDS).toContain(kind);
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          expect(piece).toBe(text.slice(start, end));
          expect(confidence).toBeGreaterThanOrEqual(0.5);
          expect(confidence).toBeLessThan(1);
          if (text.isWellFormed()) expect(piece.isWellFormed()).toBe(true);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it("a masked text has nothing left to find, and the rest of it is as it was", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const masked = maskPersonalData(text);
        expect(findPersonalData(masked)).toEqual([]);
        let at = 0;
        for (const kept of masked.split(MASK)) {
          at = text.indexOf(kept, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at += kept.length;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  // Within the time a test has; a pattern that looked twice at everything would need hours.
  it.each(["a", "a!", "1", "1 ", "1-", "09", "(", "+1", "a.", "a@", "a@a.", "台北市大安區", "中山路", "1號", "護照 ", "passport no ", "生日", "姓名：陳", "陳", "Aa ", "my name is ", "CHEN ", "加line ", "東京都", "の", "田中", "カ ", "1丁目", "\u200b", "77.02", "No. 1, ", "A A ", " at ", "電話 ", "P<TWN", "𝟎", "ﷺ", "1 Aa ", MASK])(
    "H11: 100 kB of %s end",
    (piece) => {
      const text = piece.repeat(Math.ceil(100_000 / piece.length)).slice(0, 100_000);
      expect(Array.isArray(findPersonalData(`${text}!`))).toBe(true);
      expect(findPersonalData(maskPersonalData(text))).toEqual([]);
    },
  ); // prettier-ignore
});

it("of what is planted in a thousand sentences of three languages, little is missed and little is wrong", () => {
  const scores = Object.values(scored(madeSentences(1_000)));
  const sum = (of: (score: (typeof scores)[number]) => number) =>
    scores.reduce((all, one) => all + of(one), 0);
  expect(sum(({ right }) => right) / sum(({ planted }) => planted)).toBeGreaterThan(0.97);
  expect(sum(({ right }) => right) / sum(({ found: all }) => all)).toBeGreaterThan(0.97);
});
