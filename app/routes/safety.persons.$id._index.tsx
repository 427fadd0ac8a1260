import {
  data,
  redirect,
  type ActionFunctionArgs,
  type AppLoadContext,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import QRCode from "qrcode";
import { EventHotline } from "../features/events/event-hotline.tsx";
import { inLanguage } from "../features/events/events.ts";
import { findEvent } from "../features/events/events.server.ts";
import { WhatNoticesSay } from "../features/notices/notice-links.tsx";
import { linksTo } from "../features/notices/notices.server.ts";
import { followPerson } from "../features/safety/following.server.ts";
import { VerdictList } from "../features/moderation/author-decisions.tsx";
import { personVerdicts } from "../features/moderation/queue.server.ts";
import { NoteList } from "../features/safety/note-list.tsx";
import { getOwnPerson, type OwnPerson } from "../features/safety/own-person.server.ts";
import {
  AddNotePanel,
  FollowPanel,
  LinkPanel,
  RelayPanel,
  ReportPanel,
  type SentForm,
} from "../features/safety/person-actions.tsx";
import { PersonSummary } from "../features/safety/person-summary.tsx";
import {
  NOTE_FIELDS,
  RELAY_FIELDS,
  followSchema,
  linkSchema,
  noteSchema,
  objectionSchema,
  relaySchema,
} from "../features/safety/persons.schema.ts";
import { displayStatus } from "../features/safety/persons.ts";
import { getPerson, listPersonsByRecordId, searchPersons } from "../features/safety/persons.server.ts";
import { SameAgainOffer } from "../features/safety/duplicate-offer.tsx";
import { PostedNotice } from "../features/safety/posted-notice.tsx";
import { addNote, linkPersons, objectToPerson } from "../features/safety/posting.server.ts";
import { openRelay } from "../features/safety/relay.server.ts";
import { CLOSE_MATCH } from "../features/safety/persons.ts";
import { looksLikeToken } from "../platform/secret-links.server.ts";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage, sharedPage } from "../platform/cache.server.ts";
import { Failure } from "../platform/failure.ts";
import { paths } from "../platform/paths.ts";
import { honeypotField, hostCookie, readHostCookie } from "../platform/session.server.ts";
import {
  derivedClientId,
  formDigest,
  againHeaders,
  formProblem,
  orRefuse,
  readForm,
  safetyCaller,
} from "../server/page-answers.ts";
import {
  chosenText,
  choiceOf,
  findingsIn,
  hotlinesOf,
  markedParts,
  type MarkedPart,
  type PostedText,
} from "../server/personal-data-question.ts";
import { postedCookie } from "../server/posted-cookie.ts";
import { Dated } from "../ui/dated.tsx";
import { FormGuard } from "../ui/form-guard.tsx";
import { Name } from "../ui/name.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { PersonalDataQuestion } from "../ui/personal-data-question.tsx";

// The manage link is shown once: whoever has it may copy, print and share it by a tap.
export const handle = { enhance: (data: unknown) => (data as { posted: unknown }).posted !== null };
export const meta: MetaFunction<typeof loader> = ({ matches, data }) => {
  if (!data || (data.posted && !data.person)) return pageTitle(matches, "safety:posted.title");
  return pageTitle(matches, { text: data.person?.full_name ?? "" });
};
export const headers: HeadersFunction = ({ loaderHeaders, actionHeaders }) =>
  actionHeaders.has("Cache-Control") ? actionHeaders : loaderHeaders;

const DONE = ["note", "held", "follow", "report", "softened", "link"] as const;

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const id = params.id ?? "";
  const url = new URL(request.url);
  const key = url.searchParams.get("key");
  const { db, commands } = context.backend;
  const secure = context.publicUrl.startsWith("https:");
  const manage = postedManage(readHostCookie(request.headers.get("Cookie"), postedCookie, secure), id);
  const found = await orRefuse(
    getPerson(db, commands, id, key).catch((error: unknown) => {
      // Just posted, and not for everybody to see: the author still gets the link.
      if (manage !== null && error instanceof Failure && error.kind === "not_found") return null;
      throw error;
    }),
  );
  const [event, verdicts, noticeLinks, linked] = await orRefuse(
    Promise.all([
      found ? findEvent(db, found.person.event) : null,
      found ? personVerdicts(db, id) : [],
      found
        ? Promise.all([
            linksTo(db, "person", [id]),
            linksTo(
              db,
              "note",
              found.notes.map((note) => note.id),
            ),
          ])
        : [],
      listPersonsByRecordId(db, found?.notes.flatMap((note) => note.linked_person_record_id ?? []) ?? []),
    ]),
  );
  const posted =
    manage === null
      ? null
      : await postedFacts(
          context.publicUrl,
          await orRefuse(getOwnPerson(safetyCaller(context, request), id, manage)),
          manage,
          key,
        );
  const similar =
    posted !== null && found?.person.visibility === "public" && found.person.posted_as === "me"
      ? await orRefuse(searchPersons(db, { q: found.person.full_name, event: found.person.event, limit: 5 }))
      : null;
  const open = found?.person.visibility === "public" && posted === null;
  return data(
    {
      person: found?.person ?? null,
      notes: found?.notes ?? [],
      linked,
      verdicts,
      noticeLinks: noticeLinks.flat(),
      event,
      posted,
      similar: (similar?.items ?? []).filter((other) => other.id !== id && other.match.rank >= CLOSE_MATCH),
      address: `${context.publicUrl}/safety/persons/${id}`,
      key: looksLikeToken(key) ? key : null,
      honeypot: honeypotField,
      done: DONE.find((done) => done === url.searchParams.get("done")) ?? null,
      drill: found?.person.drill ?? false,
      invented: (found?.person.invented ?? false) && !found?.person.drill,
    },
    {
      headers: {
        ...(open ? sharedPage() : secretPage()),
        // The manage link is shown once: a second look at this page does not have it.
        ...(posted ? { "Set-Cookie": hostCookie(postedCookie, "", { maxAge: 0, secure }) } : {}),
      },
    },
  );
}

function postedManage(cookie: string | null, id: string): string | null {
  const [postedId, token] = (cookie ?? "").split(".");
  return postedId === id && looksLikeToken(token) ? token : null;
}

async function postedFacts(publicUrl: string, own: OwnPerson, token: string, key: string | null) {
  const { person, notes, secrets } = own;
  const address = `${publicUrl}/safety/persons/${person.id}`;
  const manageUrl = `${address}/manage?token=${token}`;
  const svg = await QRCode.toString(manageUrl, { type: "svg", margin: 2, errorCorrectionLevel: "M" });
  const waits = notes.some((note) => note.publication === "held");
  return {
    name: own.full_name,
    visibility: person.visibility,
    needsHelp: person.needs.length > 0,
    held: person.publication === "held" ? ("look" as const) : waits ? ("death" as const) : null,
    mailed: secrets.author_email !== null,
    manageUrl,
    manageQr: `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`,
    shareUrl:
      person.visibility === "staff" || person.publication === "held"
        ? null
        : `${address}${looksLikeToken(key) ? `?key=${key}` : ""}`,
  };
}

const intents = {
  note: [...NOTE_FIELDS, "personal_data"],
  relay: [...RELAY_FIELDS],
  follow: ["email"],
  report: ["reason", "text"],
  link: ["other", "text"],
} as const;
type Intent = keyof typeof intents;

export async function action({ context, request, params }: ActionFunctionArgs) {
  const id = params.id ?? "";
  const key = new URL(request.url).searchParams.get("key");
  const form = await readForm(request);
  const intent = form.get("intent");
  if (typeof intent !== "string" || !Object.hasOwn(intents, intent)) {
    return again("note", {}, 422, [{ field: "", token: "intent_unknown" }]);
  }
  const fields = intents[intent as Intent];
  const answers = formAnswers(form, fields, ["need"]);
  const caller = safetyCaller(context, request);
  const refused = (issues: Parameters<typeof fieldErrors>[0]) =>
    again(intent as Intent, answers, 422, fieldErrors(issues));
  // A program that fills in everything is thanked and not listened to.
  const ignored = Boolean(form.get(honeypotField));
  const done = (word: (typeof DONE)[number], anchor = "") => {
    const query = new URLSearchParams({ ...(looksLikeToken(key) ? { key } : {}), done: word });
    return redirect(`/safety/persons/${id}?${query}${anchor}`, 303);
  };
  try {
    if (intent === "note") {
      const parsed = noteSchema.safeParse(answers);
      if (!parsed.success) return refused(parsed.error.issues);
      if (ignored) return done("note");
      const posted = await noteText(context, id, key, parsed.data);
      const marked = posted === null ? [] : markedParts(posted);
      const choice = choiceOf(form);
      if (marked.length > 0 && choice === null) return again("note", answers, 200, [], marked);
      if (posted !== null && marked.length > 0) parsed.data.text = chosenText(posted, choice ?? "mask");
      const body = await formDigest(form);
      const client_id = parsed.data.client_id ?? derivedClientId(context, `${id} ${body}`, new Date());
      const note = await addNote(caller, id, { ...parsed.data, client_id }, { key }, body);
      context.wrote();
      return done(note.held ? "held" : "note", `#note-${note.id}`);
    }
    if (intent === "relay") {
      const parsed = relaySchema.safeParse(answers);
      if (!parsed.success) return refused(parsed.error.issues);
      if (ignored) return done("note");
      const thread = await openRelay(caller, id, parsed.data, { key });
      context.wrote();
      return redirect(`/safety/messages/${thread.thread_id}?token=${thread.token}&done=relay`, 303);
    }
    if (intent === "follow") {
      const parsed = followSchema.safeParse(answers);
      if (!parsed.success) return refused(parsed.error.issues);
      if (!ignored) await followPerson(caller, id, parsed.data.email, { key });
      context.wrote();
      return done("follow");
    }
    if (intent === "report") {
      const parsed = objectionSchema.safeParse(answers);
      if (!parsed.success) return refused(parsed.error.issues);
      if (ignored) return done("report");
      const { softened } = await objectToPerson(caller, id, parsed.data, { key });
      context.wrote();
      return done(softened ? "softened" : "report");
    }
    const parsed = linkSchema.safeParse(answers);
    if (!parsed.success) return refused(parsed.error.issues);
    if (!ignored) await linkPersons(caller, id, parsed.data.other, parsed.data.text);
    context.wrote();
    return done("link");
  } catch (error) {
    const problem = formProblem(error);
    // The command knows the other record by its id, the form asks for its address.
    for (const one of problem.errors) if (one.field === "other_id") one.field = "other";
    if (problem.status === 404 || problem.status === 410)
      throw new Response(null, { status: problem.status });
    return again(intent as Intent, answers, problem.status, problem.errors);
  }
}

/** What the note would tell strangers; null when it tells nothing that the record does not. */
async function noteText(
  context: AppLoadContext,
  id: string,
  key: string | null,
  note: { text?: string | undefined; author_name?: string | undefined },
): Promise<PostedText | null> {
  const posted: PostedText = { text: note.text, names: [note.author_name] };
  if (findingsIn(posted).length === 0) return null;
  const { db, commands } = context.backend;
  const { person } = await getPerson(db, commands, id, key);
  posted.names = [note.author_name, person.full_name, ...person.alternate_names];
  posted.hotlines = await hotlinesOf(db, person.event);
  return posted;
}

function again(
  intent: Intent,
  answers: Answers,
  status: number,
  errors: SentForm["errors"],
  marked: MarkedPart[] = [],
) {
  return data<SentForm & { marked: MarkedPart[] }>(
    { intent, answers, errors, marked },
    { status, headers: { ...secretPage(), ...againHeaders([...errors]) } },
  );
}

/** One person: how they are, what was said, and what a reader can do. */
export default function PersonPage() {
  const { posted } = useLoaderData<typeof loader>();
  return posted ? <JustPosted /> : <ReadPerson />;
}

function JustPosted() {
  const t = useT();
  const { person, event, posted, notes, similar } = useLoaderData<typeof loader>();
  if (!posted) return null;
  return (
    <>
      <PageHead
        title={<Name name={posted.name} />}
        back={{ href: "/safety", label: t("safety:board.backLink") }}
      />
      <PostedNotice {...posted} hotline={<EventHotline urgent event={event} />} />
      <SameAgainOffer matches={similar} />
      {person?.status ? (
        <section className="no-print">
          <h2>{t("safety:posted.seenTitle")}</h2>
          <NoteList notes={notes} linked={[]} zone={event?.time_zone ?? undefined} />
        </section>
      ) : null}
      {posted.needsHelp ? null : <EventHotline event={event} />}
    </>
  );
}

function ReadPerson() {
  const t = useT();
  const { code } = useLanguage();
  const { person, notes, linked, verdicts, noticeLinks, event, key, honeypot, done, address } =
    useLoaderData<typeof loader>();
  const sent = (useActionData<typeof action>() ?? null) as (SentForm & { marked: MarkedPart[] }) | null;
  if (!person) return null;
  const zone = event?.time_zone ?? undefined;
  const status = displayStatus({ status: person.status, by: person.status_by, needs: person.needs });
  const needsHelp = status === "needs_help";
  const actions = { person, sent, guard: <FormGuard field={honeypot} /> };
  const back =
    event && event.slug !== "everyday"
      ? { href: `/safety?event=${event.slug}`, label: inLanguage(event.titles, code) }
      : { href: "/safety", label: t("safety:board.backLink") };
  return (
    <>
      <PageHead title={<Name name={person.full_name} others={person.alternate_names} />} back={back} />
      {done ? (
        <Notice>
          <p role="status">{t(doneWords[done])}</p>
        </Notice>
      ) : null}
      <PersonSummary person={person} notes={notes} zone={zone} photoQuery={key ? `?key=${key}` : ""} />
      {person.softened && done !== "softened" ? (
        <p className="notice">{t("safety:person.softened")}</p>
      ) : null}
      {needsHelp ? (
        <>
          <EventHotline urgent event={event} />
          <p>{t("safety:person.needsNote")}</p>
        </>
      ) : null}
      <div className="acts">
        <AddNotePanel {...actions} question={<PersonalDataQuestion parts={sent?.marked ?? []} />} />
        <RelayPanel {...actions} />
        <FollowPanel {...actions} />
      </div>
      <p className="meta no-print">{t("safety:person.contactNote")}</p>
      {person.softened ? null : (
        <>
          <VerdictList verdicts={verdicts} notes={notes} />
          <WhatNoticesSay links={noticeLinks} />
          <h2>{t("safety:person.notesTitle", { count: notes.length })}</h2>
          <NoteList notes={notes} linked={linked} zone={zone} />
        </>
      )}
      {needsHelp ? null : <EventHotline event={event} />}
      <div className="after">
        <ReportPanel {...actions} />
        <LinkPanel {...actions} />
        {person.visibility === "public" ? (
          <p className="small no-print">
            <a href={paths.newCorrection("person", person.id)}>{t("moderation:correct.link")}</a>
            {t("common:punctuation.separator")}
            <a href={`/safety/persons/${person.id}.pfif.xml`}>{t("safety:person.pfif")}</a>
          </p>
        ) : null}
        <p className="meta">
          {person.is_clone ? (
            <>
              {t("safety:person.originalAt", { domain: person.record_id.split("/")[0] ?? "" })}
              {t("common:punctuation.separator")}
            </>
          ) : person.author_name ? (
            <>
              {t("safety:person.postedBy")}
              {t("common:punctuation.colon")}
              <bdi>{person.author_name}</bdi>
              {t("common:punctuation.separator")}
            </>
          ) : null}
          <Dated text={(date) => t("safety:person.expiresAt", { date })} at={person.expiry_date} />
        </p>
        {key ? null : (
          <p className="only-print">
            {address}
            <br />
            <Dated
              text={(time) => t("safety:print.printedAt", { time })}
              at={null}
              zone={zone}
              form="date"
            />{" "}
            {t("safety:print.note")}
          </p>
        )}
      </div>
    </>
  );
}

const doneWords = {
  note: "safety:addNote.done",
  held: "safety:addNote.doneHeld",
  follow: "safety:follow.done",
  report: "safety:report.done",
  softened: "safety:report.doneSoftened",
  link: "safety:duplicates.linkDone",
} as const;
