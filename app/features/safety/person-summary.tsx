import { countryName } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { Facts } from "../../ui/facts.tsx";
import { StatusTag } from "../../ui/status-tag.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { displayStatus, type Note, type Person } from "./persons.ts";

interface PersonSummaryProps {
  person: Person;
  notes: readonly Note[];
  zone?: string | undefined;
  photoQuery: string;
}

/** How a person is: the newest word, and beside it the newest from the person herself when somebody else spoke since. */
export function PersonSummary({ person, notes, zone, photoQuery }: PersonSummaryProps) {
  const t = useT();
  const { code } = useLanguage();
  const own =
    person.status_by === "self"
      ? undefined
      : notes.find((note) => note.source === "self" && note.status !== null);
  const separator = t("common:punctuation.separator");
  const home = [
    person.home_city,
    person.home_state,
    person.home_country ? countryName(person.home_country, code) : null,
  ].filter((part) => part !== null);
  const age =
    person.age_from === null
      ? null
      : t("safety:person.ageBand", { from: person.age_from, to: person.age_to ?? person.age_from });
  return (
    <>
      <StatusTag
        big
        status={displayStatus({ status: person.status, by: person.status_by, needs: person.needs })}
        source={person.status_by}
        at={person.status_date}
        zone={zone}
        needs={person.needs}
      />
      {own ? (
        <StatusTag
          status={displayStatus({ status: own.status, by: own.source, needs: own.needs })}
          source={own.source}
          at={own.source_date}
          zone={zone}
          needs={own.needs}
        />
      ) : null}
      {person.status === null ? <p className="meta">{t("safety:statusNote.none")}</p> : null}
      {person.softened ? <p className="notice">{t("safety:person.softened")}</p> : null}
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
      <Facts
        facts={[
          person.last_known_location || person.lat !== null
            ? {
                label: t("safety:person.lastPlace"),
                value: (
                  <>
                    {person.last_known_location ? <bdi>{person.last_known_location}</bdi> : null}
                    {person.lat === null ? null : (
                      <>
                        {person.last_known_location ? separator : null}
                        {person.lat}, {person.lon}
                        {person.precision_m !== null && person.precision_m >= 1000
                          ? ` (${t("safety:person.positionRounded")})`
                          : null}
                      </>
                    )}
                  </>
                ),
              }
            : null,
          age === null && person.sex === null && home.length === 0
            ? null
            : {
                label: t("safety:person.detailsTitle"),
                value: [
                  person.sex ? t(`safety:sex.${person.sex}`) : null,
                  age,
                  person.minor ? t("safety:person.minor") : null,
                  home.length > 0 ? t("safety:person.homeFrom", { place: home.join(" ") }) : null,
                ]
                  .filter((part) => part !== null)
                  .join(separator),
              },
          person.description
            ? {
                label: t("safety:form.textLabelSeeking"),
                value: <span className="pre">{person.description}</span>,
              }
            : null,
          person.author_name
            ? { label: t("safety:person.postedBy"), value: <bdi>{person.author_name}</bdi> }
            : null,
          person.is_clone
            ? {
                label: t("safety:person.original"),
                value: t("safety:person.originalAt", { domain: person.record_id.split("/")[0] ?? "" }),
              }
            : null,
        ]}
      />
      <p className="meta">
        <ExpiryLine expiry={person.expiry_date} />
      </p>
    </>
  );
}

function ExpiryLine({ expiry }: { expiry: string }) {
  const t = useT();
  const [before = "", after = ""] = t("safety:person.expiresAt", { date: "\u0000" }).split("\u0000");
  return (
    <>
      {before}
      <TimeAgo at={expiry} form="day" />
      {after}
    </>
  );
}
