const longestAddress = 2000;

/**
 * Where to go after changing the language: a page of this site, as it was asked for, or the front page. Anything a
 * browser could read as another site (`//evil`, `/\evil`, `https:evil`, a tab in between) is not a page of this site.
 */
export function nextPage(asked: unknown): string {
  if (typeof asked !== "string" || asked.length > longestAddress) return "/";
  // Printable ASCII only: an address of ours is always encoded, and a line break would be a second header.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(asked) || asked.includes("\\")) return "/";
  const base = "http://here.invalid";
  const url = URL.canParse(asked, base) ? new URL(asked, base) : null;
  if (!url || url.origin !== base || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search;
}
