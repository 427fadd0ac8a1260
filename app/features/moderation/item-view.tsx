import type { ReactNode } from "react";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import type { MessageKey } from "../../i18n/translate.ts";
import { paths, withQuery } from "../../platform/paths.ts";
import { Notice } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { KEYS } from "./queue.ts";
import { needsInWords } from "./needs-in-words.ts";
import type { QueueItem } from "./queue.server.ts";

/** After these an officer may take the item along for the official site. */
const packaged: ReadonlySet<string> = new Set(["verified", "corrected", "adopted"]);

/** A text in parts: what looks like personal data is to be marked. */
export interface TextPart {
  text: string;
  marked: boolean;
}

interface ItemViewProps {
  item: QueueItem;
  /** What it says, with personal data marked. */
  parts: readonly TextPart[];
  found: number;
  /** The photo is shown as it is. */
  photoShown: boolean;
  /** The address of this page with its filter. */
  here: string;
  nearby: readonly { href: string; text: string; at: string }[];
}

const FACTS = [
  "status", "status_by", "source", "needs", "minor", "visibility", "softened", "author_name", "author_made_contact",
  "last_known_location", "home_city", "home_country", "source_name", "posted_at", "author_email", "author_phone",
] as const; // prettier-ignore

/** All that is known of an item: what it says, why it waits, what else there is, and what was decided before. */
export function ItemView({ item, parts, found, photoShown, here, nearby }: ItemViewProps) {
  const t = useT();
  const { description } = item;
  const hasPhoto = item.photo_id !== null || typeof description?.photo_id === "string";
  return (
    <section aria-labelledby="item-title">
      <h1 id="item-title">
        <bdi>{description?.title ?? t(`moderation:kind.${item.kind}`)}</bdi>
      </h1>
      <p>
        <span className={`kind s${item.severity}`}>{t(`moderation:kind.${item.kind}`)}</span>{" "}
        <span className="meta">
          <TimeAgo at={item.created_at} />
          {t("common:punctuation.separator")}
          {t("moderation:item.version", { version: item.version })}
        </span>
      </p>
      {item.kind === "needs_help" ? <TakenBy item={item} /> : null}
      {parts.length > 0 ? (
        <>
          <h2>{t("moderation:item.said")}</h2>
          <p className="pre" dir="auto">
            {parts.map((part, index) => (part.marked ? <mark key={index}>{part.text}</mark> : part.text))}
          </p>
          {found > 0 ? <p className="meta">{t("moderation:item.personalData", { count: found })}</p> : null}
        </>
      ) : null}
      {item.text && item.text !== description?.text && item.kind !== "needs_help" && !item.correction ? (
        <>
          <h2>{t("moderation:item.why")}</h2>
          <p className="pre" dir="auto">
            {item.text}
          </p>
        </>
      ) : null}
      {item.correction ? (
        <Notice title={t("moderation:item.correction")}>
          <p className="pre" dir="auto">
            {item.correction.what}
          </p>
          <p>
            <b>{t("moderation:item.correctionIs")}</b> {item.correction.correct_text}
          </p>
          <p>
            {t("moderation:item.correctionSource")}{" "}
            {/^https?:\/\//i.test(item.correction.source_url) ? (
              <a href={item.correction.source_url} rel="noopener noreferrer nofollow">
                {item.correction.source_url}
              </a>
            ) : (
              item.correction.source_url
            )}
          </p>
        </Notice>
      ) : null}
      {item.about ? (
        <Notice title={t("moderation:item.about")}>
          <p>
            {t(`moderation:kind.${item.about.kind}`)}
            {t("common:punctuation.colon")}
            {item.about.reason}
          </p>
        </Notice>
      ) : null}
      {item.sealed !== null ? (
        <details>
          <summary>{t("moderation:item.sealed")}</summary>
          <p className="pre" dir="auto">
            {item.sealed}
          </p>
        </details>
      ) : null}
      {hasPhoto ? <Photo item={item} shown={photoShown} here={here} /> : null}
      <Facts item={item} />
      <h2>{t("moderation:item.clues")}</h2>
      <h3>{t("moderation:item.duplicates")}</h3>
      {description?.duplicates?.length ? (
        <ul>
          {description.duplicates.map((other) => (
            <li key={other.id}>
              <a href={item.subject_type === "report" ? paths.report(other.id) : paths.person(other.id)}>
                <bdi>{other.title}</bdi>
              </a>{" "}
              {other.at ? <TimeAgo at={other.at} form="age" /> : null}
            </li>
          ))}
        </ul>
      ) : (
        <p className="meta">{t("moderation:item.duplicatesNone")}</p>
      )}
      <h3>{t("moderation:item.nearby")}</h3>
      {nearby.length > 0 ? (
        <ul>
          {nearby.map((report) => (
            <li key={report.href}>
              <a href={report.href}>
                <bdi>{report.text}</bdi>
              </a>{" "}
              <TimeAgo at={report.at} form="age" />
            </li>
          ))}
        </ul>
      ) : (
        <p className="meta">{t("moderation:item.nearbyNone")}</p>
      )}
      <History item={item} />
    </section>
  );
}

function TakenBy({ item }: { item: QueueItem }) {
  const t = useT();
  const taken = item.decisions.find(({ item_id, decision }) => item_id === item.id && decision === "accept");
  const by = taken?.by ?? item.holder;
  return by ? (
    <p>
      <b>{t("moderation:item.takenBy", { name: by })}</b>
    </p>
  ) : null;
}

function Photo({ item, shown, here }: { item: QueueItem; shown: boolean; here: string }) {
  const t = useT();
  return (
    <>
      <h2>{t("moderation:item.photo")}</h2>
      {shown ? null : (
        <p className="meta">
          {t("moderation:item.photoHidden")}{" "}
          <a href={withQuery(here, { photo: "show" })} accessKey={KEYS.photo} data-key={KEYS.photo}>
            {t("moderation:item.photoShow")}
            <kbd>{KEYS.photo.toUpperCase()}</kbd>
          </a>
        </p>
      )}
      {/* Before it is asked for, the photo does not even travel to the reader's screen. */}
      {shown ? (
        <img src={paths.moderationPhoto(item.id)} alt={t("moderation:item.photoAlt")} />
      ) : (
        <img
          className="blurred"
          src={`${paths.moderationPhoto(item.id)}?small=yes`}
          alt={t("moderation:item.photoHidden")}
          width={240}
        />
      )}
    </>
  );
}

function Facts({ item }: { item: QueueItem }) {
  const t = useT();
  const { description } = item;
  const facts = description?.facts ?? {};
  const rows = FACTS.flatMap((name) => {
    const value = facts[name];
    if (value === null || value === undefined || value === false || value === "") return [];
    if (Array.isArray(value) && value.length === 0) return [];
    return [[name, value] as const];
  });
  const { lat, lon } = description ?? {};
  const place =
    typeof lat === "number" && typeof lon === "number" ? `${lat.toFixed(4)}, ${lon.toFixed(4)}` : null;
  return (
    <>
      <h2>{t("moderation:item.facts")}</h2>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <Fact key={name} label={t(`moderation:fact.${name}`)}>
            {name === "posted_at" ? <TimeAgo at={String(value)} /> : <FactValue name={name} value={value} />}
          </Fact>
        ))}
        {place ? (
          <Fact label={t("moderation:item.map")}>
            <a href={withQuery(paths.map(), { event: item.event?.slug, lat: String(lat), lon: String(lon) })}>
              {place}
            </a>
          </Fact>
        ) : null}
      </dl>
      {description?.url ? (
        <p>
          <a href={description.url}>{t("moderation:item.openPage")}</a>
        </p>
      ) : null}
      {item.decisions.some(({ decision }) => packaged.has(decision)) ? (
        <p>
          <a href={paths.adoptionPackage(item.id)}>{t("official:package.link")}</a>
        </p>
      ) : null}
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

const statusWords = new Set([
  "information_sought",
  "is_note_author",
  "believed_alive",
  "believed_missing",
  "believed_dead",
]);

function FactValue({ name, value }: { name: string; value: unknown }) {
  const t = useT();
  if (value === true) return <>✓</>;
  if (name === "needs" && Array.isArray(value)) return <>{needsInWords(value, t)}</>;
  if (name === "visibility" && ["public", "known", "link", "staff"].includes(String(value)))
    return <>{t(`safety:visibility.${String(value)}` as MessageKey)}</>;
  if (statusWords.has(String(value))) return <>{t(`safety:noteStatus.${String(value)}` as MessageKey)}</>;
  if (
    (name === "source" || name === "status_by") &&
    ["self", "third_party", "official"].includes(String(value))
  )
    return <>{t(`safety:source.${String(value)}` as MessageKey)}</>;
  return <bdi>{Array.isArray(value) ? value.join(", ") : String(value)}</bdi>;
}

function History({ item }: { item: QueueItem }) {
  const t = useT();
  const { code } = useLanguage();
  const history = item.description?.history ?? [];
  return (
    <>
      <h2>{t("moderation:item.decisions")}</h2>
      {item.decisions.length === 0 ? <p className="meta">{t("moderation:item.decisionsNone")}</p> : null}
      <ol className="notes" lang={code}>
        {item.decisions.map((made) => (
          <li key={`${made.item_id}-${made.at}`}>
            <b>
              {t("moderation:item.decidedBy", {
                name: made.by,
                decision: t(`moderation:decision.${made.decision}`),
              })}
            </b>{" "}
            <TimeAgo at={made.at} />
            <br />
            {t(`moderation:reason.${made.reason_code}` as MessageKey)}
            {made.reason ? `${t("common:punctuation.colon")}${made.reason}` : null}
            {made.correct_text ? (
              <>
                <br />
                {t("moderation:verdict.correctIs", { text: made.correct_text })}
              </>
            ) : null}
          </li>
        ))}
      </ol>
      {history.length > 0 ? (
        <>
          <h2>{t("moderation:item.history")}</h2>
          <ol className="notes">
            {history.map((note, index) => (
              <li key={index}>
                <span className="meta">
                  <TimeAgo at={note.at} />
                  {note.author_name ? (
                    <>
                      {t("common:punctuation.separator")}
                      <bdi>{note.author_name}</bdi>
                    </>
                  ) : null}
                </span>
                {note.text ? (
                  <p className="pre" dir="auto">
                    {note.text}
                  </p>
                ) : null}
              </li>
            ))}
          </ol>
        </>
      ) : null}
    </>
  );
}
