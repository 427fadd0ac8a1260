import { expect, test } from "vitest";
import { answersFromRow, fieldOfColumn } from "./persons-csv.ts";
import { personSchema } from "./persons.schema.ts";

const now = new Date("2026-11-22T10:00:00Z");
const person = (row: Record<string, string>) => personSchema(now).parse(answersFromRow(row));

test.each([
  ["full_name", "full_name"],
  ["Full Name", "full_name"],
  ["姓名*", "full_name"],
  ["姓名（必填）", "full_name"],
  ["護照拼音", "alternate_names"],
  ["氏名", "full_name"],
  ["Ｅｍａｉｌ", "author_email"],
  ["最後位置", "last_known_location"],
  ["顏色", null],
  ["client_id", null],
  ["__proto__", null],
])("the column %s holds %s", (header, field) => {
  expect(fieldOfColumn(header)).toBe(field);
});

test("a row in Chinese", () => {
  const row = {
    姓名: "王小明",
    護照拼音: "WANG, HSIAO-MING",
    狀態: "平安",
    國籍: "臺灣",
    出生日期: "民國79年5月3日",
    性別: "男",
    年齡: "36歲",
  };
  expect(person(row)).toMatchObject({
    as: "informing",
    status: "believed_alive",
    full_name: "王小明",
    alternate_names: ["WANG, HSIAO-MING"],
    home_country: "TW",
    birth_year: 1990,
    sex: "male",
    age: 36,
    visibility: "public",
  });
});

test.each([
  [{}, "seeking", "information_sought"],
  [{ 狀態: "失聯" }, "informing", "believed_missing"],
  [{ 狀態: "求助" }, "me", "is_note_author"],
  [{ 類型: "本人", 狀態: "平安" }, "me", "is_note_author"],
  [{ as: "informing", status: "safe" }, "informing", "believed_alive"],
  [{ status: "believed_dead" }, "informing", "believed_dead"],
])("%o is posted as %s with %s", (row, as, status) => {
  expect(person({ 姓名: "李四", ...(row as Record<string, string>) })).toMatchObject({ as, status });
});

test("needs in words, several in a cell", () => {
  expect(person({ name: "A B", 類型: "本人", 狀態: "求助", 需要: "受傷、證件" }).need).toEqual([
    "injured",
    "papers",
  ]);
});

test("a word nobody knows is refused, not guessed", () => {
  const parsed = personSchema(now).safeParse(
    answersFromRow({ 姓名: "李四", 狀態: "飛走", 國家: "不明國", 同意: "否" }),
  );
  expect(parsed.error?.issues.map(({ path }) => path[0]).sort()).toEqual([
    "consent",
    "home_country",
    "status",
  ]);
});

test("a formula is text", () => {
  expect(person({ name: '=HYPERLINK("x")' }).full_name).toBe('=HYPERLINK("x")');
});
