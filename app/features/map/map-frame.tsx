import { islands } from "virtual:lookout-islands";
import type { ReactNode } from "react";
import type { MapSettings } from "./map-settings.ts";

interface MapFrameProps {
  settings: MapSettings;
  /** What stands here until the map is drawn, and for ever where there is no script. */
  children: ReactNode;
  /** The ground of the tile server, said in words as its owner wants. */
  credit: string;
}

/** The place of the map on a page. What draws it is asked for by the page itself, and only here. */
export function MapFrame({ settings, children, credit }: MapFrameProps) {
  return (
    <>
      <div
        className={settings.mode === "draw" ? "map-frame draw-frame" : "map-frame"}
        data-map={JSON.stringify(settings)}
      >
        <div className="map-waiting">{children}</div>
      </div>
      <p className="map-credit small">{credit}</p>
      <script type="module" src={islands.map[0]} async />
    </>
  );
}
