/** A package for the official site (D23): what was verified, where it comes from, how it was decided, on which terms. */
import { createHash } from "node:crypto";
import { strToU8, zipSync, type Zippable } from "fflate";
import type { NoticeLinkFacts, PackageDecision, PackageFacts } from "./adoption-facts.ts";

/** The files of a package, in their order. Without photo: pictures of people leave only by hand. */
export function packageFiles(facts: PackageFacts): Record<string, string> {
  const { item, record, decisions, notices, log, publicUrl, madeAt, terms } = facts;
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files: Record<string, string> = {
    "content.json": json({ item, record }),
    "provenance.json": json({
      site: publicUrl,
      page: item.url,
      source: item.source,
      verified_at: item.verified_at,
      adopted_at: item.adopted_at,
      notices: notices.map(noticeOf),
      // What the public log of this site says of it: numbers and hashes anybody can compare.
      log,
    }),
    "decisions.json": json({ decisions: decisions.map(decisionOf) }),
    "licence.txt": `${terms.join("\n\n")}\n`,
  };
  const manifest = {
    format: "lookout-adoption-package",
    version: 1,
    made_at: madeAt,
    item: { type: item.type, id: item.id, url: item.url },
    files: Object.entries(files).map(([name, text]) => ({
      name,
      bytes: Buffer.byteLength(text),
      sha256: createHash("sha256").update(text).digest("hex"),
    })),
  };
  return { "manifest.json": json(manifest), ...files };
}

/** The same as one ZIP. The times in it are that of the package, so that two of the same moment are equal. */
export function packageZip(facts: PackageFacts): Uint8Array<ArrayBuffer> {
  const mtime = new Date(facts.madeAt);
  const entries: Zippable = {};
  for (const [name, text] of Object.entries(packageFiles(facts)))
    entries[name] = [strToU8(text), { mtime, level: 6 }];
  return new Uint8Array(zipSync(entries));
}

// Members decide as members of a role: who they are stays here.
function decisionOf({ stage, decision, reason_code, reason, correct_text, at }: PackageDecision) {
  return {
    stage,
    by: stage === 1 ? "volunteer" : "officer",
    decision,
    reason_code,
    reason,
    correct_text,
    at,
  };
}

function noticeOf({ relation, title, source_name, url, level, published_at }: NoticeLinkFacts) {
  return { relation, title, source: source_name, url, level, published_at };
}
