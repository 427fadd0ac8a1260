import { useT } from "../i18n/language-context.tsx";
import { ButtonLink } from "./button.tsx";
import { Hotline } from "./hotline.tsx";
import { PageHead } from "./page-head.tsx";

const problems = {
  400: "invalid",
  403: "forbidden",
  404: "missing",
  405: "missing",
  410: "gone",
  413: "tooLarge",
  422: "invalid",
  429: "tooMany",
  500: "broken",
  503: "busy",
} as const;

type Problem = (typeof problems)[keyof typeof problems];

/** The problem a status code means to a reader; one we never send reads as broken. */
export function problemOf(status: number): Problem {
  return Object.hasOwn(problems, status) ? problems[status as keyof typeof problems] : "broken";
}

interface ProblemPageProps {
  status: number;
  /** The address to try again, where trying again can help. */
  again?: string | null;
}

/** What happened, what to do, whom to call: a page that fails somebody in trouble still helps. */
export function ProblemPage({ status, again }: ProblemPageProps) {
  const t = useT();
  const problem = problemOf(status);
  const mayPass = problem === "broken" || problem === "busy" || problem === "tooMany";
  return (
    <>
      <PageHead title={t(`errors:page.${problem}Title`)} />
      <p>{t(`errors:page.${problem}Text`)}</p>
      {mayPass && again ? (
        <p>
          <ButtonLink href={again}>{t("errors:page.againLink")}</ButtonLink>
        </p>
      ) : null}
      <h2>{t("errors:page.nextTitle")}</h2>
      <ul>
        <li>
          <a href="/safety">{t("errors:page.boardLink")}</a>
        </li>
        <li>
          <a href="/safety/persons/new?as=me">{t("errors:page.meLink")}</a>
        </li>
        <li>
          <a href="/">{t("errors:page.homeLink")}</a>
        </li>
      </ul>
      <Hotline />
    </>
  );
}
