/** A text of at most `longest` characters, with an ellipsis where it was longer. Never ends within a character. */
export function shortened(text: string, longest: number): string {
  // No more is taken apart than could be shown.
  const characters = [...text.slice(0, longest * 2 + 2)];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}
