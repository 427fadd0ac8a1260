import { useT } from "../../i18n/language-context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { StatusTag } from "../../ui/status-tag.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { displayStatus, type Note, type Person } from "./persons.ts";

interface NoteListProps {
  notes: readonly Note[];
  /** Public persons that linked notes point at. */
  linked: readonly Person[];
  zone?: string | undefined;
}

/** What was said about a person, newest first: by whom, when, and what. */
export function NoteList({ notes, linked, zone }: NoteListProps) {
  const t = useT();
  if (notes.length === 0) return <p>{t("safety:person.notesNone")}</p>;
  return (
    <ol className="notes">
      {notes.map((note) => (
        <li key={note.id} id={`note-${note.id}`}>
          <NoteHead note={note} zone={zone} />
          {note.text ? (
            <p className="pre" dir="auto">
              {note.text}
            </p>
          ) : null}
          {note.last_known_location ? (
            <p className="where meta">
              <Icon name="place" />
              <bdi>{note.last_known_location}</bdi>
            </p>
          ) : null}
          {note.author_made_contact === null ? null : (
            <p className="meta">
              {t(note.author_made_contact ? "safety:note.madeContact" : "safety:note.noContact")}
            </p>
          )}
          <LinkedPerson note={note} linked={linked} />
        </li>
      ))}
    </ol>
  );
}

function NoteHead({ note, zone }: { note: Note; zone?: string | undefined }) {
  const t = useT();
  if (note.status !== null) {
    return (
      <StatusTag
        dated
        status={displayStatus({ status: note.status, by: note.source, needs: note.needs })}
        source={note.source}
        by={note.author_name}
        at={note.source_date}
        zone={zone}
        needs={note.needs}
      />
    );
  }
  return (
    <p className="meta">
      {note.source === "third_party" && note.author_name ? (
        <bdi>{note.author_name}</bdi>
      ) : (
        t(`safety:source.${note.source}`)
      )}
      {t("common:punctuation.separator")}
      <TimeAgo at={note.source_date} zone={zone} />
    </p>
  );
}

function LinkedPerson({ note, linked }: { note: Note; linked: readonly Person[] }) {
  const t = useT();
  if (note.linked_person_record_id === null) return null;
  const other = linked.find(({ record_id }) => record_id === note.linked_person_record_id);
  return (
    <p>
      {t("safety:person.linksTitle")}
      {t("common:punctuation.colon")}
      {other ? (
        <a href={`/safety/persons/${other.id}`}>
          <bdi>{other.full_name}</bdi>
        </a>
      ) : (
        <span className="meta">{note.linked_person_record_id}</span>
      )}
    </p>
  );
}
