import { countryName } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { StatusTag } from "../../ui/status-tag.tsx";
import { displayStatus, headline, type Note, type Person } from "./persons.ts";

interface PersonSummaryProps {
  person: Person;
  notes: readonly Note[];
  zone?: string | undefined;
  photoQuery: string;
}

/** How a person is: the newest word, and beside it the newest from the person herself when somebody else spoke since. */
export function PersonSummary({ person, notes, zone, photoQuery }: PersonSummaryProps) {
  const t = useT();
  const first = headline(person);
  // Beside it the newest from the other side: her own word when somebody else spoke since, theirs when she calls for help.
  const other =
    person.status_by === "self"
      ? undefined
      : notes.find((note) => note.status !== null && (note.source === "self") !== (first.source === "self"));
  return (
    <>
      <StatusTag
        big
        {...first}
        by={notes.find((note) => note.source_date === first.at)?.author_name ?? null}
        zone={zone}
        needs={person.needs}
      />
      {other ? (
        <StatusTag
          dated
          status={displayStatus({ status: other.status, by: other.source, needs: other.needs })}
          source={other.source}
          by={other.author_name}
          at={other.source_date}
          zone={zone}
          needs={other.needs}
        />
      ) : null}
      {person.photo_id ? (
        <p>
          <img
            className="photo"
            src={`/photos/${person.photo_id}.jpg${photoQuery}`}
            alt={t("safety:person.photoAlt", { name: person.full_name })}
            width="240"
            height="240"
          />
        </p>
      ) : null}
      <Whereabouts person={person} />
      <Description person={person} />
    </>
  );
}

function Whereabouts({ person }: { person: Person }) {
  const t = useT();
  const { last_known_location: place, lat, lon, precision_m } = person;
  if (!place && lat === null) return null;
  const rounded = precision_m !== null && precision_m >= 1000;
  return (
    <p className="where">
      <Icon name="place" />
      <span>
        <span className="vh">{t("safety:person.lastPlace")}</span> {place ? <bdi>{place}</bdi> : null}{" "}
        {lat === null ? null : (
          <span className="meta nb">
            {lat}, {lon}
            {rounded ? t("common:punctuation.separator") + t("safety:person.positionRounded") : null}
          </span>
        )}
      </span>
    </p>
  );
}

function Description({ person }: { person: Person }) {
  const t = useT();
  const { code } = useLanguage();
  const country = person.home_country ? countryName(person.home_country, code) : null;
  const small = [person.home_city, person.home_state, country].filter((part) => part !== null);
  // The large place first where the language says it so.
  const home = code === "en" ? small.join(", ") : small.reverse().join(" ");
  const facts = [
    person.sex ? t(`safety:sex.${person.sex}`) : null,
    person.age_from === null
      ? null
      : t("safety:person.ageBand", { from: person.age_from, to: person.age_to ?? person.age_from }),
    // With the band it would say more than the band: 15–19 and under 18 is 15–17.
    person.minor && person.age_from === null ? t("safety:person.minor") : null,
    home ? t("safety:person.homeFrom", { place: home }) : null,
  ].filter((part) => part !== null);
  return (
    <>
      {facts.length > 0 ? <p>{facts.join(t("common:punctuation.separator"))}</p> : null}
      {person.description ? (
        <p className="pre" dir="auto">
          {person.description}
        </p>
      ) : null}
    </>
  );
}
