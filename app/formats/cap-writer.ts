import { CAP_NAMESPACE, isCapIdentifier } from "./cap.ts";
import type { CapAlert, CapArea, CapInfo, CapReference, CapResource, CapValue } from "./cap.ts";
import { roundPosition } from "./geometry.ts";
import type { Position } from "./geometry.ts";
import { utcWithOffset } from "./timestamps.ts";
import { XML_DECLARATION, xmlElement } from "./xml.ts";

/**
 * Writes an alert as CAP 1.2, elements in the order of the schema (section 3.4), which validators insist on.
 *
 * @throws Error when an identifier or sender has a space, a comma or markup in it: such a message could never be
 * updated or cancelled.
 */
export function writeCap(alert: CapAlert): string {
  for (const text of [alert.identifier, alert.sender]) {
    if (!isCapIdentifier(text))
      throw new Error(`not an identifier for CAP: ${JSON.stringify(text.slice(0, 80))}`);
  }
  return (
    `${XML_DECLARATION}<alert xmlns="${CAP_NAMESPACE}">\n` +
    lines("  ", [
      ["identifier", alert.identifier],
      ["sender", alert.sender],
      ["sent", capTime(alert.sent)],
      ["status", alert.status],
      ["msgType", alert.msgType],
      ["source", alert.source],
      ["scope", alert.scope],
      ["restriction", alert.restriction],
      ["addresses", alert.addresses],
      ...alert.code.map((code): Line => ["code", code]),
      ["note", alert.note],
      ["references", alert.references.map(capReference).join(" ")],
      ["incidents", alert.incidents],
    ]) +
    alert.info.map(infoElement).join("") +
    "</alert>\n"
  );
}

/** A time as section 3.3.2 wants it: whole seconds, the offset in digits, UTC as `-00:00`, never `Z`. */
export function capTime(iso: string): string {
  return utcWithOffset(iso, "-00:00");
}

/** `sender,identifier,sent` (section 3.2.1), the time to the letter as the message carries it. */
export function capReference({ sender, identifier, sent }: CapReference): string {
  return `${sender},${identifier},${capTime(sent)}`;
}

function infoElement(info: CapInfo): string {
  return (
    "  <info>\n" +
    lines("    ", [
      ["language", info.language],
      ...info.category.map((category): Line => ["category", category]),
      ["event", info.event],
      ...info.responseType.map((type): Line => ["responseType", type]),
      ["urgency", info.urgency],
      ["severity", info.severity],
      ["certainty", info.certainty],
      ["audience", info.audience],
    ]) +
    values("eventCode", info.eventCode, "    ") +
    lines("    ", [
      ["effective", info.effective && capTime(info.effective)],
      ["onset", info.onset && capTime(info.onset)],
      ["expires", info.expires && capTime(info.expires)],
      ["senderName", info.senderName],
      ["headline", info.headline],
      ["description", info.description],
      ["instruction", info.instruction],
      ["web", info.web],
      ["contact", info.contact],
    ]) +
    values("parameter", info.parameter, "    ") +
    info.resource.map(resourceElement).join("") +
    info.area.map(areaElement).join("") +
    "  </info>\n"
  );
}

function resourceElement(resource: CapResource): string {
  return `    <resource>\n${lines("      ", [
    ["resourceDesc", resource.resourceDesc],
    ["mimeType", resource.mimeType],
    ["size", resource.size?.toFixed(0)],
    ["uri", resource.uri],
  ])}    </resource>\n`;
}

function areaElement(area: CapArea): string {
  return (
    "    <area>\n" +
    lines("      ", [
      // Mandatory, and empty would not do.
      ["areaDesc", area.areaDesc || "-"],
      ...area.polygons.map((ring): Line => ["polygon", ring.map(pair).join(" ")]),
      ...area.circles.map(({ centre, radius_km }): Line => [
        "circle",
        `${pair(centre)} ${decimal(radius_km, 3)}`,
      ]),
    ]) +
    values("geocode", area.geocodes, "      ") +
    lines("      ", [
      ["altitude", area.altitude === undefined ? undefined : decimal(area.altitude, 1)],
      ["ceiling", area.ceiling === undefined ? undefined : decimal(area.ceiling, 1)],
    ]) +
    "    </area>\n"
  );
}

/** Latitude first, a comma, longitude (section 3.3.3 of WGS 84 pairs). */
function pair(position: Position): string {
  const [lon, lat] = roundPosition(position, 6);
  return `${decimal(lat, 6)},${decimal(lon, 6)}`;
}

/** Plain digits: `1e-7` is no coordinate. */
function decimal(value: number, digits: number): string {
  return value
    .toFixed(digits)
    .replace(/\.?0+$/, "")
    .replace(/^-0$/, "0");
}

type Line = readonly [name: string, text: string | undefined];

function lines(indent: string, elements: readonly Line[]): string {
  return elements
    .filter(([, text]) => text !== undefined && text !== "")
    .map(([name, text]) => `${indent}${xmlElement(name, text!)}\n`)
    .join("");
}

function values(name: string, all: readonly CapValue[], indent: string): string {
  return all
    .map(
      ({ valueName, value }) =>
        `${indent}<${name}>${xmlElement("valueName", valueName)}${xmlElement("value", value)}</${name}>\n`,
    )
    .join("");
}
