import assert from "node:assert/strict";
import { styleText } from "node:util";
import { standardOutput } from "../../lib/terminal-output.ts";
import {
  below,
  beside,
  coloured,
  recleaned,
  redrawnLine,
  term,
  terminalBlock,
  terminalJson,
  terminalLines,
  type TerminalText,
} from "../../lib/terminal-text.ts";
import { assertPrintable, hostile } from "../printable.ts";

describe("a text for a terminal", () => {
  it("is made by these functions alone: the types refuse any other", () => {
    const plain: string = hostile;
    const wrong = () => {
      // @ts-expect-error A string cannot be printed.
      standardOutput.print(plain);
      // @ts-expect-error Nor what is put together of texts that can be.
      standardOutput.print(`${term`a`}${term`b`}`);
      // @ts-expect-error Nor a literal: the type says where a text was made, not what it holds.
      const literal: TerminalText = "a";
      return literal;
    };
    assert.equal(typeof wrong, "function");
  });

  for (const [how, text] of [
    ["a template's value", term`user ${hostile}`],
    ["a line", terminalLines(["users:", `  ${hostile}`])],
    ["an error's message", terminalBlock(`error: no user ${hostile}`)],
    ["a text below another", below(term`users:`, term`${hostile}`)],
    ["a text beside another", beside(term`user `, term`${hostile}`)],
    ["JSON", terminalJson({ name: hostile, [hostile]: [hostile] })],
    ["JSON in one line", terminalJson({ name: hostile }, 0)],
  ] as const) {
    it(`cannot obey what others wrote as ${how}`, () => assertPrintable(text, how));
  }

  it("shows what others wrote as escapes that can be read", () => {
    assert.equal(term`user ${"E\u001b[8mve\n"}, ${2} times`, String.raw`user E\u001b[8mve\n, 2 times`);
  });

  it("keeps the lines of a message, each of which begins with white space but the first", () => {
    assert.equal(
      terminalBlock("pulumi failed:\nFORGED: fine\n\n    at x\r\nend"),
      "pulumi failed:\n  FORGED: fine\n\n    at x\\r\n  end",
    );
  });

  it("keeps the tabs of code", () => {
    assert.equal(terminalLines(["+\tif (a)", "-\tif (b)"]), "+\tif (a)\n-\tif (b)");
  });

  it("is JSON with the same values for programs", () => {
    const document = { name: hostile, [hostile]: ["می\u200cنا", "👩\u200d💻", hostile] };
    assert.deepEqual(JSON.parse(terminalJson(document)), document);
    assert.equal(terminalJson({ a: ["Zoë"] }), JSON.stringify({ a: ["Zoë"] }, null, 2));
  });

  it("has our own colours, and no one else's", () => {
    const red = coloured("red", term`problem`);
    assert.equal(red, styleText("red", "problem", { validateStream: false }));
    assert.equal(recleaned(red), red);
    assertPrintable(
      coloured("green", term`${hostile}`).replace(/^\u001b\[32m|\u001b\[39m$/g, ""),
      "a colour",
    );
  });

  it("may take the place of the line before", () => {
    const line = redrawnLine("Checking users: 5");
    assert.equal(recleaned(line), line);
    assert.equal(recleaned(redrawnLine("")), "\r\u001b[K");
  });

  it("that went past the types is cleaned when it is printed", () => {
    assertPrintable(recleaned(hostile.replace("\n", " ") as TerminalText), "past the types");
    const redrawn = recleaned(`\r${hostile}\u001b[K` as TerminalText);
    assertPrintable(redrawn.replace(/^\r|\u001b\[K$/g, ""), "past the types, in a line that is redrawn");
  });
});
