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
import { listEvents } from "../features/events/events.server.ts";
import { geometryText } from "../features/map/drawn-place.ts";
import { placeAnswers } from "../features/map/given-place.ts";
import { MapFrame } from "../features/map/map-frame.tsx";
import { boxOfEvent, mapGround, startView } from "../features/map/map-ground.server.ts";
import {
  AuthorFields,
  KindField,
  RoadFields,
  SeverityField,
  SupplyFields,
} from "../features/map/report-form.tsx";
import { ConfidenceLine, ReportTag } from "../features/map/report-card.tsx";
import { LoopSteps, VerdictList } from "../features/map/report-facts.tsx";
import { reportTitle } from "../features/map/report-words.ts";
import { REPORT_LIMITS, type LoopAct, type Report } from "../features/map/reports.ts";
import {
  EDIT_REPORT_FIELDS,
  QUESTIONS,
  editReportSchema,
  moveSchema,
} from "../features/map/reports.schema.ts";
import {
  deleteReport,
  editReport,
  extendReport,
  findPlace,
  getOwnReport,
  moveReport,
  restoreReport,
  type OwnReport,
} from "../features/map/reports.server.ts";
import { AuthorDecisions } from "../features/moderation/author-decisions.tsx";
import { appealReport, ownReportDecisions } from "../features/moderation/queue.server.ts";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import type { ReportGeometry } from "../formats/geometry.ts";
import { wallClock } from "../formats/timestamps.ts";
import { useT } from "../i18n/language-context.tsx";
import { detectLanguage } from "../i18n/languages.ts";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { hashOf } from "../platform/secret-links.server.ts";
import { againHeaders, formProblem, mapCaller, orRefuse, readForm } from "../server/page-answers.ts";
import mapStyles from "../styles/map.css?url";
import { ButtonLink, ButtonRow, SendButton } from "../ui/button.tsx";
import { Dated } from "../ui/dated.tsx";
import { DetailsPanel } from "../ui/details-panel.tsx";
import { CheckField, TextAreaField, TextField } from "../ui/field.tsx";
import { PostForm } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { map: true, noindex: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: mapStyles }];
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction<typeof loader> = ({ matches }) => pageTitle(matches, "map:manage.title");

const DONE = ["saved", "moved", "extended", "deleted", "restored", "appealed"] as const;

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  const token = url.searchParams.get("token");
  const caller = mapCaller(context, request);
  const own = await orRefuse(getOwnReport(caller, params.id ?? "", token));
  const decisions = await orRefuse(ownReportDecisions(caller.commands, own.report.id, hashOf(token ?? "")));
  const events = await orRefuse(listEvents(context.backend.db));
  const event = events.find(({ slug }) => slug === own.report.event) ?? null;
  const geometry = exactGeometry(own);
  const language = detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language"));
  const { tileUrl, tileAttribution, pmtilesUrl } = context.env;
  return {
    own,
    decisions,
    geometry,
    settings: {
      ...mapGround(
        { tileUrl, pmtilesUrl },
        language.code,
        startView(geometry ? [geometry] : [], boxOfEvent(event)),
      ),
      mode: "draw" as const,
      field: "edit-form-coordinates",
    },
    credit: tileUrl || pmtilesUrl ? tileAttribution : null,
    done: DONE.find((done) => done === url.searchParams.get("done")) ?? null,
    asksToDelete: url.searchParams.get("ask") === "delete",
    token: token ?? "",
    drill: own.report.drill,
    invented: own.report.invented && !own.report.drill,
  };
}

/** Where it really is: what the public sees of a protected one is displaced. */
function exactGeometry({ report, exact }: OwnReport): ReportGeometry | null {
  if (exact?.line && exact.line.length > 1) return { type: "LineString", coordinates: exact.line };
  if (exact) return { type: "Point", coordinates: [exact.lon, exact.lat] };
  return report.geometry;
}

interface Sent {
  intent: string;
  answers: Answers;
  errors: FieldError[];
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const id = params.id ?? "";
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const caller = mapCaller(context, request);
  const { db } = context.backend;
  // Whoever does not hold the link learns that first, whatever else they sent.
  const own = await orRefuse(getOwnReport(caller, id, token));
  const form = await readForm(request);
  const intent = String(form.get("intent") ?? "");
  const answers = formAnswers(form, [...EDIT_REPORT_FIELDS, "item_id", "appeal_text"]);
  const here = paths.manageReport(id, token);
  const again = (status: number, errors: FieldError[]) =>
    data<Sent>(
      { intent, answers, errors },
      { status, headers: { ...secretPage(), ...againHeaders(errors) } },
    );
  const done = (word: (typeof DONE)[number]) => {
    context.wrote();
    return redirect(`${here}&done=${word}`, 303);
  };
  try {
    if (intent === "edit") {
      const events = await orRefuse(listEvents(db));
      const event = events.find(({ slug }) => slug === own.report.event) ?? null;
      const area = boxOfEvent(event);
      const place = placeAnswers(answers["coordinates"], area);
      if ("token" in place) return again(422, [place]);
      const parsed = editReportSchema({
        now: new Date(),
        area,
        timeZone: own.report.time_zone ?? event?.time_zone ?? null,
        startedAt: event?.started_at ? new Date(event.started_at) : null,
      }).safeParse({ ...answers, event: own.report.event, coordinates: undefined, ...place });
      if (!parsed.success) {
        return again(
          422,
          fieldErrors(parsed.error.issues).map((error) =>
            error.field === "geometry" || error.field === "lat" ? { ...error, field: "coordinates" } : error,
          ),
        );
      }
      const found = await findPlace(db, parsed.data.where, { slug: own.report.event, area });
      await editReport(caller, id, token, parsed.data, found);
      return done("saved");
    }
    if (intent === "move") {
      const parsed = moveSchema.safeParse({ act: form.get("act") });
      if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
      await moveReport(caller, id, { manage: token }, parsed.data.act);
      return done("moved");
    }
    if (intent === "appeal") {
      const itemId = String(answers["item_id"] ?? "");
      if (!/^[0-9a-f-]{36}$/.test(itemId)) return again(422, [{ field: "", token: "intent_unknown" }]);
      await appealReport(caller.commands, {
        reportId: id,
        manageHash: hashOf(token),
        itemId,
        text: String(answers["appeal_text"] ?? "").slice(0, 5_000),
        caller: caller.key,
      });
      return done("appealed");
    }
    if (intent === "extend") {
      await extendReport(caller, id, token);
      return done("extended");
    }
    if (intent === "delete") {
      // Asked twice: the first time shows what will happen.
      if (form.get("confirm") !== "yes") return redirect(`${here}&ask=delete#delete`, 303);
      await deleteReport(caller, id, token);
      return done("deleted");
    }
    if (intent === "restore") {
      await restoreReport(caller, id, token);
      return done("restored");
    }
    return again(422, [{ field: "", token: "intent_unknown" }]);
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** What the reporter may do: see what became of it, say that it is over, correct, extend, delete, bring back. */
export default function ManageReportPage() {
  const t = useT();
  const { own, decisions, geometry, settings, credit, done, asksToDelete, token } =
    useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Sent | undefined;
  const { sealed } = own;
  const of = (intent: string) =>
    sent?.intent === intent ? { answers: sent.answers, errors: sent.errors } : {};
  if (sealed) {
    return (
      <>
        <PageHead title={t("map:manage.title")} />
        <Notice title={t("map:manage.deletedTitle")}>
          <p>
            <Dated text={(date) => t("map:manage.deletedText", { date })} at={sealed.wipe_at} />
          </p>
        </Notice>
        {sealed.reason === "removed" ? null : (
          <PostForm id="restore" intent="restore" {...of("restore")}>
            <SendButton>{t("map:manage.restoreButton")}</SendButton>
          </PostForm>
        )}
      </>
    );
  }
  const report = own.report as Report;
  const zone = report.time_zone ?? undefined;
  const acts = actsOf(report);
  const errors = of("edit").errors ?? [];
  return (
    <>
      <PageHead title={t("map:manage.title")} lede={<bdi>{reportTitle(report, t)}</bdi>} />
      {done ? (
        <Notice>
          <p role="status">{t(doneWords[done])}</p>
        </Notice>
      ) : null}
      <ReportTag report={report} big />
      <p>
        <ConfidenceLine report={report} />
      </p>
      {report.publication === "held" ? <p className="notice">{t("map:posted.nextHeld")}</p> : null}
      {report.publication === "hidden" ? <p className="notice">{t("map:manage.hidden")}</p> : null}
      {report.publication === "published" ? (
        <p>
          <a href={paths.report(report.id)}>{t("map:manage.publicLink")}</a>
        </p>
      ) : null}
      <AuthorDecisions
        decisions={decisions}
        sent={
          sent?.intent === "appeal"
            ? { itemId: String(sent.answers["item_id"] ?? ""), answers: sent.answers, errors: sent.errors }
            : null
        }
      />
      <h2>{t("map:report.loopTitle")}</h2>
      <LoopSteps report={report} />
      {acts.length > 0 ? (
        <PostForm id="move" intent="move" {...of("move")}>
          <ButtonRow>
            {acts.map((act) => (
              <SendButton key={act} name="act" value={act} look="plain">
                {t(`map:act.${act}`)}
              </SendButton>
            ))}
          </ButtonRow>
        </PostForm>
      ) : null}
      {own.confirmations.length > 0 ? (
        <>
          <h2>{t("map:report.saidTitle", { count: own.confirmations.length })}</h2>
          <VerdictList confirmations={own.confirmations} zone={zone} />
        </>
      ) : null}

      <h2>{t("map:manage.editTitle")}</h2>
      <DetailsPanel summary={t("map:manage.editSummary")} icon="place" open={sent?.intent === "edit"}>
        <PostForm
          id="edit-form"
          intent="edit"
          hidden={{ version: String(report.version) }}
          answers={of("edit").answers ?? answersOf(own, geometry)}
          errors={errors}
        >
          <KindField />
          <MapFrame settings={settings} credit={credit ?? t("map:page.credit")}>
            <p>{t("map:form.withoutScript")}</p>
          </MapFrame>
          <TextAreaField
            name="coordinates"
            label={t("map:form.coordinatesLabel")}
            hint={t("map:form.coordinatesHint")}
            rows={3}
          />
          {errors.some(({ token: problem }) => QUESTIONS.has(problem)) ? (
            <CheckField name="sure" label={t("map:form.sureLabel")} hint={t("map:form.sureHint")} />
          ) : null}
          <div className="pairs">
            <TextField name="road" label={t("map:form.roadLabel")} maxLength={REPORT_LIMITS.line} optional />
            <TextField
              name="place"
              label={t("map:form.placeLabel")}
              maxLength={REPORT_LIMITS.line}
              optional
            />
          </div>
          <RoadFields opens />
          <SupplyFields />
          <SeverityField />
          <TextAreaField
            name="text"
            label={t("map:form.textLabel")}
            rows={3}
            maxLength={REPORT_LIMITS.text}
            optional
          />
          <TextField
            name="observed_at"
            type="datetime-local"
            label={t("map:form.observedLabel")}
            hint={t("map:manage.observedHint")}
            optional
          />
          <TextField name="source_url" label={t("map:form.sourceLabel")} inputMode="url" optional />
          <AuthorFields />
          <SendButton>{t("map:manage.saveButton")}</SendButton>
        </PostForm>
      </DetailsPanel>

      <h2>{t("map:manage.extendTitle")}</h2>
      <PostForm id="extend" intent="extend" {...of("extend")}>
        <p>
          <Dated text={(date) => t("map:report.expiresAt", { date })} at={report.expires_at} zone={zone} />
        </p>
        <SendButton look="plain">{t("map:manage.extendButton", { count: 30 })}</SendButton>
      </PostForm>

      <h2 id="delete">{t("map:manage.deleteTitle")}</h2>
      <p>{t("map:manage.deleteText")}</p>
      {asksToDelete ? (
        <PostForm id="delete-form" intent="delete" hidden={{ confirm: "yes" }} {...of("delete")}>
          <ButtonRow>
            <SendButton look="danger">{t("map:manage.deleteButton")}</SendButton>
            <ButtonLink look="plain" href={paths.manageReport(report.id, token)}>
              {t("map:manage.deleteCancel")}
            </ButtonLink>
          </ButtonRow>
        </PostForm>
      ) : (
        <p>
          <a href={`${paths.manageReport(report.id, token)}&ask=delete#delete`}>
            {t("map:manage.deleteLink")}
          </a>
        </p>
      )}
    </>
  );
}

/** What can be said of it now, most likely first. */
function actsOf({ loop, status }: Report): LoopAct[] {
  if (status !== "active" || loop === "confirmed") return ["reopen"];
  return loop === "open" ? ["confirm", "withdraw"] : ["confirm", "reopen", "withdraw"];
}

function answersOf({ report, author }: OwnReport, geometry: ReportGeometry | null): Answers {
  const text = (value: string | number | null) => (value === null ? "" : String(value));
  return {
    kind: report.kind,
    needed: report.needed ? "yes" : "no",
    private: report.protected && !report.needed ? "yes" : "",
    state: text(report.state),
    passable: text(report.passable),
    direction: report.direction,
    width_limit_m: text(report.width_limit_m),
    weight_limit_t: text(report.weight_limit_t),
    severity: report.severity === "unknown" ? "" : report.severity,
    text: report.text,
    coordinates: geometry ? geometryText(geometry) : "",
    place: text(report.place),
    road: text(report.road),
    cause: text(report.cause),
    bypass: text(report.bypass),
    observed_at: wallClock(report.observed_at, report.time_zone ?? "UTC"),
    source_url: text(report.source_url),
    author_name: text(author.name),
    author_email: text(author.email),
    author_phone: text(author.phone),
  };
}

const doneWords = {
  saved: "map:manage.saved",
  moved: "map:manage.moved",
  extended: "map:manage.extended",
  deleted: "map:manage.deletedTitle",
  restored: "map:manage.restored",
  appealed: "moderation:author.appealSent",
} as const;
