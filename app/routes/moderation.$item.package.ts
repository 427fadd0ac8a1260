import type { LoaderFunctionArgs } from "@remix-run/node";
import { packageFiles, packageZip } from "../features/official-site/adoption-package.server.ts";
import { packageOf } from "../server/adoption-package.ts";
import { orRefuse } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";

/** The adoption package of an item, for officers: a ZIP, or with `?format=json` the same files in one document. */
export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const facts = await orRefuse(
    packageOf(db, context.backend, params.item ?? "", context.publicUrl, new Date()),
  );
  const name = `lookout-${facts.item.type}-${facts.item.id}`;
  if (new URL(request.url).searchParams.get("format") === "json") {
    const files = packageFiles(facts);
    headers.set("Content-Type", "application/json");
    const parts = Object.entries(files).map(([file, text]) => [
      file,
      file.endsWith(".json") ? (JSON.parse(text) as unknown) : text,
    ]);
    return new Response(JSON.stringify(Object.fromEntries(parts)), { headers });
  }
  headers.set("Content-Type", "application/zip");
  headers.set("Content-Disposition", `attachment; filename="${name}.zip"`);
  return new Response(packageZip(facts), { headers });
}
