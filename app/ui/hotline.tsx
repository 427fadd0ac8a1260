import { useT } from "../i18n/language-context.tsx";
import { Icon } from "./icons.tsx";

/** The ministry's line for people in trouble abroad. */
export const emergencyHotline = "+886-800-085-095";

interface CallLinkProps {
  number: string;
  title: string;
  note?: string;
}

/** A telephone number to tap on. */
export function CallLink({ number, title, note }: CallLinkProps) {
  return (
    <a className="call" href={`tel:${number.replace(/[^\d+]/g, "")}`}>
      <Icon name="phone" />
      <span>
        <small>{title}</small> <b>{number}</b> {note ? <small className="nb">{note}</small> : null}
      </span>
    </a>
  );
}

interface HotlineProps {
  /** The hotline of the event, which comes first. */
  event?: { number: string; name?: string | null } | null;
  /** Adds: in danger, the local emergency number first. */
  urgent?: boolean;
}

/** Whom to call, one tap away on every page of an event and every form about need. */
export function Hotline({ event, urgent }: HotlineProps) {
  const t = useT();
  return (
    <div className="hotline">
      {urgent ? (
        <p>
          <b>{t("common:hotline.local")}</b>
        </p>
      ) : null}
      {event ? <CallLink number={event.number} title={event.name ?? t("common:hotline.eventTitle")} /> : null}
      <CallLink number={emergencyHotline} title={t("common:hotline.title")} note={t("common:hotline.note")} />
    </div>
  );
}
