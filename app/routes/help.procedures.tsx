import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { readProcedures } from "../features/official-site/numbers.server.ts";
import { RulesSection } from "../features/official-site/rules-section.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { useT } from "../i18n/language-context.tsx";
import type { MessageKey } from "../i18n/translate.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { HelpNav } from "../ui/help-nav.tsx";
import { Hotline } from "../ui/hotline.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "help:procedures.title");
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context }: LoaderFunctionArgs) {
  return { procedures: await orRefuse(readProcedures(context.backend.db)) };
}

const sections: readonly { title: MessageKey; points: readonly MessageKey[]; hotline?: boolean }[] = [
  {
    title: "help:procedures.postTitle",
    points: [
      "help:procedures.post1",
      "help:procedures.post2",
      "help:procedures.post3",
      "help:procedures.post4",
    ],
  },
  {
    title: "help:procedures.helpTitle",
    points: ["help:procedures.help1", "help:procedures.help2", "help:procedures.help3"],
    hotline: true,
  },
  { title: "help:procedures.deadTitle", points: ["help:procedures.dead1", "help:procedures.dead2"] },
  { title: "help:procedures.wrongTitle", points: ["help:procedures.wrong1", "help:procedures.wrong2"] },
];

/** What happens to a post, in a few words, and then every rule as the database holds it. */
export default function ProceduresPage() {
  const t = useT();
  const { procedures } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title={t("help:procedures.title")} lede={t("help:procedures.lede")} />
      <HelpNav current="procedures" />
      {sections.map(({ title, points, hotline }) => (
        <section key={title}>
          <h2>{t(title)}</h2>
          <ul>
            {points.map((point) => (
              <li key={point}>{t(point)}</li>
            ))}
          </ul>
          {hotline ? <Hotline urgent /> : null}
        </section>
      ))}
      <RulesSection procedures={procedures} />
      <ul>
        <li>
          <a href={paths.transparency()}>{t("official:rules.numbersLink")}</a>
        </li>
        <li>
          <a href={paths.publicLog()}>{t("official:rules.logLink")}</a>
        </li>
      </ul>
    </>
  );
}
