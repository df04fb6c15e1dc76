/**
 * The WHATWG URL; undefined where the text is none. Not by `URL.canParse`: on Node 20 and 22 its optimised form says no to
 * internationalised hosts after some thousand calls. (policy/ has a copy: an Action is bundled from policy/ alone.)
 *
 * @param base For a relative URL.
 */
export function parseUrl(text: string, base?: URL): URL | undefined {
  try {
    // The commonest text that is no URL, caught without the cost of a thrown error.
    return text === "" && base === undefined ? undefined : new URL(text, base);
  } catch {
    return undefined;
  }
}
