import type { LoaderFunctionArgs } from "@remix-run/node";
import { itemPhoto } from "../features/moderation/queue.server.ts";
import { fewPixels } from "../features/moderation/small-photo.server.ts";
import { isUuid } from "../features/safety/record-ids.ts";
import { orRefuse } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";

/** The photo an item is about, for staff of its country; `?small=yes` gives a dozen pixels, to be seen blurred. */
export async function loader({ context, request, params }: LoaderFunctionArgs): Promise<Response> {
  const staff = await requireStaff(context, request, "volunteer");
  const id = params.id ?? "";
  const photo = isUuid(id) ? await orRefuse(itemPhoto(staff.db, context.backend.files, id)) : null;
  if (!photo) return new Response("not found", { status: 404, headers: staff.headers });
  const shown = new URL(request.url).searchParams.get("small") === "yes" ? await fewPixels(photo) : photo;
  const headers = new Headers(staff.headers);
  headers.set("Content-Type", "image/jpeg");
  return new Response(shown as Uint8Array<ArrayBuffer>, { headers });
}
