import { languages } from "../i18n/languages.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { Icon } from "./icons.tsx";

interface SiteHeaderProps {
  /** The address of this page, to come back to after changing the language. */
  here: string;
  /** Desks of the staff use the whole screen. */
  wide?: boolean;
}

/** Who we are, where to go, which language. The same on every page, in the same order. */
export function SiteHeader({ here, wide }: SiteHeaderProps) {
  const t = useT();
  // On a phone there is room for what a frightened person comes for; the rest stands in the footer of every page.
  const links: { href: string; label: string; roomy?: boolean }[] = [
    { href: "/safety", label: t("common:nav.board") },
    { href: "/map", label: t("common:nav.map") },
    { href: "/official", label: t("common:nav.official"), roomy: true },
    { href: "/statistics", label: t("common:nav.statistics"), roomy: true },
    { href: "/data", label: t("common:nav.data"), roomy: true },
    { href: "/help/procedures", label: t("common:nav.help") },
  ];
  const path = here.split("?", 1)[0];
  return (
    <header className={wide ? "site wide" : "site"}>
      <div>
        <a className="mark" href="/" aria-label={t("common:site.fullName")}>
          <Icon name="lighthouse" />
          {t("common:site.name")}
        </a>
        <nav aria-label={t("common:nav.label")}>
          {links.map(({ href, label, roomy }) => (
            <a
              key={href}
              href={href}
              className={roomy ? "roomy" : undefined}
              aria-current={href === path ? "page" : undefined}
            >
              {label}
            </a>
          ))}
        </nav>
        <LanguageSwitch here={here} />
      </div>
    </header>
  );
}

function LanguageSwitch({ here }: { here: string }) {
  const t = useT();
  const current = useLanguage();
  return (
    <details className="lang">
      <summary>
        <span className="vh">{t("common:language.label")}: </span>
        {current.shortName}
        <Icon name="chevron" />
      </summary>
      <form method="post" action="/language">
        <input type="hidden" name="next" value={here} />
        {languages.map(({ code, name }) => (
          <button
            key={code}
            name="lang"
            value={code}
            lang={code}
            aria-current={code === current.code ? "true" : undefined}
          >
            {name}
          </button>
        ))}
      </form>
    </details>
  );
}
