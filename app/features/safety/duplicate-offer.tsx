import { useT } from "../../i18n/language-context.tsx";
import { ButtonLink, SendButton } from "../../ui/button.tsx";
import { PostForm } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PersonCard } from "./person-card.tsx";
import type { FoundPerson } from "./persons.server.ts";

interface DuplicateOfferProps {
  matches: readonly FoundPerson[];
}

/** Before a second record of the same person is made: is it one of these? */
export function DuplicateOffer({ matches }: DuplicateOfferProps) {
  const t = useT();
  return (
    <Notice title={t("safety:duplicates.title")} id="matches">
      <p>{t("safety:duplicates.lede")}</p>
      <ul className="list">
        {matches.map((person) => (
          <PersonCard key={person.id} person={person} match={person.match}>
            {/* A form inside the panel: browsers open it when the address leads there. */}
            <ButtonLink look="plain" href={`/safety/persons/${person.id}#add-note`}>
              {t("safety:duplicates.sameButton")}
            </ButtonLink>
          </PersonCard>
        ))}
      </ul>
      <p>{t("safety:duplicates.noneNext")}</p>
    </Notice>
  );
}

/** After posting about oneself: records somebody else made that look like the same person, to be linked by one tap. */
export function SameAgainOffer({ matches }: DuplicateOfferProps) {
  const t = useT();
  if (matches.length === 0) return null;
  return (
    <Notice title={t("safety:duplicates.afterTitle")} id="same">
      <p>{t("safety:duplicates.afterLede")}</p>
      <ul className="list">
        {matches.map((person) => (
          <PersonCard key={person.id} person={person} match={person.match}>
            <PostForm
              id={`same-${person.id}`}
              intent="link"
              hidden={{ other: person.id, text: t("safety:duplicates.afterReason") }}
            >
              <SendButton look="plain">{t("safety:duplicates.afterButton")}</SendButton>
            </PostForm>
          </PersonCard>
        ))}
      </ul>
    </Notice>
  );
}
