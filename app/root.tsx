import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  isRouteErrorResponse,
  useLocation,
  useMatches,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import type { ReactNode } from "react";
import { LanguageProvider, useLanguage, useT } from "./i18n/language-context.tsx";
import { defaultLanguage, detectLanguage } from "./i18n/languages.ts";
import type { PageLanguage } from "./i18n/page-language.ts";
import { pageTitle, pageTranslator } from "./i18n/page-language.ts";
import { useNonce } from "./nonce.ts";
import { pageKind, settledHandle } from "./page-kind.ts";
import { stylesheet } from "./styles/stylesheet.ts";
import { ProblemPage, problemOf } from "./ui/problem-page.tsx";
import { SiteFooter } from "./ui/site-footer.tsx";
import { SiteHeader } from "./ui/site-header.tsx";

/** The language and the moment of the page; everything below speaks the one and counts from the other. */
export function loader({ request }: LoaderFunctionArgs): PageLanguage {
  const { headers } = request;
  const language = detectLanguage(headers.get("Cookie"), headers.get("Accept-Language"));
  return { language: language.code, now: new Date().toISOString() };
}

export const meta: MetaFunction<typeof loader> = ({ matches, error }) => {
  if (error) return pageTitle(matches, `errors:page.${problemOf(statusOf(error))}Title`);
  const t = pageTranslator(matches);
  return [
    { title: t("common:site.fullName") },
    { name: "description", content: t("common:site.description") },
  ];
};

/** The document around every page and every problem. */
export function Layout({ children }: { children: ReactNode }) {
  const root = useRouteLoaderData<typeof loader>("root");
  return (
    <LanguageProvider
      language={root?.language ?? defaultLanguage.code}
      now={root?.now ?? new Date().toISOString()}
    >
      <Page>{children}</Page>
    </LanguageProvider>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  const location = useLocation();
  return <ProblemPage status={statusOf(useRouteError())} again={location.pathname + location.search} />;
}

/** What a route may say about its page in `handle`, besides what `page-kind.ts` reads. */
interface LayoutHandle {
  /** Search engines leave it alone. */
  noindex?: boolean;
  /** Uses the whole screen: desks of the staff, maps. */
  wide?: boolean;
  /** Stands in a frame on another site: no header and no footer. */
  embed?: boolean;
}

function Page({ children }: { children: ReactNode }) {
  const t = useT();
  const language = useLanguage();
  const nonce = useNonce();
  const location = useLocation();
  const matches = useMatches();
  const failed = useRouteError() != null;
  const handles = matches.map(({ handle, data }) => settledHandle(handle, data));
  const kind = pageKind(handles);
  const asked = (wish: keyof LayoutHandle): boolean =>
    handles.some((handle) => (handle as LayoutHandle | undefined)?.[wish] === true);
  const told = (fact: "drill" | "invented"): boolean =>
    matches.some(({ data }) => (data as Record<string, unknown> | null | undefined)?.[fact] === true);
  const wide = asked("wide");
  return (
    <html lang={language.code} dir={language.dir}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <Meta />
        {failed || asked("noindex") ? <meta name="robots" content="noindex" /> : null}
        {/* A manage link or a searched name stands in the address: no other site hears it. */}
        <meta name="referrer" content="same-origin" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme:light)" />
        <meta name="theme-color" content="#16211f" media="(prefers-color-scheme:dark)" />
        <link rel="icon" href={favicon} />
        <style dangerouslySetInnerHTML={{ __html: stylesheet }} />
        <Links />
        {kind === "enhanced" ? <script src="/enhance.js" defer /> : null}
      </head>
      <body>
        {asked("embed") ? (
          <main id="main" className="wrap">
            {children}
          </main>
        ) : (
          <>
            <a className="skip" href="#main">
              {t("common:skipLink")}
            </a>
            <SiteHeader here={location.pathname + location.search} wide={wide} />
            {told("drill") ? (
              <aside className="drill" aria-label={t("common:drill.short")}>
                <b>{t("common:drill.banner")}</b>
              </aside>
            ) : null}
            {told("invented") ? (
              <aside className="drill" aria-label={t("common:invented.short")}>
                <b>{t("common:invented.banner")}</b>
              </aside>
            ) : null}
            <main id="main" className={wide ? "wrap wide" : "wrap"} tabIndex={-1}>
              {children}
            </main>
            <SiteFooter wide={wide} />
          </>
        )}
        {kind === "hydrated" ? (
          <>
            <ScrollRestoration nonce={nonce} />
            <Scripts nonce={nonce} />
          </>
        ) : null}
      </body>
    </html>
  );
}

function statusOf(error: unknown): number {
  return isRouteErrorResponse(error) ? error.status : 500;
}

// In the page itself: a board on a slow line asks for nothing twice.
const favicon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%23138a80' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='M8.7 21 10.6 8h2.8l1.9 13M6 21h12M12 8V4.5M15.5 6.5l4.5-2M8.5 6.5 4 4.5'/%3E%3C/svg%3E";
