/**
 * Begins the map on a page that has one. Small on purpose: what draws is asked for only where a map is to be seen, so
 * that a phone showing the list pays for no map.
 */

function begin(frame: HTMLElement): void {
  const start = async () => {
    const { mountMap } = await import("./map-mount.client.tsx");
    mountMap(frame);
  };
  // A map behind a tab has no size; it begins when there is room for it.
  const seen = new ResizeObserver(() => {
    if (frame.offsetWidth === 0) return;
    seen.disconnect();
    start().catch(() => {
      frame.dataset.failed = "";
    });
  });
  seen.observe(frame);
}

for (const frame of document.querySelectorAll<HTMLElement>("[data-map]")) begin(frame);

export {};
