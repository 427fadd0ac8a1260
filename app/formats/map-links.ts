import { precision } from "./given-coordinates.ts";
import type { CoordinatesGiven, CoordinatesRefusal } from "./given-coordinates.ts";

/** Places in `geo:` URIs and in links copied from map sites. Nothing is fetched: what the link does not say, we do not know. */

type Read = CoordinatesGiven | { token: CoordinatesRefusal } | null;

const NUMBER = String.raw`([+-]?\d{1,3}(?:\.\d{1,20})?)`;

/** Reads a `geo:` URI or a map link; null when the text is neither. */
export function readMapLink(text: string): Read {
  if (/^geo:/i.test(text)) return readGeoUri(text);
  if (!/^(?:https?:\/\/|www\.|maps\.|goo\.gl\/|osm\.org\/|openstreetmap\.org\/)/i.test(text)) return null;
  let url: URL;
  try {
    url = new URL(/^https?:/i.test(text) ? text : `https://${text}`);
  } catch {
    return { token: "coordinates_not_understood" };
  }
  const host = url.hostname.replace(/^www\./, "");
  if (/^(?:maps\.app\.goo\.gl|goo\.gl|g\.co|maps\.google\.link|osm\.li|bit\.ly|share\.google)$/.test(host)) {
    return { token: "link_needs_following" };
  }
  // Maps of China move every place by some hundred metres; undoing it is guesswork.
  if (/(?:^|\.)(?:amap|gaode|baidu|map\.qq)\.com$|^map\.qq\.com$/.test(host))
    return { token: "datum_unknown" };
  if (/^(?:maps\.)?google\.(?:com?\.)?[a-z]{2,3}$/.test(host)) return readGoogle(url);
  if (/^(?:openstreetmap\.org|osm\.org)$/.test(host)) return readOpenStreetMap(url);
  if (/^maps\.apple\.com$/.test(host)) return fromQuery(url, ["coordinate", "ll", "q", "sll", "daddr"]);
  if (/^bing\.com$/.test(host)) {
    return pair(
      new RegExp(`^(?:point\\.)?${NUMBER}[~_]${NUMBER}`).exec(
        url.searchParams.get("cp") ?? url.searchParams.get("sp") ?? "",
      ),
    );
  }
  return { token: "coordinates_not_understood" };
}

/** RFC 5870: `geo:lat,lon[,altitude][;crs=wgs84][;u=metres]`, and `geo:0,0?q=lat,lon(name)` as Android shares it. */
function readGeoUri(text: string): Read {
  const uri = /^geo:([^;?]{1,80})((?:;[^;?]{0,100}){0,10})(?:\?(.{0,500}))?$/i.exec(text);
  if (!uri) return { token: "coordinates_not_understood" };
  const place = new RegExp(`^${NUMBER},${NUMBER}(?:,[+-]?\\d{1,6}(?:\\.\\d{1,20})?)?$`).exec(uri[1]!);
  if (!place) return { token: "coordinates_not_understood" };
  const parameters = new Map(
    uri[2]!
      .split(";")
      .slice(1)
      .map((parameter) => {
        const [name = "", value = ""] = parameter.toLowerCase().split("=", 2);
        return [name, value];
      }),
  );
  if ((parameters.get("crs") ?? "wgs84") !== "wgs84") return { token: "datum_unknown" };
  const query = new URLSearchParams(uri[3] ?? "").get("q");
  const asked = query === null ? null : new RegExp(`^${NUMBER},${NUMBER}`).exec(query);
  const given = pair(asked && Number(place[1]) === 0 && Number(place[2]) === 0 ? asked : place);
  if (given === null || "token" in given) return given;
  const uncertainty = Number(parameters.get("u") ?? "");
  return {
    ...given,
    // Section 3.4.2: at the poles every longitude is the same place.
    lon: Math.abs(given.lat) === 90 ? 0 : given.lon,
    notation: "geo_uri",
    precision_m: uncertainty > 0 && Number.isFinite(uncertainty) ? uncertainty : given.precision_m,
  };
}

function readGoogle(url: URL): Read {
  const path = decoded(url.pathname);
  // The pin stands in the data part; after the @ is only the middle of the screen.
  const pin = new RegExp(`!3d${NUMBER}!4d${NUMBER}`).exec(path);
  if (pin) return pair(pin);
  const asked = fromQuery(url, [
    "query",
    "q",
    "ll",
    "destination",
    "daddr",
    "center",
    "cbll",
    "viewpoint",
    "sll",
  ]);
  if (asked && !("token" in asked)) return asked;
  const searched = new RegExp(`/(?:search|place|dir)/(?:[^/]*/)?${NUMBER},\\s?\\+?${NUMBER}(?:/|$)`).exec(
    path,
  );
  return pair(searched ?? new RegExp(`@${NUMBER},${NUMBER}(?:,|/|$)`).exec(path));
}

function readOpenStreetMap(url: URL): Read {
  const marker = ["mlat", "mlon"].map((name) => url.searchParams.get(name) ?? "");
  const pinned = new RegExp(`^${NUMBER},${NUMBER}$`).exec(marker.join(","));
  if (pinned) return pair(pinned);
  const shown = new RegExp(`map=\\d{1,2}(?:\\.\\d{1,4})?/${NUMBER}/${NUMBER}`).exec(url.hash);
  if (shown) return pair(shown);
  const plain = new RegExp(`^${NUMBER},${NUMBER}$`).exec(
    `${url.searchParams.get("lat") ?? ""},${url.searchParams.get("lon") ?? ""}`,
  );
  return /^\/go\//.test(url.pathname) ? { token: "link_needs_following" } : pair(plain);
}

function fromQuery(url: URL, names: readonly string[]): Read {
  for (const name of names) {
    const match = new RegExp(`^(?:loc:)?\\s*${NUMBER}\\s*,\\s*${NUMBER}(?:\\s|\\(|$)`).exec(
      url.searchParams.get(name) ?? "",
    );
    if (match) return pair(match);
  }
  return { token: "link_without_place" };
}

function pair(match: RegExpExecArray | null): CoordinatesGiven | { token: CoordinatesRefusal } {
  if (!match) return { token: "link_without_place" };
  const decimals = Math.min(...[match[1]!, match[2]!].map((number) => (number.split(".")[1] ?? "").length));
  return {
    lat: Number(match[1]) + 0,
    lon: Number(match[2]) + 0,
    notation: "map_link",
    ordered: true,
    precision_m: precision(10 ** -decimals),
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
