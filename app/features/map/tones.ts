import type { ReportKind, ReportSeverity, RoadState } from "../../formats/report-record.ts";

/** How a report looks at first sight: something is in the way, take care, something is there, or none of these. */
export type Tone = "alarm" | "care" | "good" | "neutral";

const help: ReadonlySet<ReportKind> = new Set(["shelter", "water", "food", "medical", "transport"]);

interface Looks {
  kind: ReportKind;
  state: RoadState | null;
  severity: ReportSeverity;
  needed?: boolean;
  status?: string;
}

/** Whether the kind is something that helps, rather than something in the way. */
export function isSupply(kind: ReportKind): boolean {
  return help.has(kind);
}

/** The tone of a report. It repeats what the words beside it say, and never stands alone. */
export function toneOf({ kind, state, severity, needed, status }: Looks): Tone {
  if (status === "cleared") return "good";
  if (state) return state === "closed" ? "alarm" : state === "open" ? "good" : "care";
  if (help.has(kind) && !needed) return "good";
  if (severity === "severe" || severity === "extreme") return "alarm";
  return severity === "minor" ? "neutral" : "care";
}
