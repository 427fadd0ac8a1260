import { useLanguage } from "../../i18n/language-context.tsx";
import { Hotline } from "../../ui/hotline.tsx";
import { inLanguage, type Event } from "./events.ts";

interface EventHotlineProps {
  event: Event | null;
  /** Adds: in danger, the local emergency number first. */
  urgent?: boolean;
}

/** Whom to call about an event, the ministry's line under it. */
export function EventHotline({ event, urgent }: EventHotlineProps) {
  const { code } = useLanguage();
  const hotline = event?.hotlines[0];
  return (
    <Hotline
      urgent={urgent}
      event={hotline ? { number: hotline.number, name: inLanguage(hotline.names, code) } : null}
    />
  );
}
