/**
 * Charts drawn on the server as SVG: titles and descriptions for readers who hear them, labels on the bars, no script and no
 * style attributes. A hidden figure is drawn as the range it lies in, so that nobody takes a gap for a nought.
 */
import { max } from "d3-array";
import { scaleBand, scaleLinear } from "d3-scale";
import { line } from "d3-shape";

export interface Bar {
  label: string;
  /** Null where hidden. */
  value: number | null;
  low: number | null;
  high: number | null;
  /** What is written beside the bar. */
  text: string;
}

interface ChartProps {
  id: string;
  title: string;
  /** What the chart says, in a sentence or two. */
  description: string;
}

const WIDTH = 360;
const ROW = 30;

/** One bar a row, labels above the bars: legible on the narrowest phone. */
export function BarChart({ id, title, description, bars }: ChartProps & { bars: readonly Bar[] }) {
  const most = max(bars, ({ value, high, low }) => value ?? high ?? low ?? 0) ?? 0;
  const x = scaleLinear([0, Math.max(most, 1)], [0, WIDTH - 70]);
  const height = bars.length * (ROW + 8) + 4;
  return (
    <svg className="chart" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
      <title id={`${id}-t`}>{title}</title>
      <desc id={`${id}-d`}>{description}</desc>
      {bars.map(({ label, value, low, high, text }, at) => {
        const y = at * (ROW + 8);
        const end = value ?? high ?? most;
        return (
          <g key={label}>
            <text x={0} y={y + 13} className="chart-label">
              {label}
            </text>
            {value === null ? (
              <rect
                className="chart-range"
                x={x(low ?? 0) + 0.5}
                y={y + 19}
                width={Math.max(x(end) - x(low ?? 0), 3)}
                height={12}
              />
            ) : (
              <rect
                className="chart-bar"
                x={0}
                y={y + 18}
                width={Math.max(x(value), value > 0 ? 2 : 0)}
                height={14}
              />
            )}
            <text x={x(end) + 6} y={y + 30} className="chart-value">
              {text}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

export interface MonthLine {
  year: number;
  /** Twelve; null where hidden or not out yet. */
  values: readonly (number | null)[];
}

const MONTHS = { height: 230, top: 16, bottom: 24, left: 30, right: 40 };

/** The newest year as columns, the years before it as lines with their year at the end. */
export function MonthsChart({
  id,
  title,
  description,
  newest,
  ranges,
  before,
  monthNames,
}: ChartProps & {
  newest: MonthLine;
  /** Of the newest year: the range of each hidden month. */
  ranges: readonly ({ low: number; high: number | null } | null)[];
  before: readonly MonthLine[];
  monthNames: readonly string[];
}) {
  const { height, top, bottom, left, right } = MONTHS;
  const most =
    max(
      [newest, ...before]
        .flatMap(({ values }) => values.map((value) => value ?? 0))
        .concat(ranges.map((range) => range?.high ?? 0)),
    ) ?? 0;
  const x = scaleBand<number>()
    .domain([...monthNames.keys()])
    .range([left, WIDTH - right])
    .paddingInner(0.25)
    .paddingOuter(0.1);
  const y = scaleLinear([0, Math.max(most, 1)], [height - bottom, top]).nice(4);
  const middle = (month: number) => x(month)! + x.bandwidth() / 2;
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, month) => middle(month))
    .y((value) => y(value!));
  return (
    <svg className="chart" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
      <title id={`${id}-t`}>{title}</title>
      <desc id={`${id}-d`}>{description}</desc>
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line className="chart-rule" x1={left} x2={WIDTH - right} y1={y(tick)} y2={y(tick)} />
          <text className="chart-tick" x={left - 5} y={y(tick) + 4} textAnchor="end">
            {tick}
          </text>
        </g>
      ))}
      {newest.values.map((value, month) => {
        const range = ranges[month];
        if (value !== null)
          return (
            <rect
              key={month}
              className="chart-bar"
              x={x(month)}
              y={y(value)}
              width={x.bandwidth()}
              height={y(0) - y(value)}
            />
          );
        if (!range) return null;
        const high = range.high ?? y.domain()[1]!;
        return (
          <rect
            key={month}
            className="chart-range"
            x={x(month)}
            y={y(high)}
            width={x.bandwidth()}
            height={Math.max(y(range.low) - y(high), 2)}
          />
        );
      })}
      {before.map(({ year, values }, at) => {
        const last = values.findLastIndex((value) => value !== null);
        return last < 0 ? null : (
          <g key={year}>
            <path className={`chart-line chart-line-${Math.min(at, 2)}`} d={path([...values]) ?? ""} />
            <text className="chart-tick" x={middle(last) + 8} y={y(values[last]!) + 4}>
              {year}
            </text>
          </g>
        );
      })}
      {monthNames.map((name, month) => (
        <text key={month} className="chart-tick" x={middle(month)} y={height - 8} textAnchor="middle">
          {name}
        </text>
      ))}
      <text className="chart-tick" x={left} y={top - 6}>
        {newest.year}
      </text>
    </svg>
  );
}
