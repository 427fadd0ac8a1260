import type { Position } from "./geometry.ts";

/**
 * Common Alerting Protocol, versions 1.1 and 1.2 (OASIS, CAP-v1.2-os). Inside, an alert always speaks 1.2; names and
 * values are the standard's. Positions are in our order, longitude first: only documents put latitude first.
 */

export const CAP_NAMESPACES: ReadonlyMap<string, "1.1" | "1.2"> = new Map([
  ["urn:oasis:names:tc:emergency:cap:1.1", "1.1"],
  ["urn:oasis:names:tc:emergency:cap:1.2", "1.2"],
]);
export const CAP_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2";

/** MIME type (section 4.3 leaves it open; this one is registered). */
export const CAP_MEDIA_TYPE = "application/cap+xml";

/** Section 3.2.1. */
export const CAP_STATUSES = ["Actual", "Exercise", "System", "Test", "Draft"] as const;
export const CAP_MESSAGE_TYPES = ["Alert", "Update", "Cancel", "Ack", "Error"] as const;
export const CAP_SCOPES = ["Public", "Restricted", "Private"] as const;

/** Section 3.2.2. */
export const CAP_CATEGORIES = [
  "Geo",
  "Met",
  "Safety",
  "Security",
  "Rescue",
  "Fire",
  "Health",
  "Env",
  "Transport",
  "Infra",
  "CBRNE",
  "Other",
] as const;
export const CAP_RESPONSE_TYPES = [
  "Shelter",
  "Evacuate",
  "Prepare",
  "Execute",
  "Avoid",
  "Monitor",
  "Assess",
  "AllClear",
  "None",
] as const;
export const CAP_URGENCIES = ["Immediate", "Expected", "Future", "Past", "Unknown"] as const;
export const CAP_SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"] as const;
export const CAP_CERTAINTIES = ["Observed", "Likely", "Possible", "Unlikely", "Unknown"] as const;

export type CapStatus = (typeof CAP_STATUSES)[number];
export type CapMessageType = (typeof CAP_MESSAGE_TYPES)[number];
export type CapScope = (typeof CAP_SCOPES)[number];
export type CapCategory = (typeof CAP_CATEGORIES)[number];
export type CapResponseType = (typeof CAP_RESPONSE_TYPES)[number];
export type CapUrgency = (typeof CAP_URGENCIES)[number];
export type CapSeverity = (typeof CAP_SEVERITIES)[number];
export type CapCertainty = (typeof CAP_CERTAINTIES)[number];

/** Which message another one is about (`references`, section 3.2.1). Times are RFC 3339 in UTC. */
export interface CapReference {
  sender: string;
  identifier: string;
  sent: string;
}

export interface CapValue {
  valueName: string;
  value: string;
}

/** Section 3.2.3. */
export interface CapResource {
  resourceDesc: string;
  mimeType: string;
  size?: number;
  uri?: string;
}

/** Section 3.2.4. Rings are closed; a circle reaches `radius_km` around its centre. */
export interface CapArea {
  areaDesc: string;
  polygons: Position[][];
  circles: { centre: Position; radius_km: number }[];
  geocodes: CapValue[];
  altitude?: number;
  ceiling?: number;
}

/** Section 3.2.2. `language` is en-US where a document says nothing. */
export interface CapInfo {
  language: string;
  category: CapCategory[];
  event: string;
  responseType: CapResponseType[];
  urgency: CapUrgency;
  severity: CapSeverity;
  certainty: CapCertainty;
  audience?: string;
  eventCode: CapValue[];
  effective?: string;
  onset?: string;
  expires?: string;
  senderName?: string;
  headline?: string;
  description?: string;
  instruction?: string;
  web?: string;
  contact?: string;
  parameter: CapValue[];
  resource: CapResource[];
  area: CapArea[];
}

/** Section 3.2.1. */
export interface CapAlert {
  identifier: string;
  sender: string;
  sent: string;
  status: CapStatus;
  msgType: CapMessageType;
  source?: string;
  scope: CapScope;
  restriction?: string;
  addresses?: string;
  code: string[];
  note?: string;
  references: CapReference[];
  incidents?: string;
  info: CapInfo[];
}

/** Section 3.2.1: identifiers and senders hold no space, comma or markup, because `references` parts them by these. */
export function isCapIdentifier(text: string): boolean {
  return text.length > 0 && text.length <= 500 && !/[\s,<&\p{Cc}]/u.test(text);
}
