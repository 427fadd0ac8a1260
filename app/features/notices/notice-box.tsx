import { countryName } from "../../i18n/format.ts";
import { useLanguage, useNow, useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import { OfficialBox } from "../../ui/official-box.tsx";
import { isCurrent, type Notice } from "./notices.ts";

interface NoticeBoxProps {
  notice: Notice;
  /** Lists show the first lines; the notice's own page shows all. */
  whole?: boolean;
  /** Heading under which the box stands. */
  heading?: "h2" | "h3";
}

/** A notice as its source words it: who speaks, when, the level quoted, and the way to the original. */
export function NoticeBox({ notice, whole = false, heading: Heading = "h2" }: NoticeBoxProps) {
  const t = useT();
  const { code } = useLanguage();
  const now = useNow();
  const current = isCurrent(notice, now);
  const lang = notice.language === code ? undefined : notice.language;
  const place = [notice.country ? countryName(notice.country, code) : null, notice.area].filter(
    (part) => part !== null,
  );
  return (
    <div className={current ? undefined : "over"}>
      <OfficialBox source={notice.source_name} at={notice.published_at} href={notice.url}>
        {notice.drill ? <b>{t("notices:notice.drill")} </b> : null}
        {notice.invented ? <b>{t("notices:notice.invented")} </b> : null}
        {whole ? null : (
          <Heading lang={lang}>
            <a href={paths.notice(notice.id)}>
              <bdi>{notice.title}</bdi>
            </a>
          </Heading>
        )}
        <p className="meta">
          {t(`notices:sourceKind.${notice.source_kind}`)}
          {place.length > 0
            ? t("common:punctuation.separator") + place.join(t("common:punctuation.comma"))
            : null}
        </p>
        <NoticeLevel notice={notice} />
        {current ? null : <p className="meta">{t(`notices:notice.${whyOver(notice)}`)}</p>}
        <p className={whole ? "pre" : undefined} lang={lang} dir="auto">
          {whole ? notice.text : firstWords(notice.text)}
        </p>
      </OfficialBox>
    </div>
  );
}

/** The level in the words of its source, quoted and in its language. */
export function NoticeLevel({ notice }: { notice: Pick<Notice, "level" | "language"> }) {
  const t = useT();
  if (notice.level === null) return null;
  return (
    <p className="level">
      {t("notices:notice.level")}
      {t("common:punctuation.colon")}
      <q lang={notice.language}>{notice.level}</q>
    </p>
  );
}

/** That comparing levels is no ground for a refund (D55); stands wherever levels of several sources do. */
export function RefundNote() {
  const t = useT();
  return <p className="notice">{t("notices:notice.refund")}</p>;
}

function whyOver(notice: Notice): "ended" | "replaced" | "past" {
  if (notice.ended) return "ended";
  return notice.replaced_by === null ? "past" : "replaced";
}

const LONGEST = 240;

function firstWords(text: string): string {
  const characters = [...text.slice(0, LONGEST * 2)];
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST).join("")}…`;
}
