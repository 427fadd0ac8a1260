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
import { NoticeLinkList } from "../features/notices/notice-links.tsx";
import { NOTICE_LIMITS, NOTICE_RELATIONS, subjectOfAddress } from "../features/notices/notices.ts";
import { LINK_FIELDS, linkSchema, NOTICE_FIELDS, noticeSchema } from "../features/notices/notices.schema.ts";
import {
  getNotice,
  linkNotice,
  publishNotice,
  saveNotice,
  unlinkNotice,
} from "../features/notices/notices.server.ts";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { wallClock } from "../formats/timestamps.ts";
import { taipei } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { Failure } from "../platform/failure.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import { SendButton } from "../ui/button.tsx";
import { SelectField, TextAreaField, TextField } from "../ui/field.tsx";
import { PostForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "notices:staff.editTitle");

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const [{ notice, links }, events] = await orRefuse(
    Promise.all([getNotice(db, params.id ?? ""), listEvents(context.backend.db)]),
  );
  const answers: Answers = {
    source_name: notice.source_name,
    source_kind: notice.source_kind,
    url: notice.url ?? "",
    title: notice.title,
    level: notice.level ?? "",
    text: notice.text,
    language: notice.language,
    country: notice.country ?? "",
    area: notice.area ?? "",
    event: notice.event ?? "",
    published_at: wallClock(notice.published_at, taipei),
    expires_at: notice.expires_at ? wallClock(notice.expires_at, taipei) : "",
    ended: notice.ended ? "yes" : "",
  };
  return data(
    {
      notice: { id: notice.id, version: notice.version, publication: notice.publication },
      answers,
      links,
      events: events.filter(({ slug }) => slug !== "everyday"),
      saved: new URL(request.url).searchParams.has("saved"),
    },
    { headers },
  );
}

interface Again {
  form: "save" | "link";
  answers: Answers;
  errors: FieldError[];
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const id = params.id ?? "";
  const form = await readForm(request);
  const intent = String(form.get("intent") ?? "");
  const done = () => {
    context.wrote();
    return redirect(`${paths.editNotice(id)}?saved=1`, { status: 303, headers });
  };
  const which = intent === "link" ? "link" : "save";
  const answers = formAnswers(form, which === "link" ? LINK_FIELDS : NOTICE_FIELDS);
  const again = (status: number, errors: FieldError[]) =>
    data<Again>({ form: which, answers, errors }, { status, headers });
  try {
    switch (intent) {
      case "hide":
      case "show":
        await publishNotice(db, id, intent === "show");
        return done();
      case "unlink":
        await unlinkNotice(db, String(form.get("link") ?? ""));
        return done();
      case "link": {
        const parsed = linkSchema.safeParse(answers);
        if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
        const subject = subjectOfAddress(parsed.data.subject, context.publicUrl);
        if (!subject) throw new Failure("invalid", "subject_unknown", { field: "subject" });
        await linkNotice(db, {
          notice_id: id,
          relation: parsed.data.relation,
          text: parsed.data.why ?? null,
          ...subject,
        });
        return done();
      }
      default: {
        const parsed = noticeSchema.safeParse(answers);
        if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
        await saveNotice(db, parsed.data, id);
        return done();
      }
    }
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** An officer changes a notice, hides it, or says what it means for other items. */
export default function EditNoticePage() {
  const t = useT();
  const { code } = useLanguage();
  const { notice, answers, links, events, saved } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Again | undefined;
  const hidden = notice.publication === "hidden";
  return (
    <>
      <PageHead
        title={t("notices:staff.editTitle")}
        lede={t("notices:staff.lede")}
        back={{ href: paths.notice(notice.id), label: t("notices:staff.listLink") }}
      />
      {saved && !sent ? (
        <p className="notice" role="status">
          {t("notices:staff.saved")}
        </p>
      ) : null}
      {hidden ? <p className="notice">{t("notices:staff.hiddenNow")}</p> : null}
      <section>
        <h2>{t("notices:staff.linkTitle")}</h2>
        <p>{t("notices:staff.linkLede")}</p>
        <PostForm
          id="link"
          intent="link"
          answers={sent?.form === "link" ? sent.answers : {}}
          errors={sent?.form === "link" ? sent.errors : []}
        >
          <SelectField
            name="relation"
            label={t("notices:staff.relationField")}
            empty={t("common:form.choose")}
            options={NOTICE_RELATIONS.map((one) => ({ value: one, label: t(`notices:relation.${one}`) }))}
          />
          <TextField
            name="subject"
            label={t("notices:staff.subjectField")}
            hint={t("notices:staff.subjectHint")}
            inputMode="url"
            maxLength={NOTICE_LIMITS.url}
          />
          <TextAreaField name="why" label={t("notices:staff.whyField")} rows={2} optional />
          <SendButton>{t("notices:staff.linkButton")}</SendButton>
        </PostForm>
        <h3>{t("notices:staff.linksNow")}</h3>
        {links.length === 0 ? <p>{t("notices:staff.noLinks")}</p> : null}
        <NoticeLinkList
          links={links}
          from="notice"
          after={(link) => (
            <PostForm id={`unlink-${link.id}`} intent="unlink" hidden={{ link: link.id }}>
              <SendButton look="plain">{t("notices:staff.unlink")}</SendButton>
            </PostForm>
          )}
        />
      </section>
      <section>
        <h2>{t("notices:notice.edit")}</h2>
        <NoticeForm
          answers={sent?.form === "save" ? sent.answers : answers}
          errors={sent?.form === "save" ? sent.errors : []}
          version={notice.version}
          events={events.map(({ slug, titles }) => ({ value: slug, label: inLanguage(titles, code) }))}
        />
      </section>
      <PostForm id="publish" intent={hidden ? "show" : "hide"}>
        <SendButton look={hidden ? "plain" : "danger"}>
          {t(hidden ? "notices:staff.show" : "notices:staff.hide")}
        </SendButton>
      </PostForm>
    </>
  );
}
