import { member, readFeatures } from "./json-features.ts";
import type { CollectionRefusal, FeatureLimits } from "./json-features.ts";
import { readDraft } from "./report-draft.ts";
import type { ReportItem } from "./report-draft.ts";

export type GeoJsonItem = ReportItem<CollectionRefusal | "feature_broken" | "feature_too_large">;

/**
 * Reads reports from a FeatureCollection or a Feature (RFC 7946): points and lines, properties under the names our own
 * export uses. Every feature is judged by itself; `line` is where it begins. `unreadable` with the token of a feature
 * goes on, with any other it is the last item.
 */
export async function* readReportsGeoJson(
  source: AsyncIterable<Uint8Array | string>,
  limits: FeatureLimits = {},
): AsyncGenerator<GeoJsonItem> {
  for await (const item of readFeatures(source, limits)) {
    if (item.kind === "member") continue;
    const { line } = item;
    if (item.kind !== "feature") {
      yield { kind: "unreadable", line, token: item.token };
      continue;
    }
    const properties = member(item.value, "properties");
    const source_key = keyOf(member(item.value, "id")) ?? keyOf(member(properties, "id"));
    if (member(item.value, "type") !== "Feature") {
      yield { kind: "refused", line, source_key, refused: [{ field: "type", token: "feature_invalid" }] };
      continue;
    }
    const fields = typeof properties === "object" && properties !== null ? { ...properties } : {};
    const read = readDraft({ ...fields, id: source_key ?? "" }, { geometry: member(item.value, "geometry") });
    if ("draft" in read) yield { kind: "report", line, draft: read.draft };
    else yield { kind: "refused", line, source_key, refused: read.refused };
  }
}

function keyOf(id: unknown): string | null {
  if (typeof id === "number" && Number.isFinite(id)) return String(id);
  return typeof id === "string" && id.trim() !== "" ? id.trim().slice(0, 300) : null;
}
