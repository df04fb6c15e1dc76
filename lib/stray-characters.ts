/** A character that nobody means to write in an address or an id: it cannot be seen, or is lost. */
export interface StrayCharacter {
  /** Where it stands, from 1, counted in characters as people see them. */
  readonly at: number;
  /** As Unicode writes it: `U+200B`. */
  readonly codePoint: string;
  /** Unicode's name, where it is a common one. */
  readonly name: string | undefined;
}

/** Unicode's names of those that copying from chats, documents, spreadsheets and web pages leaves. */
const names: Readonly<Record<string, string>> = {
  "U+0009": "CHARACTER TABULATION",
  "U+000A": "LINE FEED",
  "U+000B": "LINE TABULATION",
  "U+000C": "FORM FEED",
  "U+000D": "CARRIAGE RETURN",
  "U+0085": "NEXT LINE",
  "U+00A0": "NO-BREAK SPACE",
  "U+00AD": "SOFT HYPHEN",
  "U+034F": "COMBINING GRAPHEME JOINER",
  "U+061C": "ARABIC LETTER MARK",
  "U+115F": "HANGUL CHOSEONG FILLER",
  "U+1160": "HANGUL JUNGSEONG FILLER",
  "U+180E": "MONGOLIAN VOWEL SEPARATOR",
  "U+2007": "FIGURE SPACE",
  "U+2009": "THIN SPACE",
  "U+200A": "HAIR SPACE",
  "U+200B": "ZERO WIDTH SPACE",
  "U+200C": "ZERO WIDTH NON-JOINER",
  "U+200D": "ZERO WIDTH JOINER",
  "U+200E": "LEFT-TO-RIGHT MARK",
  "U+200F": "RIGHT-TO-LEFT MARK",
  "U+2028": "LINE SEPARATOR",
  "U+2029": "PARAGRAPH SEPARATOR",
  "U+202A": "LEFT-TO-RIGHT EMBEDDING",
  "U+202B": "RIGHT-TO-LEFT EMBEDDING",
  "U+202C": "POP DIRECTIONAL FORMATTING",
  "U+202D": "LEFT-TO-RIGHT OVERRIDE",
  "U+202E": "RIGHT-TO-LEFT OVERRIDE",
  "U+202F": "NARROW NO-BREAK SPACE",
  "U+2060": "WORD JOINER",
  "U+2066": "LEFT-TO-RIGHT ISOLATE",
  "U+2067": "RIGHT-TO-LEFT ISOLATE",
  "U+2068": "FIRST STRONG ISOLATE",
  "U+2069": "POP DIRECTIONAL ISOLATE",
  "U+2800": "BRAILLE PATTERN BLANK",
  "U+3000": "IDEOGRAPHIC SPACE",
  "U+3164": "HANGUL FILLER",
  "U+FEFF": "ZERO WIDTH NO-BREAK SPACE (byte order mark)",
  "U+FFA0": "HALFWIDTH HANGUL FILLER",
  "U+FFFD": "REPLACEMENT CHARACTER",
};

/**
 * Unicode's control, format and separator characters and all that it says to show nothing for, half surrogates, two that
 * look blank, and what stands for a character that a wrong encoding lost. A plain space is none, and neither are variation
 * selectors, which are part of emoji.
 */
const stray =
  /(?! )(?!\p{Variation_Selector})[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\uFFFD]/u;

/** The first one; undefined where there is none. White space of ASCII around the text does not count. */
export function findStrayCharacter(text: string): StrayCharacter | undefined {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  const found = stray.exec(text.slice(start, end));
  if (found === null) return undefined;
  const before = text.slice(0, start + found.index);
  const hex = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const codePoint = `U+${hex}`;
  return { at: Array.from(before).length + 1, codePoint, name: names[codePoint] };
}

function isBlank(character = ""): boolean {
  return " \t\r\n\f".includes(character);
}

/** For people: `U+200B ZERO WIDTH SPACE (character 27)`. */
export function describeStrayCharacter({ at, codePoint, name }: StrayCharacter): string {
  return `${codePoint}${name === undefined ? "" : ` ${name}`} (character ${at})`;
}
