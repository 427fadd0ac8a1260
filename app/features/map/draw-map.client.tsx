import L from "leaflet";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Marker, Polyline, useMap, useMapEvents } from "react-leaflet";
import { lineLengthMetres, normalLongitude, type Position } from "../../formats/geometry.ts";
import { number } from "../../i18n/format.ts";
import type { Translate } from "../../i18n/translate.ts";
import { placeText, readPlaceText } from "./drawn-place.ts";
import { islandTranslator } from "./island-words.ts";
import { Ground } from "./map-ground.client.tsx";
import type { DrawMapSettings } from "./map-settings.ts";

/**
 * A place or a line, drawn with the mouse, a finger or the keyboard. The field of the form beside it holds the same as
 * text: the map writes there and reads from there, so whatever is sent, kept or given back is that text.
 */

/** A line drawn with a finger keeps the points that its shape needs, this many pixels apart or bent. */
const fingerTolerance = 4;
const mostPoints = 500;

type Shape = "point" | "line";

/** One and the same, so that setting it again draws nothing anew: a handle must not be put back while it is dragged. */
const nothing: readonly L.LatLng[] = [];

export function DrawMap({ settings }: { settings: DrawMapSettings }) {
  const t = useMemo(() => islandTranslator(settings.words, settings.language), [settings]);
  const field = useMemo(
    () => document.getElementById(settings.field) as HTMLTextAreaElement | null,
    [settings.field],
  );
  const [points, setPoints] = useState<readonly Position[]>(() => readPlaceText(field?.value ?? "") ?? []);
  const [shape, setShape] = useState<Shape>(() => (points.length > 1 ? "line" : shapeOfForm(field)));
  const chosen = useRef(points.length > 1);
  /** Counts what came as text, which the map then goes to. */
  const [typedTimes, setTypedTimes] = useState(0);

  const draw = useCallback(
    (next: readonly Position[]) => {
      setPoints(next);
      if (!field) return;
      field.value = placeText(next);
      // Drafts, and whoever else listens to the form, hear of it as if it had been typed.
      field.dispatchEvent(new InputEvent("input", { bubbles: true, data: "map" }));
    },
    [field],
  );

  useEffect(() => {
    if (!field?.form) return undefined;
    const { form } = field;
    const typed = (event: Event) => {
      if (event.target !== field) {
        if (!chosen.current && (event.target as HTMLInputElement).name === "kind")
          setShape(shapeOfForm(field));
        return;
      }
      if ((event as InputEvent).data === "map") return;
      const read = readPlaceText(field.value);
      if (read === null) return;
      setPoints(read);
      setTypedTimes((times) => times + 1);
      if (read.length > 1) setShape("line");
    };
    form.addEventListener("input", typed);
    return () => form.removeEventListener("input", typed);
  }, [field]);

  const choose = (next: Shape) => {
    chosen.current = true;
    setShape(next);
    if (next === "point" && points.length > 1) draw(points.slice(0, 1));
  };
  const add = (place: Position) =>
    draw(shape === "point" ? [place] : [...points, place].slice(0, mostPoints));
  const undo = () => draw(points.slice(0, -1));

  return (
    <>
      <div className="draw-tools" role="group" aria-label={t("map:island.tools")}>
        <button
          type="button"
          className="plain"
          aria-pressed={shape === "point"}
          onClick={() => choose("point")}
        >
          {t("map:island.pin")}
        </button>
        <button
          type="button"
          className="plain"
          aria-pressed={shape === "line"}
          onClick={() => choose("line")}
        >
          {t("map:island.line")}
        </button>
        <button type="button" className="plain" disabled={points.length === 0} onClick={undo}>
          {t("map:island.undo")}
        </button>
        <button type="button" className="plain" disabled={points.length === 0} onClick={() => draw([])}>
          {t("map:island.clear")}
        </button>
      </div>
      <p className="hint">{t(shape === "point" ? "map:island.pinHint" : "map:island.lineHint")}</p>
      <div className={`drawing ${shape}`}>
        <Ground settings={settings} t={t} label={t("map:island.drawLabel")}>
          <Pen
            shape={shape}
            points={points}
            typedTimes={typedTimes}
            onAdd={add}
            onUndo={undo}
            onDraw={draw}
            t={t}
          />
        </Ground>
        <span className="crosshair" aria-hidden="true" />
      </div>
      <p className="map-status meta" role="status">
        {said(points, t)}
      </p>
    </>
  );
}

/** Roads are lines; everything else is a place unless somebody says otherwise. */
function shapeOfForm(field: HTMLTextAreaElement | null): Shape {
  const kind = field?.form?.querySelector<HTMLInputElement>("[name=kind]:checked")?.value;
  return kind === "road" || kind === "landslide" ? "line" : "point";
}

function said(points: readonly Position[], t: Translate): string {
  const last = points.at(-1);
  if (!last) return t("map:island.nothingDrawn");
  const place = placeText([last]);
  if (points.length === 1) return t("map:island.pinAt", { place });
  const metres = Math.round(lineLengthMetres(points));
  return t("map:island.lineOf", { count: points.length, metres: number(metres, t.language), place });
}

interface PenProps {
  shape: Shape;
  points: readonly Position[];
  typedTimes: number;
  onAdd: (place: Position) => void;
  onUndo: () => void;
  onDraw: (points: readonly Position[]) => void;
  t: Translate;
}

function Pen({ shape, points, typedTimes, onAdd, onUndo, onDraw, t }: PenProps) {
  const map = useMap();
  const latest = useRef({ shape, points, onAdd, onUndo, onDraw });
  latest.current = { shape, points, onAdd, onUndo, onDraw };
  const fingers = useRef(new Set<number>());
  const stroke = useRef<L.Point[] | null>(null);
  const stroked = useRef(0);
  const [sketch, setSketch] = useState<readonly L.LatLng[]>(nothing);

  useMapEvents({
    click: ({ latlng }) => {
      // The browser sends a click after a stroke of the finger, too.
      if (Date.now() - stroked.current < 500) return;
      onAdd(positionOf(latlng));
    },
  });

  useEffect(() => {
    const container = map.getContainer();
    const keys = (event: KeyboardEvent) => {
      if (event.target !== container) return;
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        latest.current.onAdd(positionOf(map.getCenter()));
      } else if (event.key === "Backspace" || event.key === "Delete") {
        event.preventDefault();
        latest.current.onUndo();
      }
    };
    const down = (event: PointerEvent) => {
      if (event.pointerType !== "touch") return;
      fingers.current.add(event.pointerId);
      const onHandle = (event.target as Element).closest(".leaflet-marker-icon, .leaflet-control, a, button");
      // Two fingers move the map; one draws.
      stroke.current =
        fingers.current.size === 1 && !onHandle && latest.current.shape === "line"
          ? [map.mouseEventToContainerPoint(event as unknown as MouseEvent)]
          : null;
      setSketch(nothing);
    };
    const move = (event: PointerEvent) => {
      if (!stroke.current || !fingers.current.has(event.pointerId)) return;
      stroke.current.push(map.mouseEventToContainerPoint(event as unknown as MouseEvent));
      setSketch(stroke.current.map((point) => map.containerPointToLatLng(point)));
    };
    const up = (event: PointerEvent) => {
      if (event.pointerType !== "touch") return;
      fingers.current.delete(event.pointerId);
      const drawn = stroke.current;
      stroke.current = null;
      setSketch(nothing);
      if (!drawn || event.type === "pointercancel") return;
      const length = drawn.reduce(
        (sum, point, i) => (i === 0 ? 0 : sum + point.distanceTo(drawn[i - 1]!)),
        0,
      );
      // A tap that trembled is a tap.
      if (length < 12) return;
      stroked.current = Date.now();
      const simple = L.LineUtil.simplify(drawn, fingerTolerance);
      const places = simple.map((point) => positionOf(map.containerPointToLatLng(point)));
      latest.current.onDraw([...latest.current.points, ...places].slice(0, mostPoints));
    };
    container.addEventListener("keydown", keys);
    container.addEventListener("pointerdown", down);
    container.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"] as const) addEventListener(end, up);
    return () => {
      container.removeEventListener("keydown", keys);
      container.removeEventListener("pointerdown", down);
      container.removeEventListener("pointermove", move);
      for (const end of ["pointerup", "pointercancel"] as const) removeEventListener(end, up);
    };
  }, [map]);

  // What the form gave back, or what was typed, comes into view; what is drawn is in view.
  useEffect(() => {
    const { points: known } = latest.current;
    if (known.length === 0) return;
    const bounds = L.latLngBounds(known.map(([lon, lat]) => [lat, lon]));
    if (known.length > 1) map.fitBounds(bounds.pad(0.5), { animate: false, maxZoom: 15 });
    else map.setView(bounds.getCenter(), Math.max(map.getZoom(), 14), { animate: false });
  }, [map, typedTimes]);

  const line = useMemo(() => points.map(([lon, lat]): [number, number] => [lat, lon]), [points]);
  return (
    <>
      {line.length > 1 ? (
        <Polyline
          positions={line}
          pathOptions={{ color: inkOf("--accent"), weight: 6 }}
          interactive={false}
        />
      ) : null}
      {sketch.length > 1 ? (
        <Polyline
          positions={[...sketch]}
          pathOptions={{ color: inkOf("--accent"), weight: 4, dashArray: "4 6" }}
          interactive={false}
        />
      ) : null}
      {line.map((place, index) => (
        <Marker
          key={`${index} ${points.length}`}
          position={place}
          draggable
          title={t("map:island.handle", { count: index + 1 })}
          alt={t("map:island.handle", { count: index + 1 })}
          icon={handleIcon(points.length > 1 ? index + 1 : null)}
          eventHandlers={{
            dragend: ({ target }) => {
              const moved = positionOf((target as L.Marker).getLatLng());
              onDraw(points.map((one, i) => (i === index ? moved : one)));
            },
          }}
        />
      ))}
    </>
  );
}

function inkOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function positionOf({ lat, lng }: L.LatLng): Position {
  return [Number(normalLongitude(lng).toFixed(6)), Number(lat.toFixed(6))];
}

/** Large enough for a thumb; the number says which end is the beginning. */
function handleIcon(order: number | null): L.DivIcon {
  const handle = document.createElement("span");
  handle.className = order === null ? "handle pinned" : "handle";
  if (order !== null) handle.textContent = String(order);
  return L.divIcon({ className: "handle-frame", html: handle, iconSize: [44, 44], iconAnchor: [22, 22] });
}
