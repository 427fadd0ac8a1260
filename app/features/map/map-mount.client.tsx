import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { DrawMap } from "./draw-map.client.tsx";
import type { MapSettings } from "./map-settings.ts";
import { ReportMap } from "./report-map.client.tsx";

/** Draws the map that the server described in the frame's `data-map`. */
export function mountMap(frame: HTMLElement): void {
  const settings = JSON.parse(frame.dataset.map ?? "") as MapSettings;
  createRoot(frame).render(
    <StrictMode>
      {settings.mode === "draw" ? <DrawMap settings={settings} /> : <ReportMap settings={settings} />}
    </StrictMode>,
  );
  frame.dataset.ready = "";
}
