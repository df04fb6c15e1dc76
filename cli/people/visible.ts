/** The longest picture URL that the policy takes by default. */
const longest = 2048;

/**
 * What users wrote themselves, for a terminal: without control characters, line breaks and changes of direction, which
 * could make a line say something else, and not endless.
 */
export function visible(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}
