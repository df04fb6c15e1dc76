/**
 * Foreign text to show on a page or in a report: without control characters (C0, DEL, C1), changes of direction and separators
 * of lines and paragraphs, which could make a line say something else. Everything else stays: Persian and Indic names need
 * joiners (U+200C, U+200D), Thai ones zero-width spaces, and emoji joiners, variation selectors and tags.
 *
 * @param blank What a tab, a line break or a separator becomes, where it is not the mark of the others.
 */
export function displayText(text: string, blank = mark): string {
  return text.replace(changesLine, (character) => (/\s/.test(character) ? blank : mark));
}

/** The replacement character of Unicode. */
const mark = "\uFFFD";

/** By Unicode's properties; `Cs` is half a character, which cannot be printed. None is longer than one code unit. */
const changesLine = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * The same characters as escapes that can be read, as JSON writes them: for a terminal, where people look for what is wrong
 * with a text, and for JSON, where a program reads the same value.
 *
 * @param kept Characters that stay as they are, such as `"\n"`.
 */
export function escapeControls(text: string, kept = ""): string {
  return text.replace(changesLine, (character) =>
    kept.includes(character) ? character : escaped(character),
  );
}

const shortEscapes: Readonly<Record<string, string>> = {
  "\b": String.raw`\b`,
  "\t": String.raw`\t`,
  "\n": String.raw`\n`,
  "\f": String.raw`\f`,
  "\r": String.raw`\r`,
};

function escaped(character: string): string {
  return shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
