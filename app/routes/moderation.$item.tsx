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
import { inLanguage } from "../features/events/events.ts";
import { nearReports } from "../features/map/reports.server.ts";
import { DecisionPanel } from "../features/moderation/decision-panel.tsx";
import { ItemView, type TextPart } from "../features/moderation/item-view.tsx";
import { filterQuery, QueueList } from "../features/moderation/queue-list.tsx";
import {
  claimItem,
  decide,
  linkableNotices,
  listQueue,
  moderationRules,
  readItem,
  type QueueItem,
} from "../features/moderation/queue.server.ts";
import { isDecision, KEYS, readFilter, withOwnStage, type Decision } from "../features/moderation/queue.ts";
import { isUuid } from "../features/safety/record-ids.ts";
import { formAnswers, type Answers } from "../formats/form-values.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths, withQuery } from "../platform/paths.ts";
import { findPersonalData, maskPersonalData } from "../privacy/personal-data.ts";
import { againHeaders, formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff, type Staff } from "../server/staff.ts";
import moderationStyles from "../styles/moderation.css?url";
import type { FieldError } from "../ui/form.tsx";
import { CallLink, emergencyHotline } from "../ui/hotline.tsx";
import { Notice } from "../ui/notice.tsx";

export const handle = { enhance: true, noindex: true, wide: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: moderationStyles }];
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction<typeof loader> = ({ matches, data: loaded }) =>
  loaded
    ? pageTitle(matches, { text: loaded.item.description?.title ?? loaded.item.id })
    : pageTitle(matches, "moderation:queue.title");

const nearbyMetres = 5_000;

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const staff = await requireStaff(context, request, "volunteer");
  const url = new URL(request.url);
  const filter = readFilter(url.searchParams);
  const [item, page, rules] = await orRefuse(
    Promise.all([
      readItem(staff.db, idIn(params.item)),
      listQueue(staff.db, withOwnStage(filter, staff.member.role === "volunteer", url.searchParams)),
      moderationRules(staff.db),
    ]),
  );
  const { description } = item;
  const { lat, lon } = description ?? {};
  const officer = staff.member.role !== "volunteer";
  const [nearby, notices] = await orRefuse(
    Promise.all([
      typeof lat === "number" && typeof lon === "number"
        ? nearReports(context.backend.db, [lon, lat], { metres: nearbyMetres, limit: 6 })
        : [],
      officer ? linkableNotices(staff.db, item.event?.slug ?? null, item.country) : [],
    ]),
  );
  const text = description?.text ?? (item.correction ? "" : (item.text ?? ""));
  const findings = findPersonalData(text, {
    hotlines: item.event?.hotlines.map(({ number }) => number) ?? [],
  });
  const done = url.searchParams.get("done");
  return data(
    {
      item,
      page,
      filter,
      rules,
      notices,
      nearby: nearby
        .filter(({ report }) => report.id !== item.subject_id)
        .map(({ report }) => ({
          href: paths.report(report.id),
          text: report.text || report.kind,
          at: report.observed_at,
        })),
      parts: partsOf(text, findings),
      found: findings.length,
      masked: text === "" ? "" : maskPersonalData(text, findings),
      photoShown: url.searchParams.get("photo") === "show",
      here: withQuery(paths.moderationItem(item.id), filterQuery(filter)),
      decided: isDecision(done) ? done : null,
      kept: done === "claimed" || done === "released" ? (done as "claimed" | "released") : null,
      count: Math.min(500, Number(url.searchParams.get("count")) || 1),
      drill: item.event?.drill ?? false,
    },
    { headers: staff.headers },
  );
}

interface Sent {
  answers: Answers;
  errors: FieldError[];
  /** Who was faster, and what they decided. */
  faster: { name: string; decision: Decision } | null;
}

const FIELDS = [
  "decision",
  "reason_code",
  "reason",
  "masked_text",
  "correct_text",
  "duplicate_of",
  "notice_id",
  "version",
  "also",
];

export async function action({ context, request, params }: ActionFunctionArgs) {
  const staff = await requireStaff(context, request, "volunteer");
  const id = idIn(params.item);
  const url = new URL(request.url);
  const filter = readFilter(url.searchParams);
  const form = await readForm(request);
  const intent = form.get("intent");
  const answers = formAnswers(form, FIELDS, []);
  const again = async (status: number, errors: FieldError[]) => {
    const faster = errors.some(({ token }) => token === "item_not_waiting")
      ? await whoWasFaster(staff, id)
      : null;
    const all = new Headers(staff.headers);
    for (const [name, value] of Object.entries(againHeaders(errors))) all.set(name, value);
    return data<Sent>({ answers, errors, faster }, { status, headers: all });
  };
  const to = (item: string | undefined, done: Record<string, string | number>) =>
    redirect(
      item
        ? withQuery(paths.moderationItem(item), { ...filterQuery(filter), ...done })
        : withQuery(paths.moderation(), filterQuery(filter)),
      { status: 303, headers: staff.headers },
    );
  try {
    if (intent === "claim" || intent === "release") {
      await claimItem(staff.db, id, intent === "release");
      return to(id, { done: intent === "claim" ? "claimed" : "released" });
    }
    const decision = answers["decision"];
    if (!isDecision(decision)) return await again(422, [{ field: "", token: "decision_required" }]);
    // What comes next is looked up first: deciding takes the item out of the list.
    const shown = withOwnStage(filter, staff.member.role === "volunteer", url.searchParams);
    const before = await listQueue(staff.db, shown, { limit: 200 });
    const word = (name: string) => String(answers[name] ?? "").trim() || null;
    const also = String(answers["also"] ?? "")
      .split(" ")
      .flatMap((pair) => {
        const [other = "", version = ""] = pair.split(":");
        return isUuid(other) && /^\d{1,9}$/.test(version) ? [{ id: other, version: Number(version) }] : [];
      });
    const count = await decide(staff.db, {
      itemId: id,
      version: Number(answers["version"]) || 0,
      decision,
      reasonCode: word("reason_code"),
      reason: word("reason"),
      maskedText: decision === "mask" ? word("masked_text") : null,
      correctText: word("correct_text"),
      duplicateOf: decision === "duplicate" ? idInText(word("duplicate_of")) : null,
      noticeId: idInText(word("notice_id")),
      also,
    });
    context.wrote();
    return to(nextAfter(before.items, id, also), { done: decision, count });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** The next item of the list that is not decided by this and that nobody else works on. */
function nextAfter(
  items: readonly { id: string; holder: string | null; held_by_me: boolean | null }[],
  id: string,
  also: readonly { id: string }[],
): string | undefined {
  const gone = new Set([id, ...also.map((other) => other.id)]);
  const at = items.findIndex((item) => item.id === id);
  const free = (item: (typeof items)[number]) =>
    !gone.has(item.id) && (item.holder === null || item.held_by_me);
  return (items.slice(at + 1).find(free) ?? items.find(free))?.id;
}

async function whoWasFaster(staff: Staff, id: string): Promise<Sent["faster"]> {
  const item = await readItem(staff.db, id).catch(() => null);
  const last = item?.decisions.filter(({ item_id, by_me }) => item_id === id && !by_me).at(-1);
  return last ? { name: last.by, decision: last.decision } : null;
}

function idIn(asked: string | undefined): string {
  if (!isUuid(asked ?? "")) throw new Response("item_not_found", { status: 404 });
  return asked!;
}

/** An id, alone or in an address that was pasted. */
function idInText(text: string | null): string | null {
  return /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i.exec(text ?? "")?.[0] ?? null;
}

function partsOf(text: string, findings: readonly { start: number; end: number }[]): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const { start, end } of findings) {
    if (start > at) parts.push({ text: text.slice(at, start), marked: false });
    parts.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false });
  return parts;
}

/** One item of the queue between the list and what can be done about it. */
export default function ItemPage() {
  const t = useT();
  const {
    item,
    page,
    filter,
    rules,
    notices,
    nearby,
    parts,
    found,
    masked,
    photoShown,
    here,
    decided,
    kept,
    count,
  } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Sent | undefined;
  const after = page.items.findIndex(({ id }) => id === item.id);
  const next = page.items[after + 1] ?? (after === -1 ? page.items[0] : undefined);
  return (
    <>
      <p className="back">
        <a href={withQuery(paths.moderation(), filterQuery(filter))}>{t("moderation:item.back")}</a>
        {next ? (
          <>
            {t("common:punctuation.separator")}
            <a
              href={withQuery(paths.moderationItem(next.id), filterQuery(filter))}
              accessKey={KEYS.next}
              data-key={KEYS.next}
            >
              {t("moderation:decide.next")}
              <kbd>{KEYS.next.toUpperCase()}</kbd>
            </a>
          </>
        ) : null}
      </p>
      {sent?.faster ? (
        <Notice title={t("moderation:conflict.title")}>
          <p role="alert">
            {t("moderation:conflict.text", {
              name: sent.faster.name,
              decision: t(`moderation:decision.${sent.faster.decision}`),
            })}
          </p>
        </Notice>
      ) : (decided || kept) && !sent ? (
        <Notice>
          <p role="status">
            {kept ? t(`moderation:done.${kept}`) : null}
            {decided
              ? t(count > 1 ? "moderation:done.decidedMany" : "moderation:done.decided", {
                  count,
                  decision: t(`moderation:decision.${decided}`),
                })
              : null}
          </p>
        </Notice>
      ) : null}
      <div className="desk">
        <QueueList page={page} filter={filter} current={item.id} cursor={null} />
        <ItemView
          item={item}
          parts={parts}
          found={found}
          photoShown={photoShown}
          here={here}
          nearby={nearby}
        />
        <div>
          <DecisionPanel
            key={`${item.id} ${item.version}`}
            item={item}
            rules={rules}
            masked={masked}
            notices={notices}
            answers={sent?.answers}
            errors={sent?.faster ? [] : sent?.errors}
          />
          <Hotlines item={item} />
        </div>
      </div>
    </>
  );
}

function Hotlines({ item }: { item: QueueItem }) {
  const t = useT();
  const { code } = useLanguage();
  return (
    <section className="hotline" aria-label={t("moderation:item.hotlines")}>
      {item.event?.hotlines.map(({ number, names }) => (
        <CallLink
          key={number}
          number={number}
          title={inLanguage(names, code) ?? t("common:hotline.eventTitle")}
        />
      ))}
      <CallLink number={emergencyHotline} title={t("common:hotline.title")} />
    </section>
  );
}
