import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import { BarChart, type Bar } from "./charts.tsx";
import { areaText, figureText, periodText, programmeText, typeText } from "./names.ts";
import type { Figure, ReleaseContent } from "./release-content.ts";
import { TYPE_GROUPS } from "./release-tables.ts";
import { isCountry, largest, tableOf, type TableName } from "./release-views.ts";

const NOUGHT = { cases: 0, low: 0, high: 0 };

interface TablesProps {
  content: ReleaseContent;
  /** The release these tables can be downloaded of; null in a preview. */
  number: number | null;
  /** Why cells are hidden, for officers. */
  reasons?: Readonly<Record<string, string>>;
}

/** Every table of a release: chart first, then the figures. */
export function ReleaseTables({ content, number, reasons }: TablesProps) {
  return (
    <>
      <TableSection name="type" content={content} number={number} reasons={reasons} />
      <TableSection name="area" content={content} number={number} reasons={reasons} />
      <TableSection name="programme" content={content} number={number} reasons={reasons} />
      <TableSection name="region-type" content={content} number={number} reasons={reasons} />
    </>
  );
}

function TableSection({ name, content, number, reasons }: TablesProps & { name: TableName }) {
  const t = useT();
  const { code } = useLanguage();
  const { rows, columns, find } = tableOf(content, name);
  const title = t(`statistics:table.${name}`);
  const rowText = (row: string) =>
    name === "type"
      ? typeText(t, row)
      : name === "programme"
        ? programmeText(t, row)
        : areaText(t, code, row);
  const columnText = (column: string) =>
    name === "region-type" ? typeText(t, column) : periodText(t, column);
  return (
    <section>
      <h2 id={name}>{title}</h2>
      {name === "region-type" ? null : (
        <TableChart name={name} content={content} title={title} rowText={rowText} />
      )}
      <div className="scroll" tabIndex={0} role="region" aria-labelledby={name}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("statistics:table.code")}</th>
              {columns.map((column) => (
                <th scope="col" key={column}>
                  {columnText(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row} className={rowClass(name, row)}>
                <th scope="row">{rowText(row)}</th>
                {columns.map((column) => (
                  <FigureCell key={column} figure={find(row, column)} reasons={reasons} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {number === null ? null : (
        <p className="meta">
          {t("statistics:download")} <a href={paths.releaseFile(String(number), name, "csv")}>CSV</a>
          {t("common:punctuation.separator")}
          <a href={paths.releaseFile(String(number), name, "json")}>JSON</a>
        </p>
      )}
    </section>
  );
}

function FigureCell({ figure, reasons }: { figure: Figure | undefined; reasons: TablesProps["reasons"] }) {
  const t = useT();
  const { code } = useLanguage();
  const shown = figure ?? NOUGHT;
  if (shown.cases !== null) return <td>{figureText(shown, code)}</td>;
  const id = figure ? [figure.time, figure.area, figure.type, figure.programme].join("|") : "";
  const reason = reasons?.[id] as "small" | "group" | "complement" | "earlier" | undefined;
  return (
    <td className="hidden-figure">
      {figureText(shown, code)}
      <span className="vh"> {t("statistics:hidden.label")}</span>
      {reason ? <small> {t(`statistics:staff.reason.${reason}`)}</small> : null}
    </td>
  );
}

function TableChart({
  name,
  content,
  title,
  rowText,
}: {
  name: TableName;
  content: ReleaseContent;
  title: string;
  rowText: (row: string) => string;
}) {
  const t = useT();
  const { code } = useLanguage();
  const { rows, find } = tableOf(content, name);
  const groups: string[] = Object.keys(TYPE_GROUPS);
  const drawn = rows.filter((row) => row !== "all" && !isCountry(row) && !groups.includes(row));
  const figures = drawn.map((row) => find(row, content.period));
  const first = largest(figures);
  const bars: Bar[] = drawn.map((row, at) => {
    const figure = figures[at] ?? NOUGHT;
    return {
      label: rowText(row),
      value: figure.cases,
      low: figure.low,
      high: figure.high,
      text: figureText(figure, code),
    };
  });
  const period = periodText(t, content.period);
  return (
    <BarChart
      id={`chart-${name}`}
      title={title}
      description={
        first
          ? t("statistics:chart.text", {
              title,
              period,
              first: rowText(
                name === "type" ? first.type : name === "programme" ? first.programme : first.area,
              ),
              value: figureText(first, code),
            })
          : t("statistics:chart.textNone", { title, period })
      }
      bars={bars}
    />
  );
}

function rowClass(name: TableName, row: string): string | undefined {
  if (row === "all") return "sum";
  if (name === "area" && isCountry(row)) return "part";
  if (
    name === "type" &&
    Object.values(TYPE_GROUPS).some((types) => (types as readonly string[]).includes(row))
  )
    return "part";
  return undefined;
}

/** What is counted, by whom, what is missing: in a ruled box below the figures (D83, D84). */
export function BasisBox({ content }: { content: ReleaseContent }) {
  const t = useT();
  const { code } = useLanguage();
  const parts = ["counted", "counted_by", "coverage", "undercount", "protection"] as const;
  return (
    <section className="basis" id="basis">
      <h2>{t("statistics:basis.title")}</h2>
      <dl>
        {parts.map((part) => (
          <div key={part}>
            <dt>{t(`statistics:basis.${part}`)}</dt>
            <dd>{content.basis[part][code] ?? content.basis[part]["en"]}</dd>
          </div>
        ))}
      </dl>
      <p>{t("statistics:hidden.why")}</p>
    </section>
  );
}

/** The sentence with the answer: how many, most of what and where. */
export function AnswerSentence({ content }: { content: ReleaseContent }) {
  const t = useT();
  const { code } = useLanguage();
  const find = (codes: Partial<Figure>) =>
    content.figures.find(
      (figure) =>
        figure.time === content.period &&
        figure.area === (codes.area ?? "all") &&
        figure.type === (codes.type ?? "all") &&
        figure.programme === "all",
    );
  const total = find({}) ?? { ...NOUGHT };
  const groups: string[] = Object.keys(TYPE_GROUPS);
  const ofPeriod = content.figures.filter(
    ({ time, programme }) => time === content.period && programme === "all",
  );
  const type = largest(
    ofPeriod.filter(
      (figure) => figure.area === "all" && figure.type !== "all" && !groups.includes(figure.type),
    ),
  );
  const area = largest(
    ofPeriod.filter((figure) => figure.type === "all" && figure.area !== "all" && !isCountry(figure.area)),
  );
  const period = periodText(t, content.period);
  const text = figureText(total, code);
  return (
    <p className="answer">
      <b>
        {total.cases === null
          ? t("statistics:answer.range", { period, range: text })
          : t("statistics:answer.exact", { period, cases: text })}
      </b>{" "}
      {type && area && type.cases! > 0
        ? t("statistics:answer.most", {
            type: typeText(t, type.type),
            typeCases: figureText(type, code),
            area: areaText(t, code, area.area),
            areaCases: figureText(area, code),
          })
        : null}
    </p>
  );
}
