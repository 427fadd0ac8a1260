import { useT } from "../i18n/language-context.tsx";
import { LinkedText } from "./linked-text.tsx";

const bureauOfConsularAffairs = "https://www.boca.gov.tw/";

const links = [
  { href: "/official", label: "common:nav.official" },
  { href: "/statistics", label: "common:nav.statistics" },
  { href: "/cases", label: "common:footer.cases" },
  { href: "/data", label: "common:nav.data" },
  { href: "/log", label: "common:footer.log" },
  { href: "/help/procedures", label: "common:footer.procedures" },
  { href: "/help/privacy", label: "common:footer.privacy" },
  { href: "/help/accessibility", label: "common:footer.accessibility" },
  { href: "/sign-in", label: "common:footer.staff" },
] as const;

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
          {links.map(({ href, label }) => (
            <li key={href}>
              <a href={href}>{t(label)}</a>
            </li>
          ))}
        </ul>
      </footer>
    </div>
  );
}
