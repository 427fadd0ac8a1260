import { Icon, type IconName } from "./icons.tsx";

interface WayInProps {
  icon: IconName;
  href: string;
  title: string;
  note: string;
  /** The one most people come for. */
  first?: boolean;
}

/** A large way in: what you can do here, and what it takes. */
export function WayIn({ icon, href, title, note, first }: WayInProps) {
  return (
    <a className={first ? "act first" : "act"} href={href}>
      <Icon name={icon} />
      <span>
        <b>{title}</b>
        <small>{note}</small>
      </span>
    </a>
  );
}
