import type { ReactNode } from "react";

interface EmptyStateProps {
  title: string;
  /** What it means, and what to do now. */
  children: ReactNode;
}

/** Nothing to show: says so, and says what to do. */
export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <section className="empty">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
