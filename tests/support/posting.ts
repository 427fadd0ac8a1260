/** Posts through the front door as a browser without script does: opens the page, fills in the form, sends it. */
import { spawn } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { decodeHtml, fieldsOf } from "./html.ts";
import { guard } from "./run-directory.ts";
import type { Site } from "./site.ts";

export type FormAnswers = Record<string, string | readonly string[] | Blob | null | undefined>;

export interface PostedPerson {
  id: string;
  /** Path of the page, with the key of its link when it is not for everybody. */
  page: string;
  /** Path of the manage page with its secret. */
  manage: string;
  token: string;
  key: string | null;
  /** The page that the author saw after posting. */
  html: string;
}

const newPerson = "/safety/persons/new";

/** A form as a browser would send it untouched, with these answers instead; `null` takes a field away. */
export function filled(html: string, formId: string, answers: FormAnswers = {}): FormData {
  const form = new FormData();
  const untouched = fieldsOf(html, formId);
  for (const [name, values] of Object.entries(untouched)) {
    if (name in answers) continue;
    for (const value of values) form.append(name, value);
  }
  for (const [name, value] of Object.entries(answers)) {
    if (value === null || value === undefined) continue;
    if (value instanceof Blob) form.append(name, value, value instanceof File ? value.name : "photo.jpg");
    else for (const one of typeof value === "string" ? [value] : value) form.append(name, one);
  }
  return form;
}

/** Sends a form from our own page. */
export function send(
  site: Site,
  where: string,
  form: FormData | URLSearchParams,
  headers = {},
): Promise<Response> {
  return site.fetch(where, { method: "POST", body: form, headers: { origin: site.url, ...headers } });
}

/** Opens the page at `where`, fills in the form with this id and sends it to where the form says. */
export async function fillAndSend(
  site: Site,
  where: string,
  formId: string,
  answers: FormAnswers,
  headers: Record<string, string> = {},
): Promise<Response> {
  const page = await site.fetch(where, { headers });
  expect(page.status, `${where} opens`).toBe(200);
  return send(site, where, filled(await page.text(), formId, answers), headers);
}

/** Sends the form for a person with these answers and a name that nobody else has, unless they say otherwise. */
export function sendPerson(
  site: Site,
  answers: FormAnswers = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  const as = typeof answers.as === "string" ? answers.as : "me";
  return fillAndSend(
    site,
    `${newPerson}?as=${as}`,
    "person",
    {
      as,
      consent: "yes",
      ...(as === "informing" ? { status: "believed_alive" } : {}),
      ...(as === "me" ? {} : { none_match: "yes" }),
      ...answers,
    },
    headers,
  );
}

/** Posts a person and follows to the page that shows the manage link once. */
export async function postPerson(
  site: Site,
  answers: FormAnswers & { full_name: string },
  headers: Record<string, string> = {},
): Promise<PostedPerson> {
  return readPosted(site, await sendPerson(site, answers, headers), headers);
}

/** Reads what the author is told after posting. */
export async function readPosted(
  site: Site,
  answer: Response,
  headers: Record<string, string> = {},
): Promise<PostedPerson> {
  if (answer.status !== 303) {
    throw new Error(`Posting answered ${answer.status}: ${(await answer.text()).slice(0, 3_000)}`);
  }
  const location = new URL(answer.headers.get("location") ?? "", site.url);
  const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const page = location.pathname + location.search;
  const shown = await site.fetch(page, { headers: { ...headers, cookie } });
  const html = await shown.text();
  const manage = /href="([^"]*\/manage\?token=[^"]+)"/.exec(html)?.[1];
  if (!manage) throw new Error(`No manage link on the page after posting (${shown.status}).`);
  const link = new URL(decodeHtml(manage));
  return {
    id: /persons\/([0-9a-f-]{36})/.exec(page)?.[1] ?? "",
    page,
    manage: link.pathname + link.search,
    token: link.searchParams.get("token") ?? "",
    key: location.searchParams.get("key"),
    html,
  };
}

/** What each form on a person's page is called. */
export const forms = {
  note: "add-note",
  relay: "relay-form",
  follow: "follow-form",
  report: "report-form",
  link: "link-form",
} as const;

/** Uses one of the forms on a person's page. */
export function act(
  site: Site,
  page: string,
  intent: keyof typeof forms,
  answers: FormAnswers,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fillAndSend(site, page, forms[intent], answers, headers);
}

/** Runs a command of the operator beside the running site, from what has been built. */
export async function operate(
  site: Site,
  args: string[],
  input = "",
  settings: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const entry = pathToFileURL(path.resolve("build/server/lookout.js")).href;
  const program = `const { lookout } = await import(${JSON.stringify(entry)}); process.exitCode = await lookout(process.argv.slice(1));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, "--", ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      DATA_DIR: site.dataDir,
      PUBLIC_URL: site.url,
      ...settings,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  guard(child);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}
