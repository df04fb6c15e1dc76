/**
 * Foreign text to print: without control characters (C0, DEL, C1), changes of direction and separators of lines and paragraphs,
 * which could make a line say something else. Everything else stays: Persian and Indic names need joiners (U+200C, U+200D),
 * Thai ones zero-width spaces, and emoji joiners, variation selectors and tags.
 *
 * @param blank What a tab, a line break or a separator becomes, where it is not the mark of the others.
 */
export function displayText(text: string, blank = mark): string {
  return text.replace(changesLine, (character) => (/\s/.test(character) ? blank : mark));
}

/** The replacement character of Unicode. */
const mark = "\uFFFD";

/** By Unicode's properties; `Cs` is half a character, which cannot be printed. */
const changesLine = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/gu;
