import { useT } from "../../i18n/language-context.tsx";
import type { Translate } from "../../i18n/translate.ts";
import { paths, withQuery } from "../../platform/paths.ts";
import { GetForm } from "../../ui/form.tsx";
import { SelectField } from "../../ui/field.tsx";
import { SendButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Pager } from "../../ui/pager.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { needsInWords } from "./needs-in-words.ts";
import { AGES, KINDS, type QueueFilter } from "./queue.ts";
import type { ListedItem, QueuePage } from "./queue.server.ts";

/** A filter as it stands in an address. */
export function filterQuery(filter: QueueFilter): Record<string, string | number | null> {
  return {
    kind: filter.kind,
    event: filter.event,
    language: filter.language,
    stage: filter.stage,
    age: filter.age,
  };
}

interface QueueListProps {
  page: QueuePage;
  filter: QueueFilter;
  current: string | null;
  cursor: string | null;
}

/** What waits, first what goes first: kind, what about, how long, and who is on it. */
export function QueueList({ page, filter, current, cursor }: QueueListProps) {
  const t = useT();
  const query = filterQuery(filter);
  return (
    <nav className="queue" aria-label={t("moderation:queue.list")}>
      <p className="meta">
        {t(page.waiting >= 1000 ? "moderation:queue.countMany" : "moderation:queue.count", {
          count: page.waiting,
        })}
        {page.oldest ? (
          <>
            {t("common:punctuation.separator")}
            {t("moderation:queue.oldest")} <TimeAgo at={page.oldest} form="age" />
          </>
        ) : null}
      </p>
      {page.items.length === 0 ? (
        <EmptyState title={t("moderation:queue.emptyTitle")}>
          <p>{t("moderation:queue.emptyText")}</p>
          <p>
            <a href={paths.moderation()}>{t("moderation:queue.emptyNext")}</a>
          </p>
        </EmptyState>
      ) : (
        <ul>
          {page.items.map((item) => (
            <li key={item.id}>
              <a
                href={withQuery(paths.moderationItem(item.id), query)}
                aria-current={item.id === current ? "true" : undefined}
              >
                <ItemLine item={item} />
              </a>
            </li>
          ))}
        </ul>
      )}
      <Pager
        shown={page.items.length}
        nextHref={page.next ? withQuery(paths.moderation(), { ...query, cursor: page.next }) : null}
        firstHref={cursor ? withQuery(paths.moderation(), query) : null}
      />
    </nav>
  );
}

// A person who is not for everybody has no name in the list: then what is needed stands there, in words.
function whatItIs({ kind, title, text }: ListedItem, t: Translate): string | null {
  const shown = title ?? text;
  return (kind === "needs_help" && needsInWords(shown?.split(", ") ?? [], t)) || shown;
}

function ItemLine({ item }: { item: ListedItem }) {
  const t = useT();
  return (
    <>
      <span className={`kind s${item.severity}`}>{t(`moderation:kind.${item.kind}`)}</span>
      {item.stage === 2 ? <span className="meta"> · {t("moderation:queue.stage2")}</span> : null}
      <br />
      <bdi>{whatItIs(item, t)}</bdi> <TimeAgo at={item.created_at} form="age" />
      {item.holder ? (
        <>
          <br />
          <small className="meta">
            {item.held_by_me
              ? t("moderation:queue.heldByMe")
              : t("moderation:queue.held", { name: item.holder })}
          </small>
        </>
      ) : null}
    </>
  );
}

interface QueueFilterFormProps {
  filter: QueueFilter;
  events: readonly { value: string; label: string }[];
}

/** Narrows the list: kind, event, language, stage and age. */
export function QueueFilterForm({ filter, events }: QueueFilterFormProps) {
  const t = useT();
  const all = t("moderation:queue.all");
  return (
    <GetForm
      id="filter"
      action={paths.moderation()}
      className="queue-filter"
      answers={Object.fromEntries(
        Object.entries(filterQuery(filter)).map(([name, value]) => [
          name,
          value === null ? null : String(value),
        ]),
      )}
    >
      <SelectField
        name="kind"
        label={t("moderation:queue.kind")}
        empty={all}
        options={KINDS.map((kind) => ({ value: kind, label: t(`moderation:kind.${kind}`) }))}
      />
      <SelectField name="event" label={t("moderation:queue.event")} empty={all} options={events} />
      <SelectField
        name="language"
        label={t("moderation:queue.language")}
        empty={all}
        options={[
          { value: "zh-TW", label: "中文" },
          { value: "en", label: "English" },
          { value: "ja", label: "日本語" },
        ]}
      />
      <SelectField
        name="stage"
        label={t("moderation:queue.stage")}
        empty={all}
        options={[
          { value: "1", label: t("moderation:queue.stage1") },
          { value: "2", label: t("moderation:queue.stage2") },
        ]}
      />
      <SelectField
        name="age"
        label={t("moderation:queue.age")}
        empty={all}
        options={AGES.map((hours) => ({
          value: String(hours),
          label: t("moderation:queue.ageHours", { hours }),
        }))}
      />
      <SendButton look="plain">{t("moderation:queue.apply")}</SendButton>
    </GetForm>
  );
}
