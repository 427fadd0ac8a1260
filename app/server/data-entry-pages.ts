/** What the request board and the register of reuses share: reading, posting, voting. */
import { randomUUID } from "node:crypto";
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import type { EntryKind } from "../features/open-data/entries.ts";
import { listEntries, postEntry, voteFor } from "../features/open-data/entries.server.ts";
import { ENTRY_FIELDS, requestSchema, reuseSchema } from "../features/open-data/entries.schema.ts";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { checkForm, formTokenField, honeypotField, makeFormToken } from "../platform/session.server.ts";
import { maskPersonalData } from "../privacy/personal-data.ts";
import { againHeaders, formDigest, formProblem, orRefuse, readForm } from "./page-answers.ts";

const PURPOSE = "data-entry";
const PAGE = 20;

export interface SentEntry {
  answers: Answers;
  errors: FieldError[];
}

/** The entries of a kind, and what their form needs. */
export async function loadEntries(kind: EntryKind, { context, request }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams;
  const cursor = query.get("cursor");
  const entries = await orRefuse(listEntries(context.backend.db, { kind, cursor, limit: PAGE }));
  const done = query.get("done");
  return {
    ...entries,
    isFirst: cursor === null,
    done: done === "posted" || done === "voted" ? (done as "posted" | "voted") : null,
    clientId: randomUUID() as string,
    formToken: makeFormToken({ secret: context.secret, purpose: PURPOSE }),
    honeypot: honeypotField,
  };
}

/** Posts an entry or adds a vote, and goes back to the page. */
export async function actOnEntries(kind: EntryKind, where: string, { context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const answers = formAnswers(form, ENTRY_FIELDS);
  const again = (status: number, errors: FieldError[]) =>
    data<SentEntry>({ answers, errors }, { status, headers: againHeaders(errors) });
  const caller = context.env.rateLimits ? context.callerKey : null;
  try {
    if (form.get("intent") === "vote" && kind === "request") {
      await voteFor(context.backend.commands, String(form.get("id") ?? ""), context.callerKey);
      context.wrote();
      return redirect(`${where}?done=voted`, 303);
    }
    const guard = checkForm(form, { secret: context.secret, purpose: PURPOSE });
    if (guard.token === "expired" || guard.token === "forged" || guard.token === "other_form")
      return again(422, [{ field: "", token: "form_expired" }]);
    const parsed = (kind === "reuse" ? reuseSchema : requestSchema).safeParse(answers);
    if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
    // A program that fills in everything is thanked and not listened to.
    if (!guard.honeypot) {
      const { title, text = "", ...rest } = parsed.data;
      const language = detectLanguage(
        request.headers.get("Cookie"),
        request.headers.get("Accept-Language"),
      ).code;
      await postEntry(
        context.backend.commands,
        // Everybody reads it, and nothing about anybody is needed to say which data is wanted.
        { ...rest, kind, title: maskPersonalData(title), text: maskPersonalData(text) },
        { body: await formDigest(form, [formTokenField]), caller, language },
      );
      context.wrote();
    }
    return redirect(`${where}?done=posted`, 303);
  } catch (error) {
    const problem = formProblem(error);
    if (problem.status === 404) throw new Response(null, { status: 404 });
    return again(problem.status, problem.errors);
  }
}
