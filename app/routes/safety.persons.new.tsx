import { randomUUID } from "node:crypto";
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { EventHotline } from "../features/events/event-hotline.tsx";
import { inLanguage } from "../features/events/events.ts";
import { listEvents } from "../features/events/events.server.ts";
import { DuplicateOffer } from "../features/safety/duplicate-offer.tsx";
import { PersonForm } from "../features/safety/person-form.tsx";
import { CLOSE_MATCH, POSTED_AS, type PostedAs } from "../features/safety/persons.ts";
import { PERSON_FIELDS, personSchema } from "../features/safety/persons.schema.ts";
import { searchPersons, type FoundPerson } from "../features/safety/persons.server.ts";
import { preparePhoto } from "../platform/photo.server.ts";
import { reportPerson } from "../features/safety/posting.server.ts";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import {
  checkForm,
  formTokenField,
  honeypotField,
  hostCookie,
  makeFormToken,
} from "../platform/session.server.ts";
import {
  againHeaders,
  formDigest,
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
import { FormGuard } from "../ui/form-guard.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { PersonalDataQuestion } from "../ui/personal-data-question.tsx";
import { WayIn } from "../ui/way-in.tsx";
import { postedCookie } from "../server/posted-cookie.ts";

// No word about caching: a browser may give back what was typed when somebody comes back to this page.
export const handle = { enhance: true, noindex: true };
export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, data?.as ? titles[data.as] : "safety:form.asLabel");

const PURPOSE = "post-person";
const FORM_FIELDS = [...PERSON_FIELDS, "none_match", "personal_data"] as const;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const parameters = new URL(request.url).searchParams;
  const events = await orRefuse(listEvents(context.backend.db));
  const event = parameters.get("event") ?? "everyday";
  const current = events.find(({ slug }) => slug === event) ?? null;
  return {
    as: POSTED_AS.find((as) => as === parameters.get("as")) ?? null,
    events: events
      .filter(({ state }) => state !== "closed")
      .sort((a, b) => Number(a.slug === "everyday") - Number(b.slug === "everyday")),
    event: current,
    answers: { event, full_name: (parameters.get("full_name") ?? "").slice(0, 300) } as Answers,
    clientId: randomUUID() as string,
    formToken: makeFormToken({ secret: context.secret, purpose: PURPOSE }),
    honeypot: honeypotField,
    drill: current?.drill ?? false,
    invented: (current?.invented ?? false) && !current?.drill,
  };
}

interface Again {
  as: PostedAs | null;
  answers: Answers;
  errors: FieldError[];
  matches: FoundPerson[];
  /** What is asked about before it is public. */
  marked: MarkedPart[];
  photoAgain: boolean;
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const answers = formAnswers(form, FORM_FIELDS, ["need"]);
  const as = POSTED_AS.find((word) => word === answers["as"]) ?? null;
  let marked: MarkedPart[] = [];
  const photoAgain = form.get("photo") instanceof File && (form.get("photo") as File).size > 0;
  const again = (status: number, errors: FieldError[], matches: FoundPerson[] = []) =>
    data<Again>(
      { as, answers, errors, matches, marked, photoAgain },
      { status, headers: againHeaders(errors) },
    );

  const guard = checkForm(form, { secret: context.secret, purpose: PURPOSE });
  if (guard.token === "expired" || guard.token === "forged" || guard.token === "other_form") {
    return again(422, [{ field: "", token: "form_expired" }]);
  }
  const parsed = personSchema(new Date()).safeParse(answers);
  if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
  const input = parsed.data;

  const caller = safetyCaller(context, request);
  const choice = choiceOf(form);
  const posted: PostedText = {
    text: input.text,
    names: [input.full_name, ...input.alternate_names, input.author_name],
  };
  // What only staff will see is theirs to read in full.
  if (input.visibility !== "staff" && findingsIn(posted).length > 0) {
    posted.hotlines = await hotlinesOf(context.backend.db, input.event);
    marked = markedParts(posted);
  }
  let close: FoundPerson[] = [];
  if (input.as !== "me" && answers["none_match"] !== "yes") {
    const { items } = await orRefuse(
      searchPersons(context.backend.db, { q: input.full_name, event: input.event, limit: 5 }),
    );
    close = items.filter(({ match }) => match.rank >= CLOSE_MATCH);
  }
  // Nothing is wrong with the form: it is asked for again, once, with what was found beside it.
  if (close.length > 0 || (marked.length > 0 && choice === null)) return again(200, [], close);
  if (marked.length > 0) input.text = chosenText(posted, choice ?? "mask");
  try {
    const upload = form.get("photo");
    const photo =
      upload instanceof File && upload.size > 0
        ? await preparePhoto(new Uint8Array(await upload.arrayBuffer()))
        : null;
    const body = await formDigest(form, [formTokenField, "none_match"]);
    const held = guard.honeypot;
    const made = await reportPerson(caller, input, { body, photo, held });
    context.wrote();
    const secure = context.publicUrl.startsWith("https:");
    const key = input.visibility === "known" || input.visibility === "link" ? `?key=${made.key}` : "";
    return redirect(`/safety/persons/${made.id}${key}#manage`, {
      status: 303,
      headers: {
        "Set-Cookie": hostCookie(postedCookie, `${made.id}.${made.manage}`, { maxAge: 1800, secure }),
      },
    });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** Post about yourself, about somebody you look for, or about somebody you know of. */
export default function NewPersonPage() {
  const t = useT();
  const { code } = useLanguage();
  const loaded = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Again | undefined;
  const as = sent?.as ?? loaded.as;
  const back = loaded.event
    ? { href: `/events/${loaded.event.slug}`, label: inLanguage(loaded.event.titles, code) }
    : { href: "/safety", label: t("safety:board.title") };
  if (!as) {
    const chosen = (word: PostedAs) => `?as=${word}&event=${loaded.event?.slug ?? "everyday"}`;
    return (
      <>
        <PageHead title={t("safety:form.asLabel")} back={back} />
        {sent?.errors.some(({ token }) => token === "as_required") ? (
          <p className="error">{t("errors:as_required")}</p>
        ) : null}
        <WayIn
          first
          icon="check"
          href={chosen("me")}
          title={t("home:ways.meTitle")}
          note={t("home:ways.meNote")}
        />
        <WayIn
          icon="search"
          href={chosen("seeking")}
          title={t("home:ways.seekingTitle")}
          note={t("safety:form.ledeSeeking")}
        />
        <WayIn
          icon="said"
          href={chosen("informing")}
          title={t("home:ways.informingTitle")}
          note={t("home:ways.informingNote")}
        />
        <EventHotline urgent event={loaded.event} />
      </>
    );
  }
  const matches = sent?.matches ?? [];
  return (
    <>
      <PageHead title={t(titles[as])} lede={t(ledes[as])} back={back} />
      {matches.length > 0 ? <DuplicateOffer matches={matches} /> : null}
      <PersonForm
        as={as}
        events={loaded.events.map(({ slug, titles: names }) => ({
          value: slug,
          label: inLanguage(names, code),
        }))}
        answers={sent?.answers ?? loaded.answers}
        errors={sent?.errors ?? []}
        hidden={{
          client_id: clientIdOf(sent) ?? loaded.clientId,
          form_token: loaded.formToken,
          ...(matches.length > 0 ? { none_match: "yes" } : {}),
        }}
        question={<PersonalDataQuestion parts={sent?.marked ?? []} photoAgain={sent?.photoAgain} />}
        guard={<FormGuard field={loaded.honeypot} />}
        hotline={<EventHotline urgent event={loaded.event} />}
      />
      <EventHotline urgent={as === "me"} event={loaded.event} />
    </>
  );
}

const titles = {
  me: "safety:form.titleMe",
  seeking: "safety:form.titleSeeking",
  informing: "safety:form.titleInforming",
} as const;

const ledes = {
  me: "safety:form.ledeMe",
  seeking: "safety:form.ledeSeeking",
  informing: "safety:form.ledeInforming",
} as const;

function clientIdOf(sent: Again | undefined): string | null {
  const given = sent?.answers["client_id"];
  // After a key was used for another post, the same key would be refused again.
  if (sent?.errors.some(({ token }) => token === "idempotency_key_reused" || token === "id_invalid"))
    return null;
  return typeof given === "string" && given !== "" ? given : null;
}
