import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import QRCode from "qrcode";
import { EventHotline } from "../features/events/event-hotline.tsx";
import { inLanguage } from "../features/events/events.ts";
import { findEvent } from "../features/events/events.server.ts";
import { disagreements } from "../features/map/disagreements.ts";
import { PostedReport } from "../features/map/posted-report.tsx";
import { ConfirmForm, FlagPanel, TakePanel, type SentForm } from "../features/map/report-actions.tsx";
import { ConfidenceLine, Provenance, ReportCard, ReportTag } from "../features/map/report-card.tsx";
import { LoopSteps, ReportFacts, VerdictList } from "../features/map/report-facts.tsx";
import { reportState, reportTitle } from "../features/map/report-words.ts";
import { PROTECTED_METRES } from "../features/map/reports.ts";
import {
  CONFIRM_FIELDS,
  FLAG_FIELDS,
  TAKE_FIELDS,
  confirmSchema,
  flagSchema,
  takeSchema,
} from "../features/map/reports.schema.ts";
import {
  confirmReport,
  flagReport,
  getOwnReport,
  getReport,
  nearReports,
  takeReport,
} from "../features/map/reports.server.ts";
import { WhatNoticesSay } from "../features/notices/notice-links.tsx";
import { linksTo } from "../features/notices/notices.server.ts";
import { drawSmallMap } from "../features/map/small-map.server.ts";
import { SmallMap } from "../features/map/small-map.tsx";
import { toneOf } from "../features/map/tones.ts";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { placeAlong } from "../formats/geometry.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle, pageTranslator } from "../i18n/page-language.ts";
import { secretPage, sharedPage } from "../platform/cache.server.ts";
import { Failure } from "../platform/failure.ts";
import { paths } from "../platform/paths.ts";
import { looksLikeToken } from "../platform/secret-links.server.ts";
import { honeypotField, hostCookie, readHostCookie } from "../platform/session.server.ts";
import {
  againHeaders,
  derivedClientId,
  formDigest,
  formProblem,
  mapCaller,
  orRefuse,
  readForm,
} from "../server/page-answers.ts";
import { postedCookie, takenCookie } from "../server/posted-cookie.ts";
import mapStyles from "../styles/map.css?url";
import { AddressToKeep } from "../ui/address-to-keep.tsx";
import { ButtonRow, CopyButton } from "../ui/button.tsx";
import { Dated } from "../ui/dated.tsx";
import { FormGuard } from "../ui/form-guard.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

// Secret links are shown once: whoever has one may copy, print and share it by a tap.
export const handle = {
  enhance: (loaded: unknown) => {
    const { posted, takerUrl } = loaded as { posted: unknown; takerUrl: unknown };
    return posted !== null || takerUrl !== null;
  },
};
export const links: LinksFunction = () => [{ rel: "stylesheet", href: mapStyles }];
export const headers: HeadersFunction = ({ loaderHeaders, actionHeaders }) =>
  actionHeaders.has("Cache-Control") ? actionHeaders : loaderHeaders;
export const meta: MetaFunction<typeof loader> = ({ matches, data: loaded }) =>
  pageTitle(
    matches,
    loaded?.found
      ? { text: reportTitle(loaded.found.report, pageTranslator(matches)) }
      : loaded?.posted
        ? "map:posted.title"
        : "map:page.title",
  );

const DONE = ["confirm", "own", "take", "flag"] as const;

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const id = params.id ?? "";
  const url = new URL(request.url);
  const { db } = context.backend;
  const secure = context.publicUrl.startsWith("https:");
  const cookies = request.headers.get("Cookie");
  const manage = secretFor(readHostCookie(cookies, postedCookie, secure), id);
  const taker = secretFor(readHostCookie(cookies, takenCookie, secure), id);
  const found = await orRefuse(
    getReport(db, id).catch((error: unknown) => {
      // Just posted, and not for everybody to see: the author still gets the link.
      if (manage !== null && error instanceof Failure && error.kind === "not_found") return null;
      throw error;
    }),
  );
  const at = found ? placeAlong(found.report.geometry) : null;
  const [event, near, noticeLinks, drawing] = await orRefuse(
    Promise.all([
      found ? findEvent(db, found.report.event) : null,
      found && at ? nearReports(db, at, { metres: 5_000, event: found.report.event, limit: 6 }) : [],
      found ? linksTo(db, "report", [id]) : [],
      found
        ? drawSmallMap(found.report.geometry, {
            about: found.report.protected ? PROTECTED_METRES / 2 : found.report.precision_m,
          })
        : null,
    ]),
  );
  const posted = manage === null ? null : await postedFacts(context, request, id, manage);
  const address = `${context.publicUrl}${paths.report(id)}`;
  const others = near.filter(({ report }) => report.id !== id).slice(0, 5);
  const disagreeing = found
    ? disagreements([found.report, ...others.map(({ report }) => report)]).get(id)
    : undefined;
  return data(
    {
      found,
      event,
      others,
      noticeLinks,
      drawing,
      posted,
      takerUrl: taker === null ? null : `${context.publicUrl}${paths.takenReport(id, taker)}`,
      disagreeing: others.find(({ report }) => report.id === disagreeing)?.report ?? null,
      honeypot: honeypotField,
      done: DONE.find((done) => done === url.searchParams.get("done")) ?? null,
      address,
      drill: found?.report.drill ?? false,
      invented: (found?.report.invented ?? false) && !found?.report.drill,
    },
    {
      headers: {
        ...(posted === null && taker === null ? sharedPage() : secretPage()),
        // A secret link is shown once: a second look at this page does not have it.
        ...(posted ? { "Set-Cookie": hostCookie(postedCookie, "", { maxAge: 0, secure }) } : {}),
        ...(taker ? { "Set-Cookie": hostCookie(takenCookie, "", { maxAge: 0, secure }) } : {}),
      },
    },
  );
}

function secretFor(cookie: string | null, id: string): string | null {
  const [cookieId, token] = (cookie ?? "").split(".");
  return cookieId === id && looksLikeToken(token) ? token : null;
}

async function postedFacts(
  context: LoaderFunctionArgs["context"],
  request: Request,
  id: string,
  token: string,
) {
  const { report } = await orRefuse(getOwnReport(mapCaller(context, request), id, token));
  const address = `${context.publicUrl}${paths.report(id)}`;
  const manageUrl = `${context.publicUrl}${paths.manageReport(id, token)}`;
  const svg = await QRCode.toString(manageUrl, { type: "svg", margin: 2, errorCorrectionLevel: "M" });
  const held = report.publication === "held";
  return {
    report: { kind: report.kind, needed: report.needed, road: report.road, place: report.place },
    held,
    protectedPlace: report.protected,
    manageUrl,
    manageQr: `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`,
    shareUrl: held ? null : address,
  };
}

const intents = { confirm: CONFIRM_FIELDS, take: TAKE_FIELDS, flag: FLAG_FIELDS } as const;
type Intent = keyof typeof intents;

export async function action({ context, request, params }: ActionFunctionArgs) {
  const id = params.id ?? "";
  const form = await readForm(request);
  const intent = form.get("intent");
  const again = (name: string, answers: Answers, status: number, errors: FieldError[]) =>
    data<SentForm>(
      { intent: name, answers, errors },
      { status, headers: { ...secretPage(), ...againHeaders(errors) } },
    );
  if (typeof intent !== "string" || !Object.hasOwn(intents, intent)) {
    return again("confirm", {}, 422, [{ field: "", token: "intent_unknown" }]);
  }
  const answers = formAnswers(form, intents[intent as Intent]);
  const caller = mapCaller(context, request);
  const done = (word: (typeof DONE)[number], headers = {}) =>
    redirect(`${paths.report(id)}?done=${word}#done`, { status: 303, headers });
  // A program that fills in everything is thanked and not listened to.
  const ignored = Boolean(form.get(honeypotField));
  try {
    const body = await formDigest(form);
    const client_id = () => derivedClientId(context, `${id} ${body}`, new Date());
    if (intent === "confirm") {
      const parsed = confirmSchema.safeParse(answers);
      if (!parsed.success) return again(intent, answers, 422, fieldErrors(parsed.error.issues));
      if (ignored) return done("confirm");
      const { counted } = await confirmReport(caller, id, parsed.data, body);
      context.wrote();
      return done(counted ? "confirm" : "own");
    }
    if (intent === "take") {
      const parsed = takeSchema.safeParse({ ...answers, client_id: answers["client_id"] || client_id() });
      if (!parsed.success) return again(intent, answers, 422, fieldErrors(parsed.error.issues));
      if (ignored) return done("take");
      const { taker } = await takeReport(caller, id, parsed.data, body);
      context.wrote();
      const secure = context.publicUrl.startsWith("https:");
      return done("take", {
        "Set-Cookie": hostCookie(takenCookie, `${id}.${taker}`, { maxAge: 1800, secure }),
      });
    }
    const parsed = flagSchema.safeParse(answers);
    if (!parsed.success) return again(intent, answers, 422, fieldErrors(parsed.error.issues));
    if (ignored) return done("flag");
    await flagReport(caller, id, parsed.data);
    context.wrote();
    return done("flag");
  } catch (error) {
    const problem = formProblem(error);
    return again(intent, answers, problem.status, problem.errors);
  }
}

/** One report: what, where, how far it can be believed, what was done, and the one question everybody can answer. */
export default function ReportPage() {
  const t = useT();
  const { code } = useLanguage();
  const {
    found,
    event,
    others,
    noticeLinks,
    drawing,
    posted,
    takerUrl,
    disagreeing,
    honeypot,
    done,
    address,
  } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as SentForm | undefined;
  const guard = <FormGuard field={honeypot} />;
  const back = event
    ? { href: paths.map({ event: event.slug }), label: inLanguage(event.titles, code) }
    : { href: paths.map(), label: t("map:page.title") };
  const postedNotice = posted ? <PostedReport {...posted} title={reportTitle(posted.report, t)} /> : null;
  if (!found || !drawing) {
    return (
      <>
        <PageHead title={t("map:posted.title")} back={back} />
        {postedNotice}
      </>
    );
  }
  const { report, confirmations } = found;
  const zone = report.time_zone ?? undefined;
  const title = reportTitle(report, t);
  return (
    <>
      <PageHead title={<bdi>{title}</bdi>} back={back} />
      {postedNotice}
      {done ? (
        <Notice id="done">
          <p role="status">{t(doneWords[done])}</p>
        </Notice>
      ) : null}
      {takerUrl ? (
        <Notice title={t("map:take.linkTitle")}>
          <p>{t("map:take.linkText")}</p>
          <AddressToKeep href={takerUrl} />
          <ButtonRow>
            <CopyButton text={takerUrl} label={t("map:posted.copyButton")} />
          </ButtonRow>
        </Notice>
      ) : null}
      {report.source === "official" ? <Provenance report={report} /> : null}
      <ReportTag report={report} big />
      <p>
        <ConfidenceLine report={report} />
      </p>
      {report.correct_text ? (
        <Notice title={t("map:report.correctTitle")}>
          <p className="pre">
            <bdi>{report.correct_text}</bdi>
          </p>
        </Notice>
      ) : null}
      <WhatNoticesSay links={noticeLinks} />
      {disagreeing ? (
        <Notice title={t("map:list.disagrees")}>
          <p>
            <a href={paths.report(disagreeing.id)}>
              {reportTitle(disagreeing, t)}
              {t("common:punctuation.colon")}
              {reportState(disagreeing, t)}
            </a>
          </p>
        </Notice>
      ) : null}
      {report.text ? (
        <p className="pre" lang={report.language ?? undefined}>
          <bdi>{report.text}</bdi>
        </p>
      ) : null}
      {report.photo_id ? (
        <p>
          <img
            className="photo"
            src={paths.photo(report.photo_id)}
            alt={t("map:report.photoAlt")}
            loading="lazy"
          />
        </p>
      ) : null}
      <SmallMap
        drawing={drawing}
        tone={toneOf(report)}
        label={t(report.protected ? "map:report.mapAltAbout" : "map:report.mapAlt", { title })}
      />
      <p className="map-credit small">{t("map:page.credit")}</p>
      <ReportFacts report={report} />
      {report.status === "active" ? <ConfirmForm sent={sent} guard={guard} /> : null}
      <h2>{t("map:report.loopTitle")}</h2>
      <LoopSteps report={report} />
      {report.status === "active" && report.loop === "open" ? <TakePanel sent={sent} guard={guard} /> : null}
      {confirmations.length > 0 ? (
        <>
          <h2>{t("map:report.saidTitle", { count: confirmations.length })}</h2>
          <VerdictList confirmations={confirmations} zone={zone} />
        </>
      ) : null}
      {others.length > 0 ? (
        <>
          <h2>{t("map:report.nearTitle")}</h2>
          <ul className="list">
            {others.map(({ report: other }) => (
              <ReportCard key={other.id} report={other} from={placeAlong(report.geometry)} />
            ))}
          </ul>
        </>
      ) : null}
      <p className="no-print">
        <a href={paths.newReport({ near: report.id })}>{t("map:report.newNear")}</a>
      </p>
      {event ? <EventHotline event={event} /> : null}
      <div className="after">
        <FlagPanel sent={sent} guard={guard} />
        <p className="small no-print">
          <a href={paths.newCorrection("report", report.id)}>{t("moderation:correct.link")}</a>
        </p>
        <p className="small no-print">
          {t("map:page.take")}
          {t("common:punctuation.colon")}
          <a href={paths.feeds.capAlert(report.id)}>CAP</a>
          {t("common:punctuation.separator")}
          <a href={paths.reportGeojson(report.id)}>GeoJSON</a>
        </p>
        <p className="meta">
          <Dated text={(date) => t("map:report.expiresAt", { date })} at={report.expires_at} zone={zone} />
        </p>
        <p className="only-print">{address}</p>
      </div>
    </>
  );
}

const doneWords = {
  confirm: "map:confirm.done",
  own: "map:confirm.doneOwn",
  take: "map:take.done",
  flag: "map:flag.done",
} as const;
