import { describe, expect, test } from "vitest";
import {
  age,
  ageAndDate,
  calendarDate,
  countryName,
  dateTime,
  listFormat,
  number,
  percent,
} from "./format.ts";

const now = new Date("2025-11-22T02:20:00Z");
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);

describe("an age", () => {
  test("is told in the largest unit that still says something", () => {
    const of = (seconds: number) => age(before(seconds), now, "zh-TW");
    expect(of(0)).toBe("剛剛");
    expect(of(59)).toBe("剛剛");
    expect(of(60)).toBe("1 分鐘前");
    expect(of(3 * 3600 + 3599)).toBe("3 小時前");
    expect(of(47 * 3600)).toBe("47 小時前");
    expect(of(48 * 3600)).toBe("2 天前");
    expect(of(400 * 86400)).toBe("13 個月前");
    expect(of(800 * 86400)).toBe("2 年前");
  });

  test("reads well in every language", () => {
    expect(age(before(7200), now, "en")).toBe("2 hours ago");
    expect(age(before(7200), now, "ja")).toBe("2 時間前");
    expect(age(before(-3 * 86400), now, "en")).toBe("in 3 days");
  });

  test("of a clock that runs a little fast is not in the future", () => {
    expect(age(before(-240), now, "zh-TW")).toBe("剛剛");
  });
});

describe("a moment", () => {
  test("always names its zone", () => {
    expect(dateTime(now, "Asia/Taipei", "zh-TW", now)).toBe("11月22日 10:20 台北");
    expect(dateTime(now, "Asia/Taipei", "en", now)).toBe("22 Nov 10:20 Taipei");
    expect(dateTime(now, "Asia/Taipei", "ja", now)).toBe("11月22日 10:20 台北");
    expect(dateTime(now, "Pacific/Auckland", "zh-TW", now)).toBe("11月22日 15:20 紐西蘭時間");
  });

  test("H34: in Nepal is a quarter of an hour off, and at midnight reads 00", () => {
    expect(dateTime(now, "Asia/Kathmandu", "zh-TW", now)).toBe("11月22日 08:05 尼泊爾時間");
    expect(dateTime(new Date("2025-11-21T16:00:00Z"), "Asia/Taipei", "en", now)).toBe("22 Nov 00:00 Taipei");
  });

  test("says its year when it is not this one", () => {
    expect(calendarDate(new Date("2024-01-02T00:00:00Z"), "Asia/Taipei", "zh-TW", now)).toBe("2024年1月2日");
    expect(calendarDate(now, "Asia/Taipei", "zh-TW")).toBe("2025年11月22日");
  });

  test("in a zone nobody knows is told in Taipei time, and says so", () => {
    for (const zone of ["Mars/Olympus", "", "../etc"])
      expect(dateTime(now, zone, "zh-TW", now)).toBe("11月22日 10:20 台北");
  });

  test("is told with its age first", () => {
    expect(ageAndDate(before(3 * 3600), now, "Asia/Taipei", "zh-TW").join("")).toBe(
      "3 小時前（11月22日 07:20 台北）",
    );
    expect(ageAndDate(before(3 * 3600), now, "Asia/Taipei", "en").join("")).toBe(
      "3 hours ago (22 Nov 07:20 Taipei)",
    );
  });
});

describe("names of places, lists and numbers", () => {
  test("Taiwan is Taiwan", () => {
    expect(countryName("TW", "zh-TW")).toBe("台灣");
    expect(countryName("tw", "en")).toBe("Taiwan");
    expect(countryName("TW", "ja")).toBe("台湾");
    expect(countryName("HK", "zh-TW")).toBe("香港");
    expect(countryName("NZ", "zh-TW")).toBe("紐西蘭");
  });

  test("a code that is none is shown as it came", () => {
    for (const code of ["", "x", "constructor", "12", "<b>"]) expect(countryName(code, "en")).toBe(code);
  });

  test("lists and numbers follow the language", () => {
    expect(listFormat(["受傷", "沒證件"], "zh-TW")).toBe("受傷、沒證件");
    expect(listFormat(["injured", "no papers"], "en")).toBe("injured and no papers");
    expect(number(12345, "zh-TW")).toBe("12,345");
    expect(percent(0.614, "zh-TW")).toBe("61%");
  });
});
