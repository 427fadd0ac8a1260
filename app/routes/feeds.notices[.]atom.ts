import type { LoaderFunctionArgs } from "@remix-run/node";
import { noticesAtom } from "../features/notices/notices-atom.ts";
import { noticeFilter } from "../features/notices/notices.schema.ts";
import { listNotices } from "../features/notices/notices.server.ts";
import { ATOM_MEDIA_TYPE } from "../formats/atom.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { translator } from "../i18n/translate.ts";
import { paths } from "../platform/paths.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** Official notices for readers of feeds, of an event or a country where one is named. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const query = noticeFilter.parse(Object.fromEntries(new URL(request.url).searchParams));
    const page = await listNotices(context.backend.db, { ...query, limit: 50 });
    const language = detectLanguage(null, request.headers.get("Accept-Language")).code;
    const xml = noticesAtom(
      {
        notices: page.items,
        publicUrl: context.publicUrl,
        self: paths.feeds.notices(query),
        next: page.next === null ? null : paths.feeds.notices({ ...query, cursor: page.next }),
        now: new Date(),
      },
      translator(language),
    );
    return dataAnswer(request, ATOM_MEDIA_TYPE, xml);
  });
}
