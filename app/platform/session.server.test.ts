import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import {
  checkForm,
  formTokenField,
  honeypotField,
  hostCookie,
  makeFormToken,
  readFormToken,
  readHostCookie,
} from "./session.server.ts";

const secret = (purpose: string) => createHmac("sha256", "test").update(purpose).digest();
const made = new Date("2026-11-22T12:00:00Z");
const after = (ms: number) => new Date(made.getTime() + ms);
const token = makeFormToken({ secret, purpose: "person", now: made });

test.each([
  [0, "too_soon"],
  [1_999, "too_soon"],
  [2_000, "good"],
  [12 * 3600_000, "good"],
  [12 * 3600_000 + 1, "expired"],
  [13 * 3600_000, "expired"],
  [-3600_000, "too_soon"],
])("H25 H27 a token %i ms old is %s", (age, state) => {
  expect(readFormToken({ secret, token, purpose: "person", now: after(age) })).toBe(state);
});

test("H25 a token of another form is known as that; any form of ours will do where none is named", () => {
  expect(readFormToken({ secret, token, purpose: "report", now: after(5000) })).toBe("other_form");
  expect(readFormToken({ secret, token, purpose: null, now: after(5000) })).toBe("good");
});

test("H25 two tabs have two tokens, and both are good", () => {
  const other = makeFormToken({ secret, purpose: "person", now: made });
  expect(other).not.toBe(token);
  for (const one of [token, other]) {
    expect(readFormToken({ secret, token: one, purpose: "person", now: after(5000) })).toBe("good");
  }
});

test.each([
  [""],
  ["x"],
  ["..."],
  [token.slice(0, -1)],
  [`${token}a`],
  [token.replace("person", "report")],
  [token.replace(/^[^.]+/, "zzzzzzzz")],
  ["a".repeat(100_000)],
  ["\u0000.\u0000.\u0000.\u0000"],
])("H25 %s was not made by us", (forged) => {
  const state = readFormToken({ secret, token: forged, purpose: "person", now: after(5000) });
  expect(state).toBe(forged === "" ? "absent" : "forged");
});

test("H27 a filled honeypot is seen, an empty or missing one is not", () => {
  const form = new FormData();
  form.set(formTokenField, token);
  expect(checkForm(form, { secret, purpose: "person", now: after(5000) })).toEqual({
    token: "good",
    honeypot: false,
  });
  form.set(honeypotField, "");
  expect(checkForm(form, { secret, purpose: "person", now: after(5000) }).honeypot).toBe(false);
  form.set(honeypotField, "https://spam.example");
  expect(checkForm(form, { secret, purpose: "person", now: after(5000) }).honeypot).toBe(true);
  form.set(formTokenField, new File(["x"], "x"));
  expect(checkForm(form, { secret, purpose: "person", now: after(5000) }).token).toBe("absent");
});

test("H54 malformed, doubled and oversized cookies are not believed", () => {
  const read = (header: string | null) => readHostCookie(header, "staff", false);
  expect(read("staff=abc.def")).toBe("abc.def");
  expect(read(" x; staff=abc; =; ;;")).toBe("abc");
  expect(read("staff=abc; staff=def")).toBeNull();
  expect(read(`staff=${"a".repeat(4097)}`)).toBeNull();
  expect(read('staff="a b"')).toBeNull();
  expect(read("xstaff=abc")).toBeNull();
  expect(read(null)).toBeNull();
});

test("behind https a cookie is bound to this very host", () => {
  const cookie = hostCookie("staff", "abc", { secure: true, maxAge: 3600 });
  expect(cookie).toBe("__Host-staff=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600; Secure");
  expect(readHostCookie("staff=abc", "staff", true)).toBeNull();
  expect(readHostCookie("__Host-staff=abc", "staff", true)).toBe("abc");
});
