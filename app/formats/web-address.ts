/** Gives a web address as it may be shown and linked: http or https, without credentials; null for anything else. */
export function webAddress(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "" || trimmed.length > 2_000 || !/^https?:\/\//i.test(trimmed)) return null;
  try {
    const url = new URL(trimmed);
    return url.username || url.password ? null : url.href;
  } catch {
    return null;
  }
}
