import type { ReactNode } from "react";
import { useT } from "../i18n/language-context.tsx";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";

type Look = "main" | "plain" | "danger";

const lookClass: Record<Look, string | undefined> = { main: undefined, plain: "plain", danger: "danger" };

interface SendButtonProps {
  /** Says what happens: "送出：我平安". */
  children: ReactNode;
  look?: Look;
  name?: string;
  value?: string;
  icon?: IconName;
}

/** Sends the form it stands in. */
export function SendButton({ children, look = "main", name, value, icon }: SendButtonProps) {
  return (
    <button className={lookClass[look]} name={name} value={value}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}

interface ButtonLinkProps {
  href: string;
  children: ReactNode;
  look?: Look;
  icon?: IconName;
}

/** Goes somewhere, and looks as important as a button. */
export function ButtonLink({ href, children, look = "main", icon }: ButtonLinkProps) {
  return (
    <a className={look === "main" ? "button" : `button ${lookClass[look]}`} href={href}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </a>
  );
}

/** Buttons side by side where there is room. */
export function ButtonRow({ children }: { children: ReactNode }) {
  return <div className="row">{children}</div>;
}

// The three below need the optional script (`handle.enhance`) and stay hidden without it:
// a button that does nothing is worse than none.

/** Copies a text, such as the manage link. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = useT();
  return (
    <button type="button" className="plain" data-copy={text} data-done={t("common:action.copied")} hidden>
      <Icon name="copy" />
      <span role="status">{label ?? t("common:action.copy")}</span>
    </button>
  );
}

/** Opens the device's own way to pass an address on. */
export function ShareButton({ url, title, label }: { url: string; title: string; label?: string }) {
  const t = useT();
  return (
    <button type="button" className="plain" data-share={url} data-title={title} hidden>
      <Icon name="share" />
      <span>{label ?? t("common:action.share")}</span>
    </button>
  );
}

/** Prints the page. */
export function PrintButton({ label }: { label?: string }) {
  const t = useT();
  return (
    <button type="button" className="plain" data-print="" hidden>
      <Icon name="print" />
      <span>{label ?? t("common:action.print")}</span>
    </button>
  );
}
