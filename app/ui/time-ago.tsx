import { age, ageAndDate, calendarDate, dateTime, taipei } from "../i18n/format.ts";
import { useLanguage, useNow, useT } from "../i18n/language-context.tsx";

interface TimeAgoProps {
  /** RFC 3339, or a Date. */
  at: string | Date | null | undefined;
  /** The zone where it happened; Taipei when it is not known. */
  zone?: string;
  /** `age`: "3 小時前", for lists. `full`: with date and zone. `date`: date, clock and zone. `day`: the date alone. */
  form?: "age" | "full" | "date" | "day";
}

/** A moment as a reader weighs it: how old, and when where. A list shows the age; touching it or a screen reader gives the rest. */
export function TimeAgo({ at, zone = taipei, form = "full" }: TimeAgoProps) {
  const { code } = useLanguage();
  const now = useNow();
  const t = useT();
  const date = at == null ? null : new Date(at);
  if (!date || Number.isNaN(date.getTime())) return <span>{t("common:time.unknown")}</span>;
  const words = {
    age: () => age(date, now, code),
    full: () => {
      const [old, when] = ageAndDate(date, now, zone, code);
      return (
        <>
          {old}
          <span className="nb">{when}</span>
        </>
      );
    },
    date: () => dateTime(date, zone, code, now),
    day: () => calendarDate(date, zone, code, now),
  };
  return (
    <time
      className={form === "age" ? "nb" : undefined}
      dateTime={date.toISOString()}
      title={form === "age" ? dateTime(date, zone, code, now) : undefined}
    >
      {words[form]()}
    </time>
  );
}
