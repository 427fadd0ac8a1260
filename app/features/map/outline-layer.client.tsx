import L from "leaflet";
import { useEffect } from "react";
import { useMap } from "react-leaflet";
import { countryName } from "../../i18n/format.ts";
import type { LanguageCode } from "../../i18n/languages.ts";
import { OUTLINE_LEVELS, eachPoint, outlineLevel, outlinePath, outlinesFor } from "./outlines.ts";
import type { OutlineAddress, OutlineTile, PackedLine } from "./outlines.ts";

/** The ground that the site serves itself: land, coasts, borders and the net of degrees, drawn on canvas. */

const fetched = new Map<string, Promise<OutlineTile>>();

function fetchTile(address: OutlineAddress): Promise<OutlineTile> {
  const path = outlinePath(address);
  let tile = fetched.get(path);
  if (!tile) {
    tile = fetch(path).then((answer) => {
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.json() as Promise<OutlineTile>;
    });
    // A line that was cut is asked for again the next time it is needed.
    tile.catch(() => fetched.delete(path));
    fetched.set(path, tile);
  }
  return tile;
}

interface Colours {
  sea: string;
  land: string;
  coast: string;
  border: string;
  net: string;
}

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    sea: read("--map-sea"),
    land: read("--map-land"),
    coast: read("--map-coast"),
    border: read("--map-border"),
    net: read("--map-net"),
  };
}

const OutlineGrid = L.GridLayer.extend({
  createTile(this: L.GridLayer, coords: L.Coords, done: L.DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    const size = this.getTileSize();
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    void drawTile(
      canvas,
      coords,
      size,
      ratio,
      coloursOf((this as unknown as { _map: L.Map })._map.getContainer()),
    )
      .then(() => done(undefined, canvas))
      .catch((error: unknown) => done(error as Error, canvas));
    return canvas;
  },
}) as unknown as new (options: L.GridLayerOptions) => L.GridLayer;

const mercator = L.CRS.EPSG3857;

async function drawTile(
  canvas: HTMLCanvasElement,
  { x, y, z }: L.Coords,
  size: L.Point,
  ratio: number,
  colours: Colours,
): Promise<void> {
  const origin = L.point(x * size.x, y * size.y);
  const northWest = mercator.pointToLatLng(origin, z);
  const southEast = mercator.pointToLatLng(origin.add(size), z);
  const level = outlineLevel(z);
  const box = [northWest.lng, southEast.lat, southEast.lng, northWest.lat] as const;
  const tiles = await Promise.all(outlinesFor(level, box).map(fetchTile));
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  context.fillStyle = colours.sea;
  context.fillRect(0, 0, size.x, size.y);
  context.lineJoin = "round";
  const { steps } = OUTLINE_LEVELS[level]!;
  const scale = 256 * 2 ** z;
  const project = (lon: number, lat: number): [number, number] => {
    const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
    return [
      ((lon + 180) / 360) * scale - origin.x,
      (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale - origin.y,
    ];
  };
  const trace = (lines: readonly PackedLine[]) => {
    context.beginPath();
    for (const line of lines) {
      eachPoint(line, steps, (lon, lat, first) => {
        const [px, py] = project(lon, lat);
        if (first) context.moveTo(px, py);
        else context.lineTo(px, py);
      });
    }
  };
  for (const tile of tiles) {
    trace(tile.land);
    context.fillStyle = colours.land;
    context.fill("evenodd");
  }
  drawNet(context, box, z, project, colours.net);
  for (const tile of tiles) {
    trace(tile.borders);
    context.strokeStyle = colours.border;
    context.lineWidth = 1;
    context.setLineDash([5, 3]);
    context.stroke();
    context.setLineDash([]);
    trace(tile.coast);
    context.strokeStyle = colours.coast;
    context.stroke();
  }
}

/** Meridians and parallels, about a hand apart at every zoom. */
function drawNet(
  context: CanvasRenderingContext2D,
  [west, south, east, north]: readonly [number, number, number, number],
  zoom: number,
  project: (lon: number, lat: number) => [number, number],
  colour: string,
): void {
  const wanted = 200 / ((256 * 2 ** zoom) / 360);
  const steps = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
  const step = steps.findLast((one) => one >= wanted) ?? steps[0]!;
  context.beginPath();
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) {
    const [px, top] = project(lon, north);
    const [, bottom] = project(lon, south);
    context.moveTo(px, top);
    context.lineTo(px, bottom);
  }
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) {
    const [left, py] = project(west, lat);
    const [right] = project(east, lat);
    context.moveTo(left, py);
    context.lineTo(right, py);
  }
  context.strokeStyle = colour;
  context.lineWidth = 0.5;
  context.stroke();
}

/** The outlines as the lowest layer of the map around it, with the names of countries in the reader's language. */
export function OutlineLayer({ language }: { language: LanguageCode }) {
  const map = useMap();
  useEffect(() => {
    const layer = new OutlineGrid({
      keepBuffer: 1,
      updateWhenIdle: false,
      className: "outline-tile",
      zIndex: 0,
    });
    layer.addTo(map);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => void layer.redraw();
    dark.addEventListener("change", redraw);
    return () => {
      dark.removeEventListener("change", redraw);
      layer.remove();
    };
  }, [map]);
  useEffect(() => {
    const names = L.layerGroup().addTo(map);
    let gone = false;
    const write = async () => {
      const { names: known = [] } = await fetchTile({ level: 0, column: 0, row: 0 });
      if (gone) return;
      names.clearLayers();
      const pixels = (256 * 2 ** map.getZoom()) / 360;
      const bounds = map.getBounds();
      for (const [code, lon, lat, width] of known) {
        const room = width * pixels;
        // Small countries wait until there is room for their name; beyond that the name says nothing any more.
        if (room < 50 || room > 6000 || !bounds.contains([lat, lon])) continue;
        const label = document.createElement("span");
        label.textContent = countryName(code, language);
        const icon = L.divIcon({ className: "country-name", html: label, iconSize: [120, 20] });
        names.addLayer(L.marker([lat, lon], { icon, interactive: false, keyboard: false }));
      }
    };
    const again = () => void write().catch(() => undefined);
    again();
    map.on("moveend", again);
    return () => {
      gone = true;
      map.off("moveend", again);
      names.remove();
    };
  }, [map, language]);
  return null;
}
