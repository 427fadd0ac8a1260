import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { memberSchema } from "../features/members/members.schema.ts";
import {
  asCommands,
  inviteMember,
  listMembers,
  removeMember,
  saveMember,
} from "../features/members/members.server.ts";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { useNow, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import { SendButton } from "../ui/button.tsx";
import { Dated } from "../ui/dated.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { PostForm, type FieldError } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "moderation:members.title");

const FIELDS = ["name", "email", "role", "areas", "until"];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const staff = await requireStaff(context, request, "admin");
  const done = new URL(request.url).searchParams.get("done");
  return data(
    {
      members: await orRefuse(listMembers(context.backend.commands)),
      me: staff.member.userId,
      done: done === "invited" || done === "removed" ? (done as "invited" | "removed") : null,
    },
    { headers: staff.headers },
  );
}

interface Sent {
  answers: Answers;
  errors: FieldError[];
}

export async function action({ context, request }: ActionFunctionArgs) {
  const staff = await requireStaff(context, request, "admin");
  const form = await readForm(request);
  const answers = formAnswers(form, FIELDS, []);
  const again = (status: number, errors: FieldError[]) =>
    data<Sent>({ answers, errors }, { status, headers: staff.headers });
  const done = (word: string) => {
    context.wrote();
    return redirect(`${paths.moderationMembers()}?done=${word}`, { status: 303, headers: staff.headers });
  };
  try {
    if (form.get("intent") === "remove") {
      const email = String(form.get("email") ?? "");
      // Whoever is left without an administrator can only call the operator: nobody removes themselves by a slip.
      if (email.toLowerCase() === staff.member.email.toLowerCase())
        return again(403, [{ field: "", token: "forbidden" }]);
      await removeMember(asCommands(staff.db), email);
      return done("removed");
    }
    const parsed = memberSchema.safeParse(answers);
    if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
    const { userId } = await saveMember(
      { commands: asCommands(staff.db), auth: context.backend.auth },
      {
        ...parsed.data,
        expiresAt: parsed.data.until,
        language: detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language")).code,
      },
    );
    await inviteMember(context.backend.commands, userId);
    return done("invited");
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** Who may decide, where, and until when. For administrators. */
export default function MembersPage() {
  const t = useT();
  const now = useNow();
  const { members, me, done } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Sent | undefined;
  return (
    <>
      <PageHead
        title={t("moderation:members.title")}
        lede={t("moderation:members.lede")}
        back={{ href: paths.moderation(), label: t("moderation:item.back") }}
      />
      {done ? (
        <Notice>
          <p role="status">
            {t(done === "invited" ? "moderation:members.invited" : "moderation:members.removed")}
          </p>
        </Notice>
      ) : null}
      <ul className="list">
        {members.map((member) => {
          const ended =
            member.removed_at !== null ||
            (member.expires_at !== null && Date.parse(member.expires_at) <= now.getTime());
          return (
            <li className="card" key={member.user_id}>
              <h2>
                <bdi>{member.name}</bdi>
              </h2>
              <p>
                {t(`members:role.${member.role}`)}
                {t("common:punctuation.separator")}
                {member.areas.length > 0 ? member.areas.join(", ") : t("members:session.everywhere")}
                {t("common:punctuation.separator")}
                {ended ? (
                  t("moderation:members.ended")
                ) : member.expires_at ? (
                  <Dated text={(date) => date} at={member.expires_at} />
                ) : (
                  t("members:session.never")
                )}
              </p>
              <p className="meta">{member.email}</p>
              {ended || member.user_id === me ? null : (
                <form method="post">
                  <input type="hidden" name="intent" value="remove" />
                  <input type="hidden" name="email" value={member.email} />
                  <SendButton look="plain">{t("moderation:members.remove")}</SendButton>
                </form>
              )}
            </li>
          );
        })}
      </ul>
      <h2>{t("moderation:members.add")}</h2>
      <PostForm id="invite" intent="invite" answers={sent?.answers} errors={sent?.errors}>
        <TextField name="name" label={t("moderation:members.name")} maxLength={100} />
        <TextField name="email" type="email" label={t("moderation:members.email")} maxLength={254} />
        <SelectField
          name="role"
          label={t("moderation:members.role")}
          options={(["volunteer", "officer", "admin"] as const).map((role) => ({
            value: role,
            label: t(`members:role.${role}`),
          }))}
        />
        <TextField
          name="areas"
          label={t("moderation:members.areas")}
          hint={t("moderation:members.areasHint")}
          maxLength={500}
          optional
        />
        <TextField name="until" type="date" label={t("moderation:members.until")} optional />
        <SendButton>{t("moderation:members.invite")}</SendButton>
      </PostForm>
    </>
  );
}
