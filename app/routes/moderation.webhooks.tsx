import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { subjectText } from "../features/log/acts.ts";
import { webhookKey } from "../features/official-site/webhook-signature.server.ts";
import {
  addWebhook,
  changeWebhook,
  listDeliveries,
  listWebhooks,
  WEBHOOK_EVENTS,
  type WebhookDelivery,
} from "../features/official-site/webhooks.server.ts";
import { formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import { SendButton, ButtonRow } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Dated } from "../ui/dated.tsx";
import { ChoiceField, TextField } from "../ui/field.tsx";
import { PostForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

const SHOWN = 100;

export const handle = { noindex: true, wide: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "official:hooks.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { db, member, headers } = await requireStaff(context, request, "officer");
  const [hooks, deliveries] = await orRefuse(Promise.all([listWebhooks(db), listDeliveries(db, SHOWN)]));
  const admin = member.role === "admin";
  return data(
    {
      admin,
      events: WEBHOOK_EVENTS,
      hooks: hooks.map((hook) => ({
        ...hook,
        key:
          admin && hook.removed_at === null
            ? webhookKey(context.secret("webhooks"), hook.id, hook.secret_version)
            : null,
      })),
      deliveries,
      saved: new URL(request.url).searchParams.has("saved"),
    },
    { headers },
  );
}

interface Again {
  answers: Answers;
  errors: FieldError[];
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "admin");
  const form = await readForm(request);
  const answers = formAnswers(form, ["name", "url", "events"], ["events"]);
  const intent = String(form.get("intent") ?? "");
  try {
    if (intent === "remove" || intent === "new_key")
      await changeWebhook(db, String(form.get("id") ?? ""), intent);
    else
      await addWebhook(db, {
        name: String(answers["name"] ?? ""),
        url: String(answers["url"] ?? "").trim(),
        events: answers["events"] as string[],
      });
    return redirect(`${paths.webhooks()}?saved=1`, { status: 303, headers });
  } catch (error) {
    const problem = formProblem(error);
    return data<Again>({ answers, errors: problem.errors }, { status: problem.status, headers });
  }
}

/** Whom we tell what was decided, and what became of each message. */
export default function WebhooksPage() {
  const t = useT();
  const { admin, events, hooks, deliveries, saved } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Again | undefined;
  return (
    <>
      <PageHead
        title={t("official:hooks.title")}
        lede={t("official:hooks.lede")}
        back={{ href: paths.moderationLog(), label: t("notices:log.title") }}
      />
      {saved && !sent ? (
        <p className="notice" role="status">
          {t("official:hooks.saved")}
        </p>
      ) : null}
      <section>
        <h2>{t("official:hooks.listTitle")}</h2>
        {hooks.length === 0 ? <p>{t("official:hooks.none")}</p> : null}
        {hooks.map((hook) => (
          <Card key={hook.id}>
            <h3>{hook.name}</h3>
            <p>
              <code>{hook.url}</code>
            </p>
            <p className="meta">
              {hook.events
                .map((event) => t(`official:hookEvent.${event}`))
                .join(t("common:punctuation.comma"))}
            </p>
            {hook.removed_at === null ? null : (
              <p>
                {t("official:hooks.removed")} <TimeAgo at={hook.removed_at} form="date" />
              </p>
            )}
            {hook.key === null ? null : (
              <>
                <p>
                  {t("official:hooks.key")}
                  <code className="take">{hook.key}</code>
                </p>
                <p className="hint">{t("official:hooks.keyHint")}</p>
                <ButtonRow>
                  <PostForm id={`key-${hook.id}`} intent="new_key" hidden={{ id: hook.id }}>
                    <SendButton look="plain">{t("official:hooks.newKey")}</SendButton>
                  </PostForm>
                  <PostForm id={`remove-${hook.id}`} intent="remove" hidden={{ id: hook.id }}>
                    <SendButton look="danger">{t("official:hooks.remove")}</SendButton>
                  </PostForm>
                </ButtonRow>
              </>
            )}
          </Card>
        ))}
      </section>
      <section>
        <h2>{t("official:hooks.addTitle")}</h2>
        {admin ? (
          <PostForm id="hook" intent="add" answers={sent?.answers ?? {}} errors={sent?.errors ?? []}>
            <TextField name="name" label={t("official:hooks.name")} maxLength={200} />
            <TextField name="url" label={t("official:hooks.url")} inputMode="url" maxLength={2000} />
            <ChoiceField
              name="events"
              legend={t("official:hooks.events")}
              many
              choices={events.map((event) => ({ value: event, label: t(`official:hookEvent.${event}`) }))}
            />
            <SendButton>{t("official:hooks.add")}</SendButton>
          </PostForm>
        ) : (
          <p>{t("official:hooks.adminOnly")}</p>
        )}
      </section>
      <section>
        <h2>{t("official:hooks.logTitle")}</h2>
        {deliveries.length === 0 ? <p>{t("official:hooks.logNone")}</p> : null}
        {deliveries.length > 0 ? (
          <div className="scroll" tabIndex={0} role="region" aria-label={t("official:hooks.logTitle")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("log:page.entry")}</th>
                  <th scope="col">{t("official:hooks.when")}</th>
                  <th scope="col">{t("official:hooks.name")}</th>
                  <th scope="col">{t("official:hooks.what")}</th>
                  <th scope="col">{t("official:hooks.tried")}</th>
                  <th scope="col">{t("official:hooks.result")}</th>
                </tr>
              </thead>
              <tbody>
                {deliveries.map((delivery) => (
                  <tr key={delivery.id}>
                    <th scope="row">{delivery.id}</th>
                    <td>
                      <TimeAgo at={delivery.happened_at} form="date" />
                    </td>
                    <td>{delivery.name}</td>
                    <td>
                      {eventText(t, delivery.event)} · {subjectText(t, delivery.subject_type)}
                    </td>
                    <td>{delivery.attempts}</td>
                    <td>
                      <Result delivery={delivery} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : null}
      </section>
    </>
  );
}

function eventText(t: ReturnType<typeof useT>, event: string): string {
  const known = (["verified", "adopted", "corrected", "false", "withdrawn"] as const).find(
    (one) => one === event,
  );
  return known ? t(`official:hookEvent.${known}`) : event;
}

function Result({ delivery }: { delivery: WebhookDelivery }) {
  const t = useT();
  const { delivered_at, failed_at, available_at, last_status, last_error } = delivery;
  if (delivered_at !== null) return t("official:hooks.delivered", { status: last_status ?? 0 });
  if (failed_at !== null) return t("official:hooks.failed", { reason: last_error ?? "" });
  return (
    <Dated
      text={(date) =>
        last_error === null
          ? t("official:hooks.waiting", { date })
          : t("official:hooks.retry", { reason: last_error, date })
      }
      at={available_at}
      form="date"
    />
  );
}
