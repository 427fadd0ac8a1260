import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { readCorrection } from "../features/moderation/queue.server.ts";
import { isUuid } from "../features/safety/record-ids.ts";
import { useT } from "../i18n/language-context.tsx";
import type { MessageKey } from "../i18n/translate.ts";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { Failure } from "../platform/failure.ts";
import { hashOf, looksLikeToken } from "../platform/secret-links.server.ts";
import { orRefuse, refusal } from "../server/page-answers.ts";
import { AddressToKeep } from "../ui/address-to-keep.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const handle = { enhance: true, noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "moderation:correct.statusTitle");

/** Opening the address changes nothing, however often and by whomever. */
export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  const token = url.searchParams.get("token");
  const id = params.id ?? "";
  if (!isUuid(id) || !looksLikeToken(token)) throw refusal(new Failure("forbidden", "token_wrong"));
  const correction = await orRefuse(readCorrection(context.backend.commands, id, hashOf(token)));
  return {
    correction,
    done: url.searchParams.get("done") === "yes",
    address: `${context.publicUrl}${url.pathname}?token=${token}`,
  };
}

/** What became of a correction, for whoever asked for it. */
export default function CorrectionPage() {
  const t = useT();
  const { correction, done, address } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title={t("moderation:correct.statusTitle")} />
      {done ? (
        <Notice title={t("moderation:correct.sentTitle")}>
          <p role="status">{t("moderation:correct.sentText")}</p>
          <p>
            <AddressToKeep href={address} />
          </p>
        </Notice>
      ) : null}
      <p className="pre" dir="auto">
        {correction.what}
      </p>
      <p>
        <b>{t("moderation:item.correctionIs")}</b> {correction.correct_text}
      </p>
      <h2>{t("moderation:correct.stepsTitle")}</h2>
      {correction.decided_at === null ? <p>{t("moderation:correct.waiting")}</p> : null}
      <ol className="notes">
        {correction.steps.map((step) => (
          <li key={step.at}>
            <b>{t(`moderation:decided.${step.decision}`)}</b> <TimeAgo at={step.at} />
            <br />
            {t(`moderation:reason.${step.reason_code}` as MessageKey)}
            {step.reason ? `${t("common:punctuation.colon")}${step.reason}` : null}
          </li>
        ))}
      </ol>
    </>
  );
}
