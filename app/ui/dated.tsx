import { useNow } from "../i18n/language-context.tsx";
import { TimeAgo } from "./time-ago.tsx";

interface DatedProps {
  /** The sentence around a date, as each language builds it. */
  text: (date: string) => string;
  /** The moment; null is the moment the page was made. */
  at: string | null;
  zone?: string;
  form?: "day" | "date" | "full";
}

// Never part of a sentence, so the date's place can be found again.
const gap = "\u0000";

/** A sentence with a date inside, the date as a proper time element. */
export function Dated({ text, at, zone, form = "day" }: DatedProps) {
  const now = useNow();
  const [before = "", after = ""] = text(gap).split(gap);
  return (
    <>
      {before}
      <TimeAgo at={at ?? now} zone={zone} form={form} />
      {after}
    </>
  );
}
