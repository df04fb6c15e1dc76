import { describeStrayCharacter, findStrayCharacter } from "../../lib/stray-characters.ts";

/** Why an address is probably not the one that was meant, by its stable name. A login may show it all the same. */
export type AddressMistake = "invisible-character" | "line-break" | "two-addresses";

/** For people, without what the address holds. */
export const mistakeWords: Readonly<Record<AddressMistake, string>> = {
  "invisible-character": "it holds a character that cannot be seen",
  "line-break": "it holds a line break",
  "two-addresses": "it holds two addresses",
};

export interface FoundMistake {
  readonly mistake: AddressMistake;
  /** For people: what it holds and where, in the words of `mistakeWords`. */
  readonly words: string;
}

/** What makes an address look mistyped. The policy would normalise it: a line break vanishes, a space becomes `%20`. */
export function findMistake(value: unknown): FoundMistake | undefined {
  if (typeof value !== "string") return undefined;
  const stray = findStrayCharacter(value);
  const second = secondAddress(value);
  if (second !== undefined) {
    const between = stray === undefined ? "" : `; ${describeStrayCharacter(stray)} is in it`;
    const words = `it holds two addresses, the second one from character ${second}${between}`;
    return { mistake: "two-addresses", words };
  }
  if (stray === undefined) return undefined;
  const named = describeStrayCharacter(stray);
  if (lineBreaks.has(stray.codePoint)) {
    return { mistake: "line-break", words: `it holds a line break, ${named}` };
  }
  const words = `it holds ${named}, which cannot be seen: take it out, or write it percent-encoded if it is meant`;
  return { mistake: "invisible-character", words };
}

const lineBreaks: ReadonlySet<string> = new Set([
  "U+000A",
  "U+000B",
  "U+000C",
  "U+000D",
  "U+0085",
  "U+2028",
  "U+2029",
]);

/**
 * Where a second address begins, from 1. Services that change pictures take another address in theirs, behind a slash or
 * in the query; behind white space, or behind a comma or a picture's ending in the path, no service has one.
 */
function secondAddress(text: string): number | undefined {
  const start = text.length - text.trimStart().length;
  const query = text.indexOf("?");
  const path = text.slice(start, query < 0 ? text.length : query);
  const found =
    /[^\s\p{Cf}][\s\p{Cf}]+https?:\/\//iu.exec(text.slice(start)) ??
    /(?:[,;|]|\.(?:png|jpe?g|gif|webp|avif|svg))https?:\/\//i.exec(path);
  if (found === null) return undefined;
  const scheme = found.index + found[0].search(/https?:\/\/$/i);
  return Array.from(text.slice(0, start + scheme)).length + 1;
}
