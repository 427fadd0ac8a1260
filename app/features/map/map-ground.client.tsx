import type L from "leaflet";
import "leaflet/dist/leaflet.css";
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { MapContainer, ScaleControl, TileLayer, ZoomControl, useMap } from "react-leaflet";
import type { Bbox, Position } from "../../formats/geometry.ts";
import type { Translate } from "../../i18n/translate.ts";
import type { MapGround } from "./map-settings.ts";
import { OutlineLayer } from "./outline-layer.client.tsx";

/** Asked for only where an installation has such a file. */
const ArchiveLayer = lazy(() =>
  import("./archive-layer.client.tsx").then(({ ArchiveLayer: layer }) => ({ default: layer })),
);

interface GroundProps {
  settings: MapGround;
  t: Translate;
  /** What a screen reader says when the map is reached: what it is, and what the keys do. */
  label: string;
  children: ReactNode;
}

/** The ground of both maps: what lies beneath, how it moves, and that it never takes the page's own scrolling away. */
export function Ground({ settings, t, label, children }: GroundProps) {
  const { tiles, pmtiles, language, view } = settings;
  return (
    <MapContainer
      {...startView(view)}
      className="map"
      keyboardPanDelta={40}
      zoomControl={false}
      attributionControl={false}
      scrollWheelZoom={false}
      worldCopyJump
      preferCanvas
      minZoom={1}
      maxZoom={18}
      fadeAnimation={false}
      zoomAnimation={false}
      markerZoomAnimation={false}
      inertia={false}
    >
      <OutlineLayer language={language} />
      {tiles ? <TileLayer url={tiles.url} /> : null}
      {pmtiles ? (
        <Suspense fallback={null}>
          <ArchiveLayer url={pmtiles} />
        </Suspense>
      ) : null}
      <ZoomControl
        position="topright"
        zoomInTitle={t("map:island.zoomIn")}
        zoomOutTitle={t("map:island.zoomOut")}
      />
      <ScaleControl position="bottomleft" imperial={false} />
      <Manners label={label} />
      {children}
    </MapContainer>
  );
}

/** "#map=11/-43.53/172.63": a view in the address, where it reaches no server and no log. */
export function viewInAddress(): { zoom: number; center: [number, number] } | null {
  const [, zoom, lat, lon] =
    /^#map=(\d{1,2})\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/.exec(location.hash) ?? [];
  if (zoom === undefined || Math.abs(Number(lat)) > 90 || Math.abs(Number(lon)) > 180) return null;
  return { zoom: Math.min(18, Number(zoom)), center: [Number(lat), Number(lon)] };
}

function startView([west, south, east, north]: Bbox):
  { bounds: L.LatLngBoundsExpression } | ReturnType<typeof viewInAddress> {
  return (
    viewInAddress() ?? {
      bounds: [
        [south, west],
        [north, east < west ? east + 360 : east],
      ],
    }
  );
}

/** A place as Leaflet wants it, on the copy of the world that is in view. */
export function shifted([lon, lat]: Position, center: number): [number, number] {
  return [lat, lon + 360 * Math.round((center - lon) / 360)];
}

/** One finger scrolls the page, two move the map; the wheel zooms only with Ctrl; the mouse drags as everywhere. */
function Manners({ label }: { label: string }) {
  const map = useMap();
  useEffect(() => {
    const container = map.getContainer();
    // Nothing glides: a key that moves the map has moved it before the next key is read.
    const panBy = map.panBy.bind(map);
    map.panBy = (offset, options) => panBy(offset, { ...options, animate: false });
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", label);
    const pointer = ({ pointerType }: PointerEvent) => {
      if (pointerType === "touch") map.dragging.disable();
      else map.dragging.enable();
    };
    const wheel = ({ ctrlKey, metaKey }: WheelEvent) => {
      if (ctrlKey || metaKey) map.scrollWheelZoom.enable();
      else map.scrollWheelZoom.disable();
    };
    if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
    container.addEventListener("pointerdown", pointer, true);
    container.addEventListener("wheel", wheel, { capture: true, passive: true });
    // Shown first behind a tab, or the phone turned.
    const room = new ResizeObserver(() => map.invalidateSize({ animate: false }));
    room.observe(container);
    return () => {
      container.removeEventListener("pointerdown", pointer, true);
      container.removeEventListener("wheel", wheel, true);
      room.disconnect();
    };
  }, [map, label]);
  return null;
}
