import type { ReactNode } from "react";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";

interface DetailsPanelProps {
  id?: string;
  summary: ReactNode;
  icon?: IconName;
  /** Open from the start, for instance when something inside must be changed. */
  open?: boolean;
  children: ReactNode;
}

/** More, for who wants it. Opens without script. */
export function DetailsPanel({ id, summary, icon, open, children }: DetailsPanelProps) {
  return (
    <details className="panel" id={id} open={open}>
      <summary>
        {icon ? <Icon name={icon} /> : null}
        {summary}
        <Icon name="chevron" />
      </summary>
      {children}
    </details>
  );
}
