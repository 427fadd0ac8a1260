import type { ReactNode } from "react";

interface NoticeProps {
  title?: string;
  children: ReactNode;
  id?: string;
}

/** What has just been done, or what to know before reading on. */
export function Notice({ title, children, id }: NoticeProps) {
  return (
    <section className="notice" id={id}>
      {title ? <h2>{title}</h2> : null}
      {children}
    </section>
  );
}
