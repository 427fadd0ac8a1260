/**
 * What a page needs in the browser. A route says so in its `handle`; a page that says nothing gets no script at all.
 */
export interface PageHandle {
  /** The page comes alive with React (maps, the staff queue). */
  hydrate?: boolean;
  /** The page loads the small optional script, and works without it. A function decides by what the loader gave. */
  enhance?: boolean | ((data: unknown) => boolean);
  /** The page carries the map: a script of its own that draws it, and whatever tile server the settings name. */
  map?: boolean;
  /** The page may stand in a frame on another site (widgets). */
  embed?: boolean;
}

/** A route's `handle` as it stands for one answer: what it decides by the loader's data is decided. */
export function settledHandle(handle: unknown, data: unknown): unknown {
  if (typeof handle !== "object" || handle === null) return handle;
  const { enhance } = handle as PageHandle;
  return typeof enhance === "function" ? { ...handle, enhance: data != null && enhance(data) } : handle;
}

/** `plain` has no script, `enhanced` the optional one, `hydrated` all of React. */
export type PageKind = "plain" | "enhanced" | "hydrated";

/** The kind of the page that these handles make together: the most demanding one wins. */
export function pageKind(handles: Iterable<unknown>): PageKind {
  let kind: PageKind = "plain";
  for (const handle of handles) {
    if (asks(handle, "hydrate")) return "hydrated";
    if (asks(handle, "enhance") || asks(handle, "map")) kind = "enhanced";
  }
  return kind;
}

/** Whether the page of these handles carries the map. */
export function hasMap(handles: Iterable<unknown>): boolean {
  for (const handle of handles) if (asks(handle, "map")) return true;
  return false;
}

/** Whether any of these handles lets other sites frame the page. */
export function mayBeFramed(handles: Iterable<unknown>): boolean {
  for (const handle of handles) if (asks(handle, "embed")) return true;
  return false;
}

function asks(handle: unknown, wish: keyof PageHandle): boolean {
  return typeof handle === "object" && handle !== null && (handle as PageHandle)[wish] === true;
}
