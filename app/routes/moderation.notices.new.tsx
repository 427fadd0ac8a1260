import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { inLanguage } from "../features/events/events.ts";
import { listEvents } from "../features/events/events.server.ts";
import { NoticeForm } from "../features/notices/notice-form.tsx";
import { NOTICE_FIELDS, noticeSchema } from "../features/notices/notices.schema.ts";
import { saveNotice } from "../features/notices/notices.server.ts";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { wallClock } from "../formats/timestamps.ts";
import { taipei } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "notices:staff.newTitle");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { headers } = await requireStaff(context, request, "officer");
  const events = await orRefuse(listEvents(context.backend.db));
  return data(
    {
      events: events.filter(({ state, slug }) => state !== "closed" && slug !== "everyday"),
      answers: {
        event: new URL(request.url).searchParams.get("event") ?? "",
        language: "zh-TW",
        published_at: wallClock(new Date().toISOString(), taipei),
      } as Answers,
    },
    { headers },
  );
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const answers = formAnswers(await readForm(request), NOTICE_FIELDS);
  const again = (status: number, errors: FieldError[]) =>
    data<{ answers: Answers; errors: FieldError[] }>({ answers, errors }, { status, headers });
  const parsed = noticeSchema.safeParse(answers);
  if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
  try {
    const { id } = await saveNotice(db, parsed.data, null);
    context.wrote();
    return redirect(`${paths.editNotice(id)}?saved=1`, { status: 303, headers });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** An officer enters a notice by hand. */
export default function NewNoticePage() {
  const t = useT();
  const { code } = useLanguage();
  const loaded = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as { answers: Answers; errors: FieldError[] } | undefined;
  return (
    <>
      <PageHead
        title={t("notices:staff.newTitle")}
        lede={t("notices:staff.lede")}
        back={{ href: paths.notices(), label: t("notices:list.title") }}
      />
      <NoticeForm
        answers={sent?.answers ?? loaded.answers}
        errors={sent?.errors ?? []}
        events={loaded.events.map(({ slug, titles }) => ({ value: slug, label: inLanguage(titles, code) }))}
      />
    </>
  );
}
