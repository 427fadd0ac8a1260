import { randomUUID } from "node:crypto";
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { EventHotline } from "../features/events/event-hotline.tsx";
import { EVERYDAY, inLanguage, type Event } from "../features/events/events.ts";
import { listEvents } from "../features/events/events.server.ts";
import { placeAnswers } from "../features/map/given-place.ts";
import { MapFrame } from "../features/map/map-frame.tsx";
import { boxOfEvent, mapGround, startView } from "../features/map/map-ground.server.ts";
import { ReportForm } from "../features/map/report-form.tsx";
import { reportTitle } from "../features/map/report-words.ts";
import { SAME_PLACE_METRES } from "../features/map/reports.ts";
import { QUESTIONS, REPORT_FIELDS, reportSchema, type Setting } from "../features/map/reports.schema.ts";
import {
  findPlace,
  listReportsById,
  nearReports,
  postReport,
  type NearReport,
} from "../features/map/reports.server.ts";
import { SameReportOffer } from "../features/map/same-report-offer.tsx";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { placeAlong } from "../formats/geometry.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { detectLanguage } from "../i18n/languages.ts";
import { pageTitle } from "../i18n/page-language.ts";
import { paths } from "../platform/paths.ts";
import { preparePhoto } from "../platform/photo.server.ts";
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
  mapCaller,
  orRefuse,
  readForm,
} from "../server/page-answers.ts";
import {
  chosenText,
  choiceOf,
  markedParts,
  type MarkedPart,
  type PostedText,
} from "../server/personal-data-question.ts";
import { postedCookie } from "../server/posted-cookie.ts";
import mapStyles from "../styles/map.css?url";
import { FormGuard } from "../ui/form-guard.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { PersonalDataQuestion } from "../ui/personal-data-question.tsx";

export const handle = { map: true, noindex: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: mapStyles }];
export const meta: MetaFunction<typeof loader> = ({ matches }) => pageTitle(matches, "map:form.title");

const PURPOSE = "post-report";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const parameters = new URL(request.url).searchParams;
  const { db } = context.backend;
  const nearId = parameters.get("near");
  const [events, nearby] = await orRefuse(
    Promise.all([listEvents(db), nearId ? listReportsById(db, [nearId]) : []]),
  );
  const near = nearby[0] ?? null;
  const slug = near?.event ?? parameters.get("event") ?? EVERYDAY;
  const event = events.find((one) => one.slug === slug) ?? null;
  const language = detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language"));
  const { tileUrl, tileAttribution, pmtilesUrl } = context.env;
  return {
    events: events
      .filter(({ state }) => state !== "closed")
      .sort((a, b) => Number(a.slug === EVERYDAY) - Number(b.slug === EVERYDAY)),
    event,
    near,
    answers: { event: slug, kind: parameters.get("kind") ?? "" } as Answers,
    settings: {
      ...mapGround(
        { tileUrl, pmtilesUrl },
        language.code,
        startView(near ? [near.geometry] : [], boxOfEvent(event)),
      ),
      mode: "draw" as const,
      field: "report-coordinates",
    },
    credit: tileUrl || pmtilesUrl ? tileAttribution : null,
    clientId: randomUUID() as string,
    formToken: makeFormToken({ secret: context.secret, purpose: PURPOSE }),
    honeypot: honeypotField,
    drill: event?.drill ?? false,
    invented: (event?.invented ?? false) && !event?.drill,
  };
}

interface Again {
  answers: Answers;
  errors: FieldError[];
  same: NearReport[];
  /** What is asked about before it is public. */
  marked: MarkedPart[];
  photoAgain: boolean;
}

/** In what box and from when on an event's reports are believable without a question. */
function settingOf(event: Event | undefined, now: Date): Setting {
  return {
    now,
    area: boxOfEvent(event ?? null),
    timeZone: event?.time_zone ?? null,
    startedAt: event?.started_at ? new Date(event.started_at) : null,
  };
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const answers = formAnswers(form, [...REPORT_FIELDS, "none_same", "personal_data"]);
  let marked: MarkedPart[] = [];
  const upload = form.get("photo");
  const photoAgain = upload instanceof File && upload.size > 0;
  const again = (status: number, errors: FieldError[], same: NearReport[] = []) =>
    data<Again>({ answers, errors, same, marked, photoAgain }, { status, headers: againHeaders(errors) });

  const guard = checkForm(form, { secret: context.secret, purpose: PURPOSE });
  if (guard.token === "expired" || guard.token === "forged" || guard.token === "other_form") {
    return again(422, [{ field: "", token: "form_expired" }]);
  }
  const { db } = context.backend;
  const events = await orRefuse(listEvents(db));
  const slug = typeof answers["event"] === "string" && answers["event"] !== "" ? answers["event"] : EVERYDAY;
  const event = events.find((one) => one.slug === slug);
  const setting = settingOf(event, new Date());
  const place = placeAnswers(answers["coordinates"], setting.area);
  const parsed = reportSchema(setting).safeParse({
    ...answers,
    // A place is typed or drawn, and then the name beside it is only a name.
    ...("token" in place ? { coordinates: undefined } : { coordinates: undefined, ...place }),
  });
  const errors = parsed.success ? [] : fieldErrors(parsed.error.issues);
  if ("token" in place) {
    return again(422, [
      ...errors.filter(({ field }) => !["coordinates", "geometry", "lat"].includes(field)),
      { field: place.field, token: place.token },
    ]);
  }
  if (!parsed.success) {
    // The form has one field for a place, however it was given.
    return again(
      422,
      errors.map((error) =>
        error.field === "geometry" || error.field === "lat" ? { ...error, field: "coordinates" } : error,
      ),
    );
  }
  const input = parsed.data;
  const choice = choiceOf(form);
  const said: PostedText = {
    text: input.text,
    names: [input.author_name],
    hotlines: event?.hotlines.map(({ number }) => number) ?? [],
    meant: ["address"],
  };
  marked = markedParts(said);
  try {
    const found = await findPlace(db, input.where, { slug, area: setting.area });
    let same: NearReport[] = [];
    if (answers["none_same"] !== "yes") {
      same = await nearReports(db, placeAlong(found.geometry), {
        metres: SAME_PLACE_METRES,
        kind: input.kind,
        event: slug,
        limit: 3,
      });
    }
    // Nothing is wrong with the form: it is asked for again, once, with what was found beside it.
    if (same.length > 0 || (marked.length > 0 && choice === null)) return again(200, [], same);
    if (marked.length > 0) input.text = chosenText(said, choice ?? "mask");
    const photo =
      upload instanceof File && upload.size > 0
        ? await preparePhoto(new Uint8Array(await upload.arrayBuffer()))
        : null;
    const body = await formDigest(form, [formTokenField, "none_same"]);
    const posted = await postReport(mapCaller(context, request), input, found, {
      body,
      photo,
      held: guard.honeypot,
    });
    context.wrote();
    const secure = context.publicUrl.startsWith("https:");
    return redirect(`${paths.report(posted.id)}#manage`, {
      status: 303,
      headers: {
        "Set-Cookie": hostCookie(postedCookie, `${posted.id}.${posted.manage}`, { maxAge: 1800, secure }),
      },
    });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** Say what is true on the ground: what, where, how bad; half a minute. */
export default function NewReportPage() {
  const t = useT();
  const { code } = useLanguage();
  const loaded = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Again | undefined;
  const { event, near, settings, credit } = loaded;
  const answers = sent?.answers ?? loaded.answers;
  const same = sent?.same ?? [];
  const errors = sent?.errors ?? [];
  const sentId = sent?.answers["client_id"];
  return (
    <>
      <PageHead
        title={t("map:form.title")}
        lede={t("map:form.lede")}
        back={
          event
            ? { href: paths.map({ event: event.slug }), label: t("map:page.title") }
            : { href: paths.map(), label: t("map:page.title") }
        }
      />
      {same.length > 0 ? <SameReportOffer same={same} /> : null}
      <ReportForm
        events={loaded.events.map(({ slug, titles }) => ({ value: slug, label: inLanguage(titles, code) }))}
        answers={answers}
        errors={errors}
        hidden={{
          client_id: typeof sentId === "string" && sentId !== "" ? sentId : loaded.clientId,
          form_token: loaded.formToken,
          ...(same.length > 0 ? { none_same: "yes" } : {}),
        }}
        question={<PersonalDataQuestion parts={sent?.marked ?? []} photoAgain={sent?.photoAgain} />}
        guard={<FormGuard field={loaded.honeypot} />}
        map={
          <MapFrame settings={settings} credit={credit ?? t("map:page.credit")}>
            <p>{t("map:form.withoutScript")}</p>
          </MapFrame>
        }
        timeZone={event?.time_zone ?? null}
        near={near ? { id: near.id, title: reportTitle(near, t) } : null}
        asksIfSure={errors.some(({ token }) => QUESTIONS.has(token)) || answers["sure"] === "yes"}
      />
      <EventHotline event={event} urgent />
    </>
  );
}
