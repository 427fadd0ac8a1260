import type { ReactNode } from "react";
import { Icon } from "./icons.tsx";

interface PageHeadProps {
  title: ReactNode;
  /** One sentence: what this page is for. */
  lede?: ReactNode;
  back?: { href: string; label: string } | null;
}

/** The first lines of a page: where from, what it is, what for. */
export function PageHead({ title, lede, back }: PageHeadProps) {
  return (
    <>
      {back ? (
        <p className="back">
          <a href={back.href}>
            <Icon name="back" />
            <span>{back.label}</span>
          </a>
        </p>
      ) : null}
      <h1>{title}</h1>
      {lede ? <p className="lede">{lede}</p> : null}
    </>
  );
}
