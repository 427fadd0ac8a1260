import type { MetaFunction } from "@remix-run/node";
import { pageTitle } from "../i18n/page-language.ts";
import { useT } from "../i18n/language-context.tsx";
import type { MessageKey } from "../i18n/translate.ts";
import { HelpNav } from "../ui/help-nav.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "help:privacy.title");

const seen: readonly { what: MessageKey; who: MessageKey }[] = [
  { what: "help:privacy.seenName", who: "help:privacy.seenNameWho" },
  { what: "help:privacy.seenPlace", who: "help:privacy.seenPlaceWho" },
  { what: "help:privacy.seenAge", who: "help:privacy.seenAgeWho" },
  { what: "help:privacy.seenContact", who: "help:privacy.seenContactWho" },
  { what: "help:privacy.seenMinor", who: "help:privacy.seenMinorWho" },
];

const sections: readonly { title: MessageKey; points: readonly MessageKey[] }[] = [
  { title: "help:privacy.searchTitle", points: ["help:privacy.search1", "help:privacy.search2"] },
  {
    title: "help:privacy.keptTitle",
    points: ["help:privacy.kept1", "help:privacy.kept2", "help:privacy.kept3", "help:privacy.kept4"],
  },
  {
    title: "help:privacy.trackTitle",
    points: ["help:privacy.track1", "help:privacy.track2", "help:privacy.track3", "help:privacy.track4"],
  },
  { title: "help:privacy.rightsTitle", points: ["help:privacy.rights1"] },
];

/** What is collected, who sees it and how long it stays. Says only what the site does today. */
export default function PrivacyPage() {
  const t = useT();
  return (
    <>
      <PageHead title={t("help:privacy.title")} lede={t("help:privacy.lede")} />
      <HelpNav current="privacy" />
      <h2>{t("help:privacy.seenTitle")}</h2>
      <table>
        <caption className="vh">{t("help:privacy.seenCaption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("help:privacy.seenWhat")}</th>
            <th scope="col">{t("help:privacy.seenWho")}</th>
          </tr>
        </thead>
        <tbody>
          {seen.map(({ what, who }) => (
            <tr key={what}>
              <th scope="row">{t(what)}</th>
              <td>{t(who)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sections.map(({ title, points }) => (
        <section key={title}>
          <h2>{t(title)}</h2>
          <ul>
            {points.map((point) => (
              <li key={point}>{t(point)}</li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
