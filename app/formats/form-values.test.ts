import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldErrors, formAnswers } from "./form-values.ts";

const form = (...pairs: [string, string | File][]) => {
  const data = new FormData();
  for (const [name, value] of pairs) data.append(name, value);
  return data;
};

describe("formAnswers", () => {
  test("reads the fields it was told of, and no other", () => {
    expect(formAnswers(form(["name", "王"], ["role", "admin"], ["__proto__", "x"]), ["name"])).toEqual({
      name: "王",
    });
  });

  test("a field that was not sent has no answer; one left empty has an empty one", () => {
    expect(formAnswers(form(["b", ""]), ["a", "b"])).toEqual({ b: "" });
  });

  test("of a field sent twice the last counts, of a repeatable one all do, in a list even when there is one or none", () => {
    expect(formAnswers(form(["a", "1"], ["a", "2"]), ["a"])).toEqual({ a: "2" });
    expect(formAnswers(form(["need", "x"], ["need", "y"]), ["need"], ["need"])).toEqual({ need: ["x", "y"] });
    expect(formAnswers(form(["need", "x"]), ["need"], ["need"])).toEqual({ need: ["x"] });
    expect(formAnswers(form(), ["need"], ["need"])).toEqual({ need: [] });
  });

  test("H20: ten thousand fields of one name are fifty", () => {
    const many = form(...Array.from({ length: 10_000 }, (_, n): [string, string] => ["need", String(n)]));
    expect(formAnswers(many, ["need"], ["need"]).need).toHaveLength(50);
    expect(formAnswers(many, ["need"]).need).toBe("9999");
  });

  test("files are no answers", () => {
    expect(
      formAnswers(form(["photo", new File(["x"], "../../x.jpg")], ["photo", "text"]), ["photo"]),
    ).toEqual({ photo: "text" });
    expect(formAnswers(form(["photo", new File(["x"], "x.jpg")]), ["photo"])).toEqual({});
  });

  test("H20: names that objects have of themselves are fields like others", () => {
    const answers = formAnswers(form(["constructor", "a"], ["toString", "b"]), ["constructor", "toString"]);
    expect(answers).toEqual({ constructor: "a", toString: "b" });
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  test("whatever is typed comes back as it was typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (typed) => {
        expect(formAnswers(form(["a", typed]), ["a"])).toEqual({ a: typed });
      }),
    );
  });
});

describe("fieldErrors", () => {
  test("one a field, the first, in order", () => {
    expect(
      fieldErrors([
        { path: ["b"], message: "b_one" },
        { path: ["a", 0], message: "a_one" },
        { path: ["b"], message: "b_two" },
      ]),
    ).toEqual([
      { field: "b", token: "b_one" },
      { field: "a", token: "a_one" },
    ]);
  });

  test("a message that is no token of ours is not shown", () => {
    for (const message of ["Invalid input: expected string", "", "<script>", "A_b", "Required"])
      expect(fieldErrors([{ path: ["a"], message }])).toEqual([{ field: "a", token: "answer_invalid" }]);
  });

  test("a problem of the whole form has no field", () => {
    expect(fieldErrors([{ path: [], message: "form_invalid" }])).toEqual([
      { field: "", token: "form_invalid" },
    ]);
  });
});
