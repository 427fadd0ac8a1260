import type { ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { LanguageProvider } from "../i18n/language-context.tsx";
import type { LanguageCode } from "../i18n/languages.ts";
import { Name } from "./name.tsx";
import { StatusTag } from "./status-tag.tsx";

const statuses = ["safe", "needs_help", "alive", "claimed", "missing", "sought", "dead", "unknown"] as const;

function shown(element: ReactElement, language: LanguageCode = "zh-TW"): string {
  return renderToStaticMarkup(
    <LanguageProvider language={language} now="2025-11-22T02:20:00Z">
      {element}
    </LanguageProvider>,
  );
}

test("every status has its own icon and its own word", () => {
  const pages = statuses.map((status) => shown(<StatusTag status={status} />));
  const drawings = pages.map((page) => / d="([^"]+)"/.exec(page)?.[1]);
  const words = pages.map((page) => page.replace(/<[^>]+>/g, "").trim());
  expect(new Set(drawings).size).toBe(statuses.length);
  expect(new Set(words).size).toBe(statuses.length);
  for (const page of pages) expect(page).toContain('aria-hidden="true"');
});

test("says who said it and how long ago", () => {
  const page = shown(<StatusTag status="safe" source="self" at="2025-11-21T23:20:00Z" />);
  expect(page.replace(/<[^>]+>/g, "")).toBe("平安 本人 · 3 小時前");
  expect(page).toContain('<time class="nb" dateTime="2025-11-21T23:20:00.000Z" title="11月22日 07:20 台北">');
});

test("on a person's own page the time is told in full", () => {
  const page = shown(<StatusTag big status="sought" source="third_party" at="2025-11-21T23:20:00Z" />, "en");
  expect(page.replace(/<[^>]+>/g, "")).toBe("Someone is looking 3 hours ago (22 Nov 07:20 Taipei)");
});

test("whoever gave a name is named, and a word that names its source does not name it twice", () => {
  const at = "2025-11-21T23:20:00Z";
  const words = (element: ReactElement) => shown(element).replace(/<[^>]+>/g, "");
  expect(words(<StatusTag status="missing" source="third_party" at={at} />)).toContain("他人轉述 · 3 小時前");
  expect(words(<StatusTag status="alive" source="third_party" at={at} />)).toBe("有人說平安 3 小時前");
  expect(words(<StatusTag status="alive" source="third_party" at={at} by="室友" />)).toBe(
    "有人說平安 室友 · 3 小時前",
  );
  expect(words(<StatusTag status="alive" source="official" at={at} />)).toBe("平安 查核人員 · 3 小時前");
});

test("names what somebody needs", () => {
  const page = shown(<StatusTag status="needs_help" needs={["injured", "papers"]} />);
  expect(page).toContain("需要幫助：受傷、沒證件");
  expect(shown(<StatusTag status="needs_help" needs={["other"]} />)).toContain("需要幫助<");
});

test("a time that is none is said to be unknown", () => {
  expect(shown(<StatusTag status="safe" at="0000-99-99" />)).toContain("時間不明");
});

test("H14: a name cannot turn the line around it", () => {
  expect(shown(<Name name="محمد" others={["さくら"]} />)).toBe('<bdi>محمد</bdi><bdi lang="ja">さくら</bdi>');
});
