import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { Name } from "../../ui/name.tsx";
import { StatusTag } from "../../ui/status-tag.tsx";
import { useT } from "../../i18n/language-context.tsx";
import type { NameMatch } from "../../names/name-match.ts";
import { MatchReasonLine } from "./match-reason.tsx";
import { headline, type Person } from "./persons.ts";

interface PersonCardProps {
  person: Person;
  match?: NameMatch | null;
  /** The secret of the link, for a record that not everybody sees. */
  linkKey?: string;
  /** What to do with this person here. */
  children?: ReactNode;
}

/** One person on the board: name, how they are, who says so and when, and why they were found. */
export function PersonCard({ person, match, linkKey, children }: PersonCardProps) {
  const t = useT();
  const address = `/safety/persons/${person.id}${linkKey ? `?key=${linkKey}` : ""}`;
  return (
    <Card as="li">
      <h3>
        <a href={address}>
          <Name name={person.full_name} others={person.alternate_names.slice(0, 2)} />
        </a>
      </h3>
      <StatusTag {...headline(person)} needs={person.needs}>
        {person.last_known_location ? <bdi>{person.last_known_location}</bdi> : null}
      </StatusTag>
      {person.softened ? <p className="meta">{t("safety:person.heldNote")}</p> : null}
      {match ? <MatchReasonLine match={match} /> : null}
      {children}
    </Card>
  );
}
