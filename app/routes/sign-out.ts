import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { paths } from "../platform/paths.ts";
import { orRefuse, readForm } from "../server/page-answers.ts";
import { staffSession } from "../server/staff.ts";

/** Opening this address changes nothing: a preview of a link signs nobody out. */
export function loader(): Response {
  return redirect(paths.signIn(), 303);
}

/** Ends this session, or all sessions of this member. */
export async function action({ context, request }: ActionFunctionArgs): Promise<Response> {
  const everywhere = (await readForm(request)).get("everywhere") === "yes";
  const { session, headers } = staffSession(context, request);
  await orRefuse(session.signOut(everywhere));
  return redirect(`${paths.signIn()}?out=${everywhere ? "everywhere" : "here"}`, { status: 303, headers });
}
