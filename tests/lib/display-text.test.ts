import assert from "node:assert/strict";
import { displayText } from "../../lib/display-text.ts";
import { markup } from "../../lib/html.ts";
import { term } from "../../lib/terminal-text.ts";
import { visible } from "../../lib/terminal.ts";

/** As people write them. */
const names: Readonly<Record<string, string>> = {
  "Persian, with a non-joiner": "می\u200cنا حسینی\u200cزاده",
  "Hindi, with a joiner": "क्\u200dष राजन्",
  "Malayalam, with joiners": "അവന്\u200d നന്ദന്\u200d",
  "Sinhala, with a joiner": "ශ්\u200dරී ලංකා",
  "Bengali, with a non-joiner": "র\u200dয্যাব",
  Tamil: "தமிழ்ச்செல்வி",
  "Thai, with a zero-width space": "สม\u200bชาย",
  Arabic: "محمد بن عبد\u00a0الله",
  Hebrew: "שָׁלוֹם כֹּהֵן",
  "Vietnamese, decomposed": "Nguyễn".normalize("NFD"),
  "Japanese, with a variant of a character": "葛\u{E0100}城",
  "an emoji of several": "👩\u200d💻 👨\u200d👩\u200d👧",
  "an emoji with a variation selector": "❤\uFE0F 👁\uFE0F\u200d🗨\uFE0F",
  "a flag of tags": "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
  "a character newer than this Node": "\u{1FAE9}",
};

const attacks: Readonly<Record<string, readonly [text: string, onPage: string, onTerminal: string]>> = {
  "the colour of a terminal": ["Eve\u001b[31m", "Eve\uFFFD[31m", String.raw`Eve\u001b[31m`],
  "the same by one C1 character": ["Eve\u009b2J", "Eve\uFFFD2J", String.raw`Eve\u009b2J`],
  "a character that deletes another": ["Eve\b\b\u007f", "Eve\uFFFD\uFFFD\uFFFD", String.raw`Eve\b\b\u007f`],
  "a terminal's title": ["\u001b]0;root\u0007", "\uFFFD]0;root\uFFFD", String.raw`\u001b]0;root\u0007`],
  "an override of the direction": [
    "a\u202egnp.exe\u202c",
    "a\uFFFDgnp.exe\uFFFD",
    String.raw`a\u202egnp.exe\u202c`,
  ],
  "an isolate": ["a\u2066b\u2067c\u2069", "a\uFFFDb\uFFFDc\uFFFD", String.raw`a\u2066b\u2067c\u2069`],
  "a mark of direction": ["a\u200e\u200f\u061cb", "a\uFFFD\uFFFD\uFFFDb", String.raw`a\u200e\u200f\u061cb`],
  "half a character": ["a\ud83d", "a\uFFFD", String.raw`a\ud83d`],
  "a zero byte": ["a\0b", "a\uFFFDb", String.raw`a\u0000b`],
};

const breaks = {
  "a line feed": ["\n", String.raw`\n`],
  "a carriage return": ["\r", String.raw`\r`],
  "a line separator": ["\u2028", String.raw`\u2028`],
  "a paragraph separator": ["\u2029", String.raw`\u2029`],
} as const;

describe("foreign text in an output", () => {
  for (const [script, name] of Object.entries(names)) {
    it(`is as it was written: ${script}`, () => {
      assert.equal(displayText(name), name);
      assert.equal(visible(name), name);
      assert.equal(term`${name}`, name);
      assert.equal(markup`${name}`.html, name);
    });
  }

  for (const [attack, [text, onPage, onTerminal]] of Object.entries(attacks)) {
    it(`is without ${attack}`, () => {
      assert.equal(displayText(text), onPage);
      assert.equal(markup`${text}`.html, onPage);
      assert.equal(visible(text), onTerminal);
      assert.equal(term`${text}`, onTerminal);
      assert.equal(JSON.parse(`"${onTerminal}"`), text);
    });
  }

  for (const [name, [character, onTerminal]] of Object.entries(breaks)) {
    it(`is without ${name}, which is a space on a page`, () => {
      assert.equal(visible(`a${character}b`), `a${onTerminal}b`);
      assert.equal(term`${`a${character}b`}`, `a${onTerminal}b`);
      assert.equal(markup`a${character}b`.html, "a b");
    });
  }
});
