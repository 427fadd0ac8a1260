/** What an adoption package is made of. */
import type { verifiedJson } from "./verified-feeds.ts";

export interface PackageDecision {
  stage: number;
  decision: string;
  reason_code: string;
  reason: string | null;
  correct_text: string | null;
  at: string;
}

export interface NoticeLinkFacts {
  relation: string;
  title: string;
  source_name: string;
  url: string | null;
  level: string | null;
  published_at: string;
}

export interface PackageFacts {
  /** As the feeds and web hooks give it. */
  item: ReturnType<typeof verifiedJson>;
  /** The whole public record, as the API gives it. */
  record: unknown;
  decisions: readonly PackageDecision[];
  notices: readonly NoticeLinkFacts[];
  log: readonly { id: number; at: string; act: string; role: string | null; hash: string }[];
  publicUrl: string;
  /** RFC 3339. */
  madeAt: string;
  /** The terms in each language. */
  terms: readonly string[];
}
