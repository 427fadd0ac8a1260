import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import {
  AboutFields,
  ContactFields,
  NeedFields,
  OwnStatusField,
  PositionFields,
  VisibilityFields,
} from "../features/safety/person-form.tsx";
import { AuthorDecisions } from "../features/moderation/author-decisions.tsx";
import { appealPerson, ownPersonDecisions } from "../features/moderation/queue.server.ts";
import { MessageList } from "../features/safety/message-list.tsx";
import {
  deletePerson,
  editPerson,
  extendPerson,
  getOwnPerson,
  linkKey,
  restorePerson,
} from "../features/safety/own-person.server.ts";
import { TheirStatusField } from "../features/safety/their-status-field.tsx";
import { LIMITS, headline } from "../features/safety/persons.ts";
import {
  EDIT_FIELDS,
  NOTE_FIELDS,
  answerSchema,
  editSchema,
  noteSchema,
} from "../features/safety/persons.schema.ts";
import { addNote } from "../features/safety/posting.server.ts";
import { writeRelay } from "../features/safety/relay.server.ts";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { hashOf } from "../platform/secret-links.server.ts";
import { isUuid } from "../features/safety/record-ids.ts";
import {
  derivedClientId,
  formDigest,
  againHeaders,
  formProblem,
  orRefuse,
  readForm,
  safetyCaller,
} from "../server/page-answers.ts";
import { ButtonLink, ButtonRow, SendButton } from "../ui/button.tsx";
import { Dated } from "../ui/dated.tsx";
import { DetailsPanel } from "../ui/details-panel.tsx";
import { TextAreaField, TextField } from "../ui/field.tsx";
import { PostForm, type FieldError } from "../ui/form.tsx";
import { Hotline } from "../ui/hotline.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { StatusTag } from "../ui/status-tag.tsx";

export const handle = { enhance: true, noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction<typeof loader> = ({ matches }) =>
  pageTitle(matches, "safety:person.actionManage");

const DONE = ["saved", "updated", "extended", "deleted", "restored", "replied", "appealed"] as const;

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  const caller = safetyCaller(context, request);
  const token = url.searchParams.get("token") ?? "";
  const own = await orRefuse(getOwnPerson(caller, params.id ?? "", token));
  const { person } = own;
  const decisions = await orRefuse(ownPersonDecisions(caller.commands, person.id, hashOf(token)));
  const open = person.visibility === "known" || person.visibility === "link";
  return {
    own,
    decisions,
    publicAddress:
      person.visibility === "staff"
        ? null
        : `/safety/persons/${person.id}${open ? `?key=${linkKey(caller, person.id)}` : ""}`,
    done: DONE.find((done) => done === url.searchParams.get("done")) ?? null,
    asksToDelete: url.searchParams.get("ask") === "delete",
    token,
    drill: person.drill,
    invented: person.invented && !person.drill,
  };
}

interface Sent {
  intent: string;
  answers: Answers;
  errors: FieldError[];
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const id = params.id ?? "";
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const caller = safetyCaller(context, request);
  // Whoever does not hold the link learns that first, whatever else they sent.
  await orRefuse(getOwnPerson(caller, id, token));
  const form = await readForm(request);
  const intent = String(form.get("intent") ?? "");
  const answers = formAnswers(
    form,
    [...new Set([...EDIT_FIELDS, ...NOTE_FIELDS, "thread_id", "item_id", "appeal_text"])],
    ["need"],
  );
  const again = (status: number, errors: FieldError[]) =>
    data<Sent>(
      { intent, answers, errors },
      { status, headers: { ...secretPage(), ...againHeaders(errors) } },
    );
  const done = (word: (typeof DONE)[number]) => {
    context.wrote();
    return redirect(`/safety/persons/${id}/manage?token=${token}&done=${word}`, 303);
  };
  try {
    if (intent === "edit") {
      const parsed = editSchema(new Date()).safeParse(answers);
      if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
      await editPerson(caller, id, token, parsed.data);
      return done("saved");
    }
    if (intent === "note") {
      const parsed = noteSchema.safeParse(answers);
      if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
      const body = await formDigest(form);
      const client_id = parsed.data.client_id ?? derivedClientId(context, `${id} ${body}`, new Date());
      await addNote(caller, id, { ...parsed.data, client_id }, { manage: token }, body);
      return done("updated");
    }
    if (intent === "reply") {
      const parsed = answerSchema.safeParse(answers);
      if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
      await writeRelay(caller, String(answers["thread_id"] ?? ""), parsed.data.text, { manage: token });
      return done("replied");
    }
    if (intent === "appeal") {
      const itemId = String(answers["item_id"] ?? "");
      if (!isUuid(itemId)) return again(422, [{ field: "", token: "intent_unknown" }]);
      await appealPerson(caller.commands, {
        personId: id,
        manageHash: hashOf(token),
        itemId,
        text: String(answers["appeal_text"] ?? "").slice(0, 5000),
        caller: caller.key,
      });
      return done("appealed");
    }
    if (intent === "extend") {
      await extendPerson(caller, id, token);
      return done("extended");
    }
    if (intent === "delete") {
      // Asked twice: the first time shows what will happen.
      if (form.get("confirm") !== "yes")
        return redirect(`/safety/persons/${id}/manage?token=${token}&ask=delete#delete`, 303);
      await deletePerson(caller, id, token);
      return done("deleted");
    }
    if (intent === "restore") {
      await restorePerson(caller, id, token);
      return done("restored");
    }
    return again(422, [{ field: "", token: "intent_unknown" }]);
  } catch (error) {
    const problem = formProblem(error);
    // The command knows the words of an appeal by another name than the form.
    if (intent === "appeal")
      for (const one of problem.errors) if (one.field === "text") one.field = "appeal_text";
    return again(problem.status, problem.errors);
  }
}

/** What the author may do: say how they are now, answer, correct, extend, delete, bring back. */
export default function ManagePage() {
  const t = useT();
  const { own, decisions, publicAddress, done, asksToDelete, token } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Sent | undefined;
  const { person, sealed } = own;
  const of = (intent: string) =>
    sent?.intent === intent ? { answers: sent.answers, errors: sent.errors } : {};
  const title = t("safety:manage.title", { name: own.full_name });
  if (sealed) {
    return (
      <>
        <PageHead title={title} />
        <Notice title={t("safety:manage.deletedTitle")}>
          <p>
            <Dated text={(date) => t("safety:manage.deletedText", { date })} at={sealed.wipe_at} />
          </p>
        </Notice>
        {sealed.reason === "removed" ? null : (
          <PostForm id="restore" intent="restore" {...of("restore")}>
            <SendButton>{t("safety:manage.restoreButton")}</SendButton>
          </PostForm>
        )}
      </>
    );
  }
  return (
    <>
      <PageHead title={title} lede={t("safety:manage.lede")} />
      {done && done !== "deleted" ? (
        <Notice>
          <p role="status">
            {done === "extended" ? (
              <Dated text={(date) => t("safety:manage.extended", { date })} at={person.expiry_date} />
            ) : (
              t(doneWords[done])
            )}
          </p>
        </Notice>
      ) : null}
      <StatusTag big {...headline(person)} needs={person.needs} />
      {person.needs.length > 0 ? <Hotline urgent /> : null}
      {person.publication === "held" ? <p className="notice">{t("safety:posted.nextLook")}</p> : null}
      <p>
        {t("safety:form.visibilityLegend")}
        {t("common:punctuation.colon")}
        <b>{t(`safety:visibility.${person.visibility}`)}</b>
        {t("common:punctuation.separator")}
        {publicAddress ? <a href={publicAddress}>{t("safety:manage.publicLink")}</a> : null}
        {publicAddress ? null : <span className="meta">{t("safety:visibilityHint.staff")}</span>}
      </p>
      <AuthorDecisions
        decisions={decisions}
        sent={
          sent?.intent === "appeal"
            ? { itemId: String(sent.answers["item_id"] ?? ""), answers: sent.answers, errors: sent.errors }
            : null
        }
      />

      <h2>{t("safety:manage.updateTitle")}</h2>
      <PostForm id="update" intent="note" {...of("note")}>
        {person.posted_as === "me" ? (
          <>
            <OwnStatusField />
            <div className="if-help">
              <NeedFields />
              <Hotline urgent />
            </div>
          </>
        ) : (
          <TheirStatusField
            legend={t("safety:form.statusOtherLegend")}
            statuses={["information_sought", "believed_alive", "believed_missing", "believed_dead"]}
            optional
          />
        )}
        <TextAreaField
          name="text"
          label={t(person.posted_as === "me" ? "safety:form.textLabelMe" : "safety:form.textLabelInforming")}
          rows={3}
          maxLength={LIMITS.text}
          optional
        />
        <TextField
          name="last_known_location"
          label={t(person.posted_as === "me" ? "safety:form.placeLabelMe" : "safety:form.placeLabelOther")}
          hint={t("safety:form.placeHint")}
          optional
        />
        <DetailsPanel summary={t("safety:form.positionTitle")} icon="place">
          <PositionFields />
        </DetailsPanel>
        <SendButton>{t("safety:manage.updateButton")}</SendButton>
      </PostForm>

      <h2>{t("safety:relay.inboxTitle", { count: own.threads.length })}</h2>
      {own.threads.length === 0 ? <p>{t("safety:relay.inboxNone")}</p> : null}
      {own.threads.map((thread) => (
        <section key={thread.id} aria-label={t("safety:relay.inboxFrom", { name: thread.visitor_name })}>
          <MessageList messages={thread.messages} author={own.full_name} visitor={thread.visitor_name} />
          <PostForm
            id={`reply-${thread.id}`}
            intent="reply"
            hidden={{ thread_id: thread.id }}
            {...(sent?.answers["thread_id"] === thread.id ? of("reply") : {})}
          >
            <TextAreaField
              name="text"
              label={t("safety:relay.replyLabel", { name: thread.visitor_name })}
              rows={2}
              maxLength={LIMITS.text}
            />
            <SendButton look="plain">{t("safety:relay.replyButton")}</SendButton>
          </PostForm>
        </section>
      ))}

      <h2>{t("safety:manage.editTitle")}</h2>
      <DetailsPanel
        id="edit"
        icon="person"
        summary={t("safety:manage.editSummary")}
        open={sent?.intent === "edit"}
      >
        <PostForm
          id="edit-form"
          intent="edit"
          hidden={{ version: String(person.version) }}
          answers={
            of("edit").answers ?? {
              full_name: own.full_name,
              alternate_names: person.alternate_names.join("\n"),
              sex: person.sex,
              age: own.secrets.exact_age === null ? null : String(own.secrets.exact_age),
              birth_year: own.secrets.birth_year === null ? null : String(own.secrets.birth_year),
              home_country: person.home_country,
              home_city: person.home_city,
              visibility: person.visibility,
              author_email: own.secrets.author_email,
              author_phone: own.secrets.author_phone,
            }
          }
          errors={of("edit").errors}
        >
          <TextField name="full_name" label={t("safety:form.nameLabelOther")} maxLength={LIMITS.name} />
          <TextAreaField
            name="alternate_names"
            label={t("safety:form.alternateLabel")}
            hint={t("safety:form.alternateHint")}
            rows={2}
            optional
          />
          <AboutFields />
          <ContactFields />
          <VisibilityFields me={person.posted_as === "me"} />
          <SendButton>{t("safety:manage.saveButton")}</SendButton>
        </PostForm>
      </DetailsPanel>

      <h2>{t("safety:manage.extendTitle")}</h2>
      <PostForm id="extend" intent="extend" {...of("extend")}>
        <p>
          <Dated text={(date) => t("safety:manage.extendText", { date })} at={person.expiry_date} />
        </p>
        <SendButton look="plain">{t("safety:manage.extendButton", { count: 60 })}</SendButton>
      </PostForm>

      <h2 id="delete">{t("safety:manage.deleteTitle")}</h2>
      {asksToDelete ? (
        <Notice title={t("safety:manage.deleteConfirmTitle")}>
          <p>{t("safety:manage.deleteText")}</p>
          <PostForm id="delete-form" intent="delete" hidden={{ confirm: "yes" }} {...of("delete")}>
            <ButtonRow>
              <SendButton look="danger">{t("safety:manage.deleteButton")}</SendButton>
              <ButtonLink look="plain" href={`?token=${token}`}>
                {t("safety:manage.deleteCancel")}
              </ButtonLink>
            </ButtonRow>
          </PostForm>
        </Notice>
      ) : (
        <>
          <p>{t("safety:manage.deleteText")}</p>
          <p>
            <a href={`?token=${token}&ask=delete#delete`}>{t("safety:manage.deleteLink")}</a>
          </p>
        </>
      )}
    </>
  );
}

const doneWords = {
  saved: "safety:manage.saved",
  updated: "safety:manage.updated",
  restored: "safety:manage.restored",
  replied: "safety:relay.replyDone",
  extended: "safety:manage.saved",
  appealed: "moderation:author.appealSent",
} as const;
