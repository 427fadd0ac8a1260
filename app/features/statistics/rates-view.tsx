import { number } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { figureText } from "./names.ts";
import { figureFinder, type Figure, type ReleaseContent } from "./release-content.ts";
import { ratePer100000 } from "./release-views.ts";
import { CONTINENT_OF_REGION, CONTINENTS, type Continent } from "./travellers.ts";

interface Travellers {
  continent: string;
  travellers: number | null;
}

/** Cases of a year beside those who travelled, with the warning that belongs to it. */
export function RatesSection({
  content,
  travellers,
  year,
}: {
  content: ReleaseContent;
  travellers: readonly Travellers[];
  year: number;
}) {
  const t = useT();
  const { code } = useLanguage();
  if (travellers.length === 0)
    return (
      <section>
        <h2 id="rates">{t("statistics:rates.title")}</h2>
        <p>{t("statistics:rates.none", { year })}</p>
      </section>
    );
  const find = figureFinder(content.figures);
  const rows = [...CONTINENTS, "all" as const].map((continent) => {
    const figure = casesOf(continent, (area) => find({ time: content.period, area }));
    const count = travellers.find((one) => one.continent === continent)?.travellers ?? null;
    return { continent, figure, count, rate: ratePer100000(figure.cases, count) };
  });
  return (
    <section>
      <h2 id="rates">{t("statistics:rates.title")}</h2>
      <p>{t("statistics:rates.lede", { year })}</p>
      <p>
        <strong>{t("statistics:rates.warning")}</strong>
      </p>
      <div className="scroll" tabIndex={0} role="region" aria-labelledby="rates">
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("statistics:rates.continent")}</th>
              <th scope="col">{t("statistics:rates.cases")}</th>
              <th scope="col">{t("statistics:rates.travellers")}</th>
              <th scope="col">{t("statistics:rates.rate")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ continent, figure, count, rate }) => (
              <tr key={continent} className={continent === "all" ? "sum" : undefined}>
                <th scope="row">
                  {continent === "all" ? t("statistics:all") : t(`statistics:continent.${continent}`)}
                </th>
                <td>{figureText(figure, code)}</td>
                <td>{count === null ? "—" : number(count, code)}</td>
                <td>{rate === null ? t("statistics:rates.unknown") : number(rate, code)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="meta">{t("statistics:rates.source")}</p>
    </section>
  );
}

/** The cases of a continent, as far as all its regions are published. */
function casesOf(
  continent: Continent | "all",
  find: (area: string) => Figure | undefined,
): Pick<Figure, "cases" | "low" | "high"> {
  if (continent === "all") return find("all") ?? { cases: 0, low: 0, high: 0 };
  let cases: number | null = 0;
  for (const [region, of] of Object.entries(CONTINENT_OF_REGION)) {
    if (of !== continent) continue;
    const figure = find(region);
    cases = figure?.cases === null || cases === null ? null : cases + (figure?.cases ?? 0);
  }
  return { cases, low: cases, high: cases };
}
