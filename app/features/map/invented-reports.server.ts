/** Invented reports for demonstrations: posted with times of their own, under events that are marked as invented. */
import { createHmac } from "node:crypto";
import { z } from "zod";
import type {
  Passable,
  ReportKind,
  ReportLoop,
  ReportSeverity,
  ReportSource,
  RoadState,
} from "../../formats/report-record.ts";
import type { ReportGeometry } from "../../formats/geometry.ts";
import type { Commands } from "../../platform/db.server.ts";
import { hashOf, manageToken, type SecretFor } from "../../platform/secret-links.server.ts";
import type { Verdict } from "./confidence.ts";
import { kept } from "./reports.server.ts";

export interface InventedReport {
  /** Tells this report from all others of the demonstration; the same key is the same report. */
  key: string;
  event: string;
  kind: ReportKind;
  geometry: ReportGeometry;
  needed?: boolean;
  private?: boolean;
  road?: string;
  place?: string;
  state?: RoadState;
  passable?: Passable;
  width_limit_m?: number;
  weight_limit_t?: number;
  cause?: string;
  bypass?: string;
  severity: ReportSeverity;
  text: string;
  language: string;
  observedAt: Date;
  source?: ReportSource;
  sourceName?: string;
  sourceUrl?: string;
  accepted?: boolean;
  verified?: boolean;
  loop?: { state: ReportLoop; by: string; at: Date };
  said?: readonly { verdict: Verdict; at: Date }[];
}

/** Posts an invented report, unless it is here already. */
export async function postInventedReport(
  { commands, secret }: { commands: Commands; secret: SecretFor },
  report: InventedReport,
): Promise<"created" | "present"> {
  const { key, geometry, observedAt, source, sourceName, sourceUrl, loop, said = [], ...answers } = report;
  const answer = await commands.call("post_invented_report", {
    p: {
      ...answers,
      ...kept({ geometry, precision_m: null }),
      id: idOf(secret, key),
      observed_at: observedAt.toISOString(),
      source,
      source_name: sourceName,
      source_url: sourceUrl,
      loop: loop?.state,
      taken_by: loop?.by,
      moved_at: loop?.at.toISOString(),
      voice: `invented ${key}`,
      manage_hash: hashOf(manageToken(secret, null)),
      confirmations: said.map(({ verdict, at }, index) => ({
        verdict,
        said_at: at.toISOString(),
        voice: `invented ${key} ${index}`,
      })),
    },
  });
  return z.object({ outcome: z.enum(["created", "present"]) }).parse(answer).outcome;
}

function idOf(secret: SecretFor, key: string): string {
  const digest = createHmac("sha256", secret("list-ids")).update(`invented report ${key}`).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest
    .toString("hex")
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
