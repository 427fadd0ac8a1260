import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textOf } from "#tests/support/html.ts";
import { lettersTo } from "#tests/support/mailbox.ts";
import { fillAndSend, operate } from "#tests/support/posting.ts";
import { startSite, type Site } from "#tests/support/site.ts";
import { cookiesOf, signIn, signInAs } from "#tests/support/staff.ts";

// Signing in as staff through the front door, as a browser without script does.

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

const shown = async (headers: Record<string, string>) => {
  const answer = await site.fetch("/sign-in", { headers });
  return { answer, text: textOf(await answer.text()) };
};

test("by password: the session is shown, kept in cookies that scripts and other sites cannot use, and never cached", async () => {
  const ann = await signInAs(site, "officer", { name: "安", areas: ["NZ"], email: "ann@staff.example" });
  const { answer, text } = await shown(ann.headers);
  expect(text).toContain("安 · 領務人員");
  expect(text).toContain("ann@staff.example");
  expect(text).toContain("NZ");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const posted = await site.form("/sign-in", {
    intent: "password",
    email: ann.email,
    password: ann.password,
  });
  expect(posted.headers.get("location")).toBe("/moderation");
  for (const cookie of posted.headers.getSetCookie()) {
    expect(cookie).toMatch(/^staff(\.\d)?=/);
    expect(cookie).toContain("; HttpOnly; SameSite=Lax");
  }
  // Nobody else is shown who is signed in.
  expect((await shown({})).text).not.toContain("安 ·");
});

test("by a code that comes by mail and works once", async () => {
  const bo = await signInAs(site, "volunteer", { email: "bo@staff.example" });
  const asked = await fillAndSend(site, "/sign-in", "ask-code", { email: bo.email });
  expect(asked.status).toBe(200);
  expect(await asked.text()).toContain('autoComplete="one-time-code"');
  const unknown = await fillAndSend(site, "/sign-in", "ask-code", { email: "nobody@staff.example" });
  expect(unknown.status).toBe(200);
  const [letter] = await lettersTo(site, bo.email);
  const code = /\b(\d{4}) (\d{4})\b/.exec(letter!.text)!.slice(1).join("");
  expect(await lettersTo(site, "nobody@staff.example")).toEqual([]);

  const wrong = await site.form("/sign-in", { intent: "code", email: bo.email, code: "00000000" });
  expect(wrong.status).toBe(403);
  const right = await site.form("/sign-in", { intent: "code", email: bo.email, code: ` ${code} ` });
  expect(right.status).toBe(303);
  expect((await shown({ cookie: cookiesOf(right) })).text).toContain(bo.email);
  const again = await site.form("/sign-in", { intent: "code", email: bo.email, code });
  expect(again.status).toBe(403);
});

test("H37: after signing in one lands on a page of ours, whatever the address says", async () => {
  const { email, password } = await signInAs(site, "volunteer");
  for (const next of [
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "/sign-in",
  ]) {
    const answer = await site.form(`/sign-in?next=${encodeURIComponent(next)}`, {
      intent: "password",
      email,
      password,
    });
    expect({ next, location: answer.headers.get("location") }).toEqual({ next, location: "/moderation" });
  }
  const good = await site.form("/sign-in?next=%2Fmoderation%3Fkind%3Dnew", {
    intent: "password",
    email,
    password,
  });
  expect(good.headers.get("location")).toBe("/moderation?kind=new");
});

test("a wrong password and an unknown address answer alike, and the password never comes back", async () => {
  const { email } = await signInAs(site, "volunteer");
  const wrong = await fillAndSend(site, "/sign-in", "password", { email, password: "not the password 123" });
  const unknown = await fillAndSend(site, "/sign-in", "password", {
    email: "nobody-at-all@staff.example",
    password: "not the password 123",
  });
  const [one, other] = [await wrong.text(), await unknown.text()];
  expect([wrong.status, unknown.status]).toEqual([403, 403]);
  expect(one).toContain("電子郵件或密碼不對");
  expect(one.replaceAll(email, "X")).toBe(other.replaceAll("nobody-at-all@staff.example", "X"));
  expect(one + other).not.toContain("not the password");
});

test("A5: guessing passwords meets a limit that does not shut out the owner elsewhere", async () => {
  const { email, headers } = await signInAs(site, "volunteer");
  const statuses: number[] = [];
  for (let guess = 0; guess < 12; guess++) {
    const answer = await site.form("/sign-in", {
      intent: "password",
      email,
      password: `guess number ${guess}`,
    });
    statuses.push(answer.status);
    if (answer.status === 429) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect(statuses.slice(-2)).toEqual([429, 429]);
  expect(statuses.slice(0, 9)).not.toContain(429);
  // The session that is open goes on.
  expect((await shown(headers)).text).toContain(email);
});

test("signing out ends this session, or all of them at once", async () => {
  const { email, password, headers } = await signInAs(site, "volunteer");
  const elsewhere = await signIn(site, email, password);
  const third = await signIn(site, email, password);
  const out = await site.form("/sign-out", {}, { headers });
  expect(out.headers.get("location")).toBe("/sign-in?out=here");
  expect(cookiesOf(out)).toBe("");
  // The cookie as it was opens nothing any more, even to who kept a copy.
  expect((await shown(headers)).text).not.toContain(email);
  expect((await shown(elsewhere)).text).toContain(email);
  await site.form("/sign-out", { everywhere: "yes" }, { headers: elsewhere });
  for (const kept of [elsewhere, third]) expect((await shown(kept)).text).not.toContain(email);
});

test("H29: a link preview of the way out signs nobody out", async () => {
  const { email, headers } = await signInAs(site, "volunteer");
  expect((await site.fetch("/sign-out", { headers })).status).toBe(303);
  expect((await shown(headers)).text).toContain(email);
});

describe("rights", () => {
  test("end when they run out or are taken away, within an open session", async () => {
    const ran = await signInAs(site, "officer", { email: "ran@staff.example" });
    await site.sql`update app.members set expires_at = now() - interval '1 second' where user_id = ${ran.userId}`;
    expect((await shown(ran.headers)).text).not.toContain("· 領務人員");
    const gone = await signInAs(site, "officer", { email: "gone@staff.example" });
    expect((await operate(site, ["staff", "remove", "gone@staff.example"])).code).toBe(0);
    expect((await shown(gone.headers)).text).not.toContain("· 領務人員");
  });

  test("H32: what somebody writes into their own account makes them nothing", async () => {
    const sly = await signInAs(site, "volunteer", { email: "sly@staff.example" });
    await site.sql`
      update auth.users set raw_user_meta_data = '{"role": "admin", "is_admin": true}' where id = ${sly.userId}`;
    const headers = await signIn(site, sly.email, sly.password);
    const { text } = await shown(headers);
    expect(text).toContain("志工");
    expect(text).not.toContain("管理員");
  });

  test("H54: a broken or doubled cookie is nobody's", async () => {
    const { email, headers } = await signInAs(site, "volunteer");
    for (const cookie of [
      `${headers.cookie}; ${headers.cookie}`,
      headers.cookie.slice(0, -40),
      "staff=base64-%%%",
      "staff=base64-e30",
    ]) {
      const { answer, text } = await shown({ cookie });
      expect({ cookie: cookie.slice(0, 20), status: answer.status }).toEqual({
        cookie: cookie.slice(0, 20),
        status: 200,
      });
      expect(text).not.toContain(email);
    }
  });
});

test("H24: another site can neither sign somebody in nor out", async () => {
  const { email, password, headers } = await signInAs(site, "volunteer");
  for (const origin of ["https://evil.example", "null"]) {
    const tried = await site.form(
      "/sign-in",
      { intent: "password", email, password },
      { headers: { origin } },
    );
    expect(tried.status).toBe(403);
    expect(tried.headers.getSetCookie()).toEqual([]);
    expect((await site.form("/sign-out", {}, { headers: { ...headers, origin } })).status).toBe(403);
  }
  expect((await shown(headers)).text).toContain(email);
});

test("the operator makes a member, and the invitation that goes out by mail leads to the sign-in", async () => {
  const made = await operate(site, [
    "staff", "add", "mei@staff.example", "--name", "美", "--areas", "NZ,JP", "--until", "2099-06-30", "--invite",
  ]); // prettier-ignore
  expect(made.code).toBe(0);
  const password = made.output.split("\n")[0]!;
  const { text } = await shown(await signIn(site, "mei@staff.example", password));
  expect(text).toContain("美 · 志工");
  expect(text).toContain("NZ, JP");
  const [letter] = await lettersTo(site, "mei@staff.example");
  expect(letter!.text).toContain(`${site.url}/sign-in`);
  expect(letter!.text).toContain("美");
  expect(letter!.text).not.toContain(password);
});
