import assert from "node:assert/strict";
import { describeStrayCharacter, findStrayCharacter } from "../../lib/stray-characters.ts";

describe("a character that nobody means to write", () => {
  for (const [text, described] of [
    ["https://img.acme.com/a.png\u200B", "U+200B ZERO WIDTH SPACE (character 27)"],
    ["\uFEFFauth0|1", "U+FEFF ZERO WIDTH NO-BREAK SPACE (byte order mark) (character 1)"],
    ["  a\u00ADb", "U+00AD SOFT HYPHEN (character 4)"],
    ["auth0|1\u202E", "U+202E RIGHT-TO-LEFT OVERRIDE (character 8)"],
    ["a\u00A0", "U+00A0 NO-BREAK SPACE (character 2)"],
    ["a\nb", "U+000A LINE FEED (character 2)"],
    ["a\u2028b", "U+2028 LINE SEPARATOR (character 2)"],
    ["\u{1F600}\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE (character 2)"],
    ["a\u{E0041}", "U+E0041 (character 2)"],
    ["a\uD800", "U+D800 (character 2)"],
    ["a\u3164", "U+3164 HANGUL FILLER (character 2)"],
    ["J\uFFFDrgen", "U+FFFD REPLACEMENT CHARACTER (character 2)"],
  ] as const) {
    it(`is named and placed: ${described}`, () => {
      const found = findStrayCharacter(text);
      assert.ok(found);
      assert.equal(describeStrayCharacter(found), described);
    });
  }

  for (const text of ["", " \t\n", " auth0|1 \r\n", "a b.png", "éß日本", "\u2764\uFE0F", "\u{1F600}"]) {
    it(`is not in ${JSON.stringify(text)}`, () => {
      assert.equal(findStrayCharacter(text), undefined);
    });
  }
});
