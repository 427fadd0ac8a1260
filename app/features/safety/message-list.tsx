import { useT } from "../../i18n/language-context.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";

interface MessageListProps {
  messages: ReadonlyArray<{ from_author: boolean; text: string; created_at: string }>;
  /** The name on the record: the author is only known as whoever posted it. */
  author: string;
  visitor: string;
}

/** A conversation, oldest first. */
export function MessageList({ messages, author, visitor }: MessageListProps) {
  const t = useT();
  return (
    <ol className="notes">
      {messages.map((message, index) => (
        <li key={`${message.created_at}-${index}`} id={index === messages.length - 1 ? "last" : undefined}>
          <p className="meta">
            {message.from_author ? t("safety:relay.fromAuthor", { name: author }) : <bdi>{visitor}</bdi>}
            {t("common:punctuation.separator")}
            <TimeAgo at={message.created_at} form="age" />
          </p>
          <p className="pre" dir="auto">
            {message.text}
          </p>
        </li>
      ))}
    </ol>
  );
}
