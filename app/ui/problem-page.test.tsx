import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { LanguageProvider } from "../i18n/language-context.tsx";
import { languages } from "../i18n/languages.ts";
import { ProblemPage } from "./problem-page.tsx";

test.each([400, 403, 404, 405, 410, 413, 422, 429, 500, 503, 418, 599])(
  "A page that fails with %i says what to do and whom to call, in every language",
  (status) => {
    for (const { code } of languages) {
      const page = renderToStaticMarkup(
        <LanguageProvider language={code} now="2025-11-22T02:20:00Z">
          <ProblemPage status={status} again="/safety?q=<x>" />
        </LanguageProvider>,
      );
      expect(page).toContain('href="tel:+886800085095"');
      expect(page).toContain('href="/"');
      expect(page).toMatch(/<h1>[^<]+<\/h1><p>[^<]+<\/p>/);
      expect(page).not.toContain("errors:");
      expect(page).not.toContain("<x>");
    }
  },
);
