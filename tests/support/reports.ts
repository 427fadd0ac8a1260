import { randomBytes, randomUUID } from "node:crypto";
import type { Commands } from "#app/platform/db.server.ts";
import { hashOf } from "#app/platform/secret-links.server.ts";

type Answers = Record<string, unknown>;

/** A posted report and the secret of its manage link. */
export interface PostedReport {
  id: string;
  held: boolean;
  repeated?: boolean;
  manage: string;
  manageHash: string;
  /** Who posted it: the same voice later is the reporter's. */
  voice: string;
}

/** What the server sends for a report: complete and in order, but for what a test changes. */
export function aReport(changes: Answers = {}): Answers {
  return {
    id: randomUUID(),
    event: "everyday",
    kind: "landslide",
    state: "closed",
    passable: "foot",
    severity: "severe",
    text: "落石擋住整條路，行人可以走過去",
    lat: 27.7,
    lon: 85.3,
    line: null,
    time_zone: "Asia/Kathmandu",
    language: "zh-TW",
    caller: null,
    voice: randomUUID(),
    ...changes,
  };
}

/** Posts a report as the server does. */
export async function postReport(commands: Commands, changes: Answers = {}): Promise<PostedReport> {
  const manage = randomBytes(32).toString("base64url");
  const p = aReport({ manage_hash: hashOf(manage), ...changes });
  const answer = await commands.call<PostedReport>("post_report", { p });
  return { ...answer, manage, manageHash: hashOf(manage), voice: String(p.voice) };
}

/** Somebody says something about a report, as the server passes it on; a new voice each time unless one is given. */
export function confirmReport(
  commands: Commands,
  id: string,
  verdict: string,
  changes: Answers = {},
): Promise<{ counted: boolean; confirmations: number; denials: number; loop: string }> {
  return commands.call("confirm_report", {
    p: { report_id: id, verdict, caller: null, voice: randomUUID(), ...changes },
  });
}
