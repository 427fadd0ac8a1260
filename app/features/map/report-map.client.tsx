import L from "leaflet";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Marker, Polyline, useMap, useMapEvents } from "react-leaflet";
import { placeAlong, type Bbox, type Position, type ReportGeometry } from "../../formats/geometry.ts";
import type {
  Passable,
  ReportKind,
  ReportSeverity,
  RoadState,
  Verification,
} from "../../formats/report-record.ts";
import { age } from "../../i18n/format.ts";
import type { Translate } from "../../i18n/translate.ts";
import { paths } from "../../platform/paths.ts";
import { confidenceInWords } from "./confidence-words.ts";
import { islandTranslator } from "./island-words.ts";
import { kindDrawing } from "./kind-icons.tsx";
import { Ground, shifted } from "./map-ground.client.tsx";
import { MapNotices, PickedNotice } from "./map-notices.client.tsx";
import type { MapNotice, ReportMapSettings } from "./map-settings.ts";
import { toneOf, type Tone } from "./tones.ts";

/** The reports on the map: clusters far out, single ones near by, and the words of the one that is picked below it. */

interface ClusterProperties {
  count: number;
  worst_severity: ReportSeverity;
  newest: string;
}

interface SingleProperties {
  id: string;
  kind: ReportKind;
  state: RoadState | null;
  passable: Passable | null;
  severity: ReportSeverity;
  text: string;
  road?: string | null;
  place?: string | null;
  source?: string;
  source_name?: string | null;
  observed_at: string;
  updated_at: string;
  needed: boolean;
  verification: Verification;
  confidence: number | null;
  confirmations: number;
  denials: number;
  neighbours?: number;
  stale: boolean;
}

interface ReportFeature<Properties> {
  type: "Feature";
  id?: string | number;
  geometry: ReportGeometry;
  properties: Properties;
}

/** As the API tells it: a line that crosses the antimeridian comes in two pieces. */
interface Told {
  type: "Feature";
  id?: string | number;
  geometry: ReportGeometry | { type: "MultiLineString"; coordinates: Position[][] };
  properties: ClusterProperties | SingleProperties;
}

type Found = ReportFeature<ClusterProperties> | ReportFeature<SingleProperties>;

const isCluster = (feature: Found): feature is ReportFeature<ClusterProperties> =>
  "count" in feature.properties;

export function ReportMap({ settings }: { settings: ReportMapSettings }) {
  const t = useMemo(() => islandTranslator(settings.words, settings.language), [settings]);
  const [picked, setPicked] = useState<ReportFeature<SingleProperties> | null>(null);
  const [notice, setNotice] = useState<MapNotice | null>(null);
  const [status, setStatus] = useState<"loading" | "there" | "failed">("loading");
  const [count, setCount] = useState(0);
  return (
    <>
      <Ground settings={settings} t={t} label={t("map:island.mapLabel")}>
        <Reports
          settings={settings}
          t={t}
          picked={picked?.properties.id ?? null}
          onPick={(feature) => {
            setNotice(null);
            setPicked(feature);
          }}
          onStatus={setStatus}
          onCount={setCount}
        />
        <MapNotices
          notices={settings.notices}
          onPick={(one) => {
            setPicked(null);
            setNotice(one);
          }}
        />
        <AddressKeeper />
      </Ground>
      <p className="map-status meta" role="status">
        {status === "failed"
          ? t("map:island.failed")
          : status === "there"
            ? t("map:island.inView", { count })
            : t("map:island.loading")}
      </p>
      <div className="map-picked" aria-live="polite">
        {picked ? <Picked feature={picked} t={t} onClose={() => setPicked(null)} /> : null}
        {notice ? <PickedNotice notice={notice} t={t} onClose={() => setNotice(null)} /> : null}
      </div>
      <News t={t} event={settings.query.event} />
    </>
  );
}

interface ReportsProps {
  settings: ReportMapSettings;
  t: Translate;
  picked: string | null;
  onPick: (feature: ReportFeature<SingleProperties>) => void;
  onStatus: (status: "there" | "failed") => void;
  onCount: (count: number) => void;
}

function Reports({ settings, t, picked, onPick, onStatus, onCount }: ReportsProps) {
  const map = useMap();
  const [found, setFound] = useState<Found[]>([]);
  const asked = useRef<AbortController | null>(null);
  const waiting = useRef<number | undefined>(undefined);

  const load = useCallback(async () => {
    asked.current?.abort();
    const control = new AbortController();
    asked.current = control;
    const bbox = boxOf(map.getBounds()).map((side) => side.toFixed(5));
    const address = paths.api.reportClusters({
      ...settings.query,
      bbox: bbox.join(","),
      zoom: map.getZoom(),
    });
    try {
      const answer = await fetch(address, { signal: control.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = (await answer.json()) as { features: Told[] };
      const features = told.features.map(inOnePiece);
      setFound(features);
      onCount(features.reduce((sum, one) => sum + (isCluster(one) ? one.properties.count : 1), 0));
      onStatus("there");
    } catch {
      if (!control.signal.aborted) onStatus("failed");
    }
  }, [map, settings, onStatus, onCount]);

  useEffect(() => {
    void load();
    const again = () => void load();
    addEventListener("lookout:reports", again);
    return () => {
      removeEventListener("lookout:reports", again);
      asked.current?.abort();
    };
  }, [load]);
  useMapEvents({
    moveend: () => {
      clearTimeout(waiting.current);
      waiting.current = window.setTimeout(() => void load(), 120);
    },
  });

  const center = map.getCenter().lng;
  return (
    <>
      {found.map((feature, index) => {
        const at = shifted(placeAlong(feature.geometry), center);
        if (isCluster(feature)) {
          return (
            <Marker
              key={`cluster ${feature.id ?? index} ${feature.properties.count}`}
              position={at}
              icon={clusterIcon(feature.properties, t)}
              title={t("map:island.cluster", { count: feature.properties.count })}
              alt={t("map:island.cluster", { count: feature.properties.count })}
              eventHandlers={pressed(() =>
                map.setView(at, Math.min(18, map.getZoom() + 2), { animate: false }),
              )}
            />
          );
        }
        const { id } = feature.properties;
        return (
          <Single
            key={`single ${id} ${feature.properties.confirmations} ${feature.properties.denials}`}
            feature={feature}
            at={at}
            center={center}
            t={t}
            picked={picked === id}
            onPick={onPick}
          />
        );
      })}
    </>
  );
}

function Single({
  feature,
  at,
  center,
  t,
  picked,
  onPick,
}: {
  feature: ReportFeature<SingleProperties>;
  at: [number, number];
  center: number;
  t: Translate;
  picked: boolean;
  onPick: (feature: ReportFeature<SingleProperties>) => void;
}) {
  const { geometry, properties } = feature;
  const tone = toneOf(properties);
  const icon = useMemo(() => singleIcon(properties, tone, picked, t), [properties, tone, picked, t]);
  return (
    <>
      {geometry.type === "LineString" ? (
        <Polyline
          positions={geometry.coordinates.map((place) => shifted(place, center))}
          pathOptions={lineStyle(tone, properties.stale)}
          eventHandlers={{ click: () => onPick(feature) }}
        />
      ) : null}
      <Marker
        position={at}
        icon={icon}
        title={headline(properties, t)}
        alt={headline(properties, t)}
        zIndexOffset={picked ? 1000 : 0}
        eventHandlers={pressed(() => onPick(feature))}
      />
    </>
  );
}

function Picked({
  feature: { properties },
  t,
  onClose,
}: {
  feature: ReportFeature<SingleProperties>;
  t: Translate;
  onClose: () => void;
}) {
  const now = new Date();
  return (
    <section className="card">
      <h3>
        <a href={paths.report(properties.id)}>{headline(properties, t)}</a>
      </h3>
      {properties.text ? <p>{properties.text.slice(0, 200)}</p> : null}
      <p className="meta">
        {t("map:island.seen", { age: age(new Date(properties.observed_at), now, t.language) })}
        {t("common:punctuation.separator")}
        {confidenceInWords(
          {
            confidence: properties.confidence,
            confirmations: properties.confirmations,
            denials: properties.denials,
            neighbours: properties.neighbours ?? 0,
            heard_at: properties.updated_at,
            stale: properties.stale,
            official: properties.source === "official",
            verified: properties.source !== "official" && properties.verification === "verified",
          },
          now,
          t,
        )}
      </p>
      <p>
        <a className="button plain" href={paths.report(properties.id)}>
          {t("map:island.open")}
        </a>{" "}
        <button type="button" className="plain" onClick={onClose}>
          {t("map:island.close")}
        </button>
      </p>
    </section>
  );
}

/** Says that there is something new, and leaves it to the reader when the list below their eyes changes. */
function News({ t, event }: { t: Translate; event: string | undefined }) {
  const [news, setNews] = useState(0);
  useEffect(() => {
    const source = new EventSource(paths.api.live(["reports"]));
    const heard = ({ data }: MessageEvent<string>) => {
      const change = JSON.parse(data) as { event: string | null; drill: boolean };
      // What this list would not show is no news for its reader.
      if (event === undefined ? change.drill : change.event !== event) return;
      setNews((count) => count + 1);
      dispatchEvent(new Event("lookout:reports"));
    };
    source.addEventListener("reports", heard);
    return () => source.close();
  }, [event]);
  return (
    <div className="map-news" role="status">
      {news > 0 ? (
        <p className="notice">
          {t("map:island.news", { count: news })}{" "}
          <button type="button" className="plain" onClick={() => location.reload()}>
            {t("map:island.newsButton")}
          </button>
        </p>
      ) : null}
    </div>
  );
}

/** Keeps the view in the address, and lets the filters of the page keep it too. */
function AddressKeeper() {
  const map = useMap();
  useEffect(() => {
    const keep = () => {
      const { lat, lng } = map.getCenter().wrap();
      history.replaceState(history.state, "", `#map=${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}`);
      for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-keeps-view]"))
        link.hash = location.hash;
      for (const form of document.querySelectorAll<HTMLFormElement>("form[action^='/map']"))
        if (form.method === "get") form.action = `${form.action.split("#")[0]}${location.hash}`;
    };
    map.on("moveend", keep);
    return () => void map.off("moveend", keep);
  }, [map]);
  return null;
}

/** Leaflet's markers can be reached by keyboard, but only a mouse presses them: Enter does, too. */
function pressed(act: () => void): L.LeafletEventHandlerFnMap {
  return {
    click: act,
    keypress: ({ originalEvent }) => {
      if (originalEvent.key === "Enter") act();
    },
  };
}

/** West, south, east, north as the API wants them: west beyond east where the view crosses the antimeridian. */
function boxOf(bounds: L.LatLngBounds): Bbox {
  const south = Math.max(-90, bounds.getSouth());
  const north = Math.min(90, bounds.getNorth());
  if (bounds.getEast() - bounds.getWest() >= 360) return [-180, south, 180, north];
  const turn = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180;
  return [turn(bounds.getWest()), south, turn(bounds.getEast()), north];
}

function inOnePiece({ geometry, ...feature }: Told): Found {
  return {
    ...feature,
    geometry:
      geometry.type === "MultiLineString"
        ? { type: "LineString", coordinates: geometry.coordinates.flat() }
        : geometry,
  } as Found;
}

function headline({ kind, needed, state, passable, road, place }: SingleProperties, t: Translate): string {
  const said = state
    ? t(`map:state.${state}`)
    : passable
      ? t("map:island.passes", { vehicle: t(`map:passable.${passable}`) })
      : "";
  return [road || place, t(needed ? `map:needed.${kind}` : `map:kind.${kind}`), said]
    .filter(Boolean)
    .join(t("common:punctuation.separator"));
}

/** A drawing and the word for it; the text of a report never becomes markup. */
function singleIcon(properties: SingleProperties, tone: Tone, picked: boolean, t: Translate): L.DivIcon {
  const pin = document.createElement("span");
  pin.className = [
    "pin",
    tone,
    properties.stale ? "stale" : "",
    properties.source === "official" ? "said-officially" : "",
  ]
    .concat(picked ? "picked" : "")
    .filter(Boolean)
    .join(" ");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", kindDrawing(properties.kind));
  svg.append(path);
  const word = document.createElement("span");
  const { state, needed, kind } = properties;
  word.textContent = t(state ? `map:state.${state}` : needed ? `map:needed.${kind}` : `map:kind.${kind}`);
  pin.append(svg, word);
  return L.divIcon({ className: "pin-frame", html: pin, iconSize: [0, 0] });
}

function clusterIcon({ count, worst_severity }: ClusterProperties, t: Translate): L.DivIcon {
  const disc = document.createElement("span");
  const tone = worst_severity === "extreme" || worst_severity === "severe" ? "alarm" : "neutral";
  disc.className = `cluster ${tone}`;
  disc.textContent = new Intl.NumberFormat(t.language, { notation: "compact" }).format(count);
  return L.divIcon({ className: "pin-frame", html: disc, iconSize: [0, 0] });
}

// As patterns too, for whoever sees no difference between the colours.
function lineStyle(tone: Tone, stale: boolean): L.PathOptions {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const tones: Record<Tone, L.PathOptions> = {
    alarm: { color: colour("--help"), weight: 6 },
    care: { color: colour("--seek"), weight: 6, dashArray: "14 8" },
    good: { color: colour("--safe"), weight: 5, dashArray: "2 8", lineCap: "round" },
    neutral: { color: colour("--quiet"), weight: 5, dashArray: "8 6" },
  };
  return { ...tones[tone], opacity: stale ? 0.45 : 0.9 };
}
