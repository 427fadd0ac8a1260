import type { ReportKind } from "../../formats/report-record.ts";

/** A drawing for each kind of report, in the line style of all our icons: 24 px grid, stroke from the stylesheet. */

const drawings: Record<ReportKind, string> = {
  road: "M8.5 3 5 21M15.5 3 19 21M12 4v3M12 10.5v3M12 17v3.5",
  bridge:
    "M2.5 16.5h19M5 16.5V20M19 16.5V20M2.5 12.5c4 0 5-5 9.5-5s5.5 5 9.5 5M8.5 8.6v7.9M12 7.5v9M15.5 8.6v7.9",
  landslide: "M3 20 10 5l3.5 6M3 20h18M14 11.5a2 2 0 1 0 .1 0M18.5 14a2.4 2.4 0 1 0 .1 0M12 17.2h.2",
  flood:
    "M4 11.5V9l8-5.5L20 9v2.5M2.5 15.5c2.4-2 4-2 6.3 0s4 2 6.4 0 4-2 6.3 0M2.5 20c2.4-2 4-2 6.3 0s4 2 6.4 0 4-2 6.3 0",
  fire: "M12 3c.6 4 5.5 5.6 5.5 11a5.5 5.5 0 0 1-11 0c0-2.6 1.6-3.8 2-6 1.6.6 2.4 1.8 2.5 3.2C12.6 9 12.6 6 12 3Z",
  building: "M5 21V4h9v17M3 21h18M14 10h5v11M8 8h3M8 12h3M8 16h3",
  hazard: "M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17v.2",
  shelter: "M3 19.5 12 5l9 14.5ZM12 5V3M9 19.5 12 13l3 6.5",
  water:
    "M12 3.5c3.6 4.4 5.5 7.3 5.5 10.2a5.5 5.5 0 0 1-11 0C6.5 10.8 8.4 7.9 12 3.5ZM9.5 14a2.6 2.6 0 0 0 2.5 2.6",
  food: "M4.5 12h15a7.5 7.5 0 0 1-15 0ZM8 20h8M9 8.5c-1-1 .8-2 0-3.5M12.5 8.5c-1-1 .8-2 0-3.5M16 8.5c-1-1 .8-2 0-3.5",
  medical: "M9.5 3.5h5v6h6v5h-6v6h-5v-6h-6v-5h6Z",
  power: "M13 2.5 5 13.5h6l-1 8 8-11h-6Z",
  communications:
    "M12 12v9M12 10a1.2 1.2 0 1 0 .1 0M8.5 14.5a5 5 0 0 1 0-7M15.5 14.5a5 5 0 0 0 0-7M5.8 17.2a9 9 0 0 1 0-12.4M18.2 17.2a9 9 0 0 0 0-12.4",
  transport: "M5 4.5h14v12H5ZM5 11h14M8 16.5v3M16 16.5v3M8.2 13.8h.1M15.8 13.8h.1",
  volunteers_needed:
    "M9 5a3 3 0 1 0 .1 0M3 19c.3-3.5 2.5-5 6-5s5.7 1.5 6 5M16 6.5a2.5 2.5 0 1 1 1 4.8M17.5 14c2 .4 3.3 1.8 3.5 4.5",
  other: "M12 3a9 9 0 1 0 .1 0M8 12h.1M12 12h.1M16 12h.1",
};

/** A drawing that repeats the word beside it; screen readers skip it. */
export function KindIcon({ kind }: { kind: ReportKind }) {
  return (
    <svg className="i" viewBox="0 0 24 24" aria-hidden="true">
      <path d={kindDrawing(kind)} />
    </svg>
  );
}

/** The lines of the drawing, for whoever makes the picture without React. */
export function kindDrawing(kind: ReportKind): string {
  return drawings[kind];
}
