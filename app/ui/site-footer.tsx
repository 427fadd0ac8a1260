import { useT } from "../i18n/language-context.tsx";
import { LinkedText } from "./linked-text.tsx";

const bureauOfConsularAffairs = "https://www.boca.gov.tw/";

/** Who we are not, and what we promise. */
export function SiteFooter({ wide }: { wide?: boolean }) {
  const t = useT();
  return (
    <div className={wide ? "wrap wide" : "wrap"}>
      <footer className="foot">
        <p>
          <LinkedText text={t("common:footer.disclaimer")} href={bureauOfConsularAffairs} />
        </p>
        <ul className="links" aria-label={t("common:footer.label")}>
          <li>
            <a href="/help/procedures">{t("common:footer.procedures")}</a>
          </li>
          <li>
            <a href="/help/privacy">{t("common:footer.privacy")}</a>
          </li>
          <li>
            <a href="/help/accessibility">{t("common:footer.accessibility")}</a>
          </li>
        </ul>
      </footer>
    </div>
  );
}
