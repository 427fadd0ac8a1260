import type { ReactNode } from "react";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";

interface DetailsPanelProps {
  id?: string;
  summary: ReactNode;
  icon?: IconName;
  /** Open from the start, for instance when something inside must be changed. */
  open?: boolean;
  /** A ruled row, a button that opens in place (`main` for the first of them), or a quiet line of text. */
  look?: "row" | "main" | "plain" | "quiet";
  children: ReactNode;
}

const classes = {
  row: ["panel", undefined],
  main: ["act-panel", "button"],
  plain: ["act-panel", "button plain"],
  quiet: ["quiet-panel", undefined],
} as const;

/** More, for who wants it. Opens without script. */
export function DetailsPanel({ id, summary, icon, open, look = "row", children }: DetailsPanelProps) {
  const [frame, handle] = classes[look];
  return (
    <details className={frame} id={id} open={open}>
      <summary className={handle}>
        {icon ? <Icon name={icon} /> : null}
        <span>{summary}</span>
        <Icon name="chevron" />
      </summary>
      {children}
    </details>
  );
}
