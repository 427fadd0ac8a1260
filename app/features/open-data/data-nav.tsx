import { useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";

const pages = {
  list: paths.data(),
  requests: paths.dataRequests(),
  reuses: paths.dataReuses(),
  quality: paths.dataQuality(),
  notOpen: paths.dataNotOpen(),
} as const;

/** The pages about open data. */
export function DataNav({ current }: { current: keyof typeof pages | null }) {
  const t = useT();
  return (
    <nav aria-label={t("data:nav.label")}>
      <ul className="tabs">
        {(Object.keys(pages) as (keyof typeof pages)[]).map((page) => (
          <li key={page}>
            <a href={pages[page]} aria-current={page === current ? "page" : undefined}>
              {t(`data:nav.${page}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
