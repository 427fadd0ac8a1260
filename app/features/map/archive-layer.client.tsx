import L from "leaflet";
import { PMTiles, TileType, type Header } from "pmtiles";
import { useEffect } from "react";
import { useMap } from "react-leaflet";

/**
 * Picture tiles out of one PMTiles file (version 3, https://github.com/protomaps/PMTiles), read in pieces by range
 * requests. What the file does not hold stays clear, and the outlines beneath are seen.
 */

const PICTURES: ReadonlySet<TileType> = new Set([TileType.Png, TileType.Jpeg, TileType.Webp, TileType.Avif]);

/** A tile larger than this many doublings is a blur, and more than a browser draws. */
const STRETCHED = 3;

const ArchiveGrid = L.GridLayer.extend({
  createTile(this: { archive: PMTiles }, { x, y, z }: L.Coords, done: L.DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    canvas.className = "archive-tile";
    void drawTile(canvas, this.archive, x, y, z)
      .then(() => done(undefined, canvas))
      .catch((error: unknown) => done(error as Error, canvas));
    return canvas;
  },
}) as unknown as new (options: L.GridLayerOptions) => L.GridLayer & { archive: PMTiles };

async function drawTile(
  canvas: HTMLCanvasElement,
  archive: PMTiles,
  x: number,
  y: number,
  z: number,
): Promise<void> {
  const found = await archive.getZxy(z, x, y);
  if (!found) return;
  const picture = await createImageBitmap(new Blob([found.data]));
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  picture.close();
}

function gridOf(archive: PMTiles, header: Header): L.GridLayer {
  const grid = new ArchiveGrid({
    minZoom: header.minZoom,
    maxNativeZoom: header.maxZoom,
    maxZoom: header.maxZoom + STRETCHED,
    bounds: [
      [header.minLat, header.minLon],
      [header.maxLat, header.maxLon],
    ],
    zIndex: 2,
  });
  grid.archive = archive;
  return grid;
}

/** Lays the file of `PMTILES_URL` over the outlines; a file of vectors, or none at all, is said in the console. */
export function ArchiveLayer({ url }: { url: string }) {
  const map = useMap();
  useEffect(() => {
    const archive = new PMTiles(url);
    let grid: L.GridLayer | null = null;
    let gone = false;
    archive
      .getHeader()
      .then((header) => {
        if (gone) return;
        if (!PICTURES.has(header.tileType)) {
          console.error(`PMTILES_URL: ${url} holds no pictures (png, jpeg, webp, avif); the outlines stay.`);
          return;
        }
        grid = gridOf(archive, header).addTo(map);
      })
      .catch((error: unknown) => console.error(`PMTILES_URL: ${url} cannot be read.`, error));
    return () => {
      gone = true;
      grid?.remove();
    };
  }, [map, url]);
  return null;
}
