import { useT } from "../i18n/language-context.tsx";

const pages = ["procedures", "privacy", "accessibility"] as const;
export type HelpPage = (typeof pages)[number];

/** The other help pages. */
export function HelpNav({ current }: { current: HelpPage }) {
  const t = useT();
  return (
    <nav aria-label={t("help:nav.label")}>
      <ul className="tabs">
        {pages.map((page) => (
          <li key={page}>
            <a href={`/help/${page}`} aria-current={page === current ? "page" : undefined}>
              {t(`help:nav.${page}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
