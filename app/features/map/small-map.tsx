import { useT } from "../../i18n/language-context.tsx";
import { distanceWords } from "./report-words.ts";
import type { Tone } from "./tones.ts";

/** A small map as SVG paths, as `small-map.server.ts` draws it on 640 by 360 pixels. */
export interface SmallMapDrawing {
  land: string;
  coast: string;
  borders: string;
  net: string;
  line: string | null;
  spot: readonly [x: number, y: number] | null;
  /** Radius in pixels within which the place lies, when it is not shown exactly. */
  about: number | null;
  bar: { pixels: number; metres: number };
}

interface SmallMapProps {
  drawing: SmallMapDrawing;
  tone: Tone;
  /** What the picture shows, for those who do not see it. */
  label: string;
}

/** Where one report lies: coast, borders and the place itself. Needs no script and asks for nothing. */
export function SmallMap({ drawing, tone, label }: SmallMapProps) {
  const t = useT();
  const { line, spot, about, bar } = drawing;
  return (
    <svg className={`small-map ${tone}`} viewBox="0 0 640 360" role="img" aria-label={label}>
      <path className="land" d={drawing.land} />
      <path className="net" d={drawing.net} />
      <path className="border" d={drawing.borders} />
      <path className="coast" d={drawing.coast} />
      {spot && about ? <circle className="about" cx={spot[0]} cy={spot[1]} r={Math.max(12, about)} /> : null}
      {spot && !about ? <circle className="spot" cx={spot[0]} cy={spot[1]} r={line ? 22 : 9} /> : null}
      {line ? <path className="drawn" d={line} /> : null}
      <path className="coast" d={`M16 340v6h${bar.pixels}v-6`} />
      <text x="20" y="336">
        {distanceWords(bar.metres, t)}
      </text>
    </svg>
  );
}
