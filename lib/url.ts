/**
 * The URL; undefined where the text is none. Not by `URL.canParse`: on Node 20 and 22 its optimised form says no to
 * internationalised hosts after some thousand calls.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
