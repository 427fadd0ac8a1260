import type { MetaFunction } from "@remix-run/node";
import { pageTitle } from "../i18n/page-language.ts";
import { useT } from "../i18n/language-context.tsx";
import type { MessageKey } from "../i18n/translate.ts";
import { HelpNav } from "../ui/help-nav.tsx";
import { Hotline } from "../ui/hotline.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "help:accessibility.title");

const done: readonly MessageKey[] = [
  "help:accessibility.done1",
  "help:accessibility.done2",
  "help:accessibility.done3",
  "help:accessibility.done4",
  "help:accessibility.done5",
  "help:accessibility.done6",
];

const open: readonly MessageKey[] = [
  "help:accessibility.open1",
  "help:accessibility.open2",
  "help:accessibility.open3",
];

/** What works for whom, and what does not yet. */
export default function AccessibilityPage() {
  const t = useT();
  return (
    <>
      <PageHead title={t("help:accessibility.title")} lede={t("help:accessibility.lede")} />
      <HelpNav current="accessibility" />
      <Points title={t("help:accessibility.doneTitle")} points={done.map((point) => t(point))} />
      <Points title={t("help:accessibility.openTitle")} points={open.map((point) => t(point))} />
      <h2>{t("help:accessibility.tellTitle")}</h2>
      <p>{t("help:accessibility.tell1")}</p>
      <Hotline />
    </>
  );
}

function Points({ title, points }: { title: string; points: readonly string[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  );
}
