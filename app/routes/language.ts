import type { ActionFunctionArgs } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { findLanguage, languageCookie } from "../i18n/languages.ts";
import { nextPage } from "../i18n/next-page.ts";

/** Nobody needs this address by itself; a reader who reloads it lands on the front page. */
export function loader(): Response {
  return redirect("/");
}

/** Remembers the language somebody chose and brings them back to where they were. */
export async function action({ request, context }: ActionFunctionArgs): Promise<Response> {
  const form = await request.formData();
  const next = nextPage(form.get("next"));
  const language = findLanguage(form.get("lang"));
  if (!language) return redirect(next, 303);
  const secure = context.publicUrl.startsWith("https:");
  return redirect(next, { status: 303, headers: { "Set-Cookie": languageCookie(language, { secure }) } });
}
