import { expect, test } from "vitest";
import { errorText, translator } from "./translate.ts";

test("says a message in each language", () => {
  expect(translator("zh-TW")("safety:status.safe")).toBe("平安");
  expect(translator("en")("safety:status.safe")).toBe("Safe");
  expect(translator("ja")("safety:status.safe")).toBe("無事");
});

test("counts as the language does", () => {
  const t = translator("en");
  expect(t("safety:board.matches", { count: 1 })).toBe("1 match");
  expect(t("safety:board.matches", { count: 3 })).toBe("3 matches");
  expect(translator("zh-TW")("safety:board.matches", { count: 1 })).toBe("1 筆相符");
});

test("puts a value in as it is: neither escaped nor read as a message", () => {
  const t = translator("en");
  for (const name of ["<b>&'\"", "{{url}}", "$t(common:nav.home)", "__proto__", "王\u200b小明"])
    expect(t("safety:posted.shareText", { name })).toBe(`Safety message of ${name}`);
});

test("has a sentence for every error token, even one nobody has written yet", () => {
  const t = translator("zh-TW");
  expect(errorText(t, "full_name_required")).toBe("寫下家人會用來找人的姓名");
  expect(errorText(t, "too_many", { seconds: 30 })).toContain("30 秒");
  expect(errorText(t, "too_many")).toContain("60 秒");
  for (const token of ["never_heard_of", "page", "__proto__", "constructor", "", "page.homeLink"])
    expect(errorText(t, token)).toBe("這一項不對，請再看一次");
});
