import {
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { confirmFollow, stopFollow } from "../features/safety/following.server.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { orRefuse } from "../server/page-answers.ts";
import { SendButton } from "../ui/button.tsx";
import { PostForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, data?.act === "stop" ? "safety:follow.stopTitle" : "safety:follow.confirmTitle");

const acts = ["confirm", "stop"] as const;

export function loader({ request, params }: LoaderFunctionArgs) {
  const act = acts.find((word) => word === params.act);
  if (!act) throw new Response(null, { status: 404 });
  return { act, done: new URL(request.url).searchParams.get("done") === "yes" };
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const id = params.id ?? "";
  const { commands } = context.backend;
  await orRefuse<unknown>(
    params.act === "confirm" ? confirmFollow(commands, id, token) : stopFollow(commands, id, token),
  );
  return redirect(`/safety/follows/${id}/${params.act === "confirm" ? "confirm" : "stop"}?done=yes`, 303);
}

/** Confirms or stops mail about a person. Opening the page changes nothing: mail programs open links by themselves. */
export default function FollowPage() {
  const t = useT();
  const { act, done } = useLoaderData<typeof loader>();
  const stop = act === "stop";
  return (
    <>
      <PageHead
        title={t(stop ? "safety:follow.stopTitle" : "safety:follow.confirmTitle")}
        back={{ href: "/safety", label: t("safety:board.backLink") }}
      />
      {done ? (
        <p role="status">{t(stop ? "safety:follow.stopped" : "safety:follow.confirmed")}</p>
      ) : (
        <PostForm id="follow">
          <p>{t(stop ? "safety:follow.stopAsk" : "safety:follow.confirmAsk")}</p>
          <SendButton>{t(stop ? "safety:follow.stopButton" : "safety:follow.confirmButton")}</SendButton>
        </PostForm>
      )}
    </>
  );
}
