import assert from "node:assert/strict";
import fc from "fast-check";
import { batchLines } from "../../sandbox/batch-lines.ts";

/** What JSON takes for white space, and what only this project's readers take away from around a line. */
const space = fc.constantFrom("", "", "", " ", "\t", "\r", "\uFEFF", "\u00A0", "\u2028 ");
/** Some are longer than what is decoded at once. */
const content = fc.oneof(
  { arbitrary: fc.constantFrom("", "{}", "Zoë", "李", "\uD83D\uDE00"), weight: 9 },
  fc.integer({ min: 32_000, max: 70_000 }).map((length) => `ü${"x".repeat(length)}`),
  fc.integer({ min: 8_000, max: 20_000 }).map((length) => "ü".repeat(length)),
);
const lines = fc.array(fc.tuple(space, content, space), { maxLength: 12 });

function cut(bytes: Buffer): { readonly found: string[]; readonly count: number } {
  const { next, count } = batchLines(bytes);
  const found: string[] = [];
  for (let line = next(); line !== undefined; line = next()) found.push(line);
  return { found, count: count() };
}

describe("the lines of a batch", () => {
  it("are those of its bytes that are not empty, without the white space around them", () => {
    fc.assert(
      fc.property(lines, fc.boolean(), (given, endsWithLineFeed) => {
        const texts = given.map((parts) => parts.join(""));
        const bytes = Buffer.from(`${texts.join("\n")}${endsWithLineFeed && texts.length > 0 ? "\n" : ""}`);
        const { found, count } = cut(bytes);
        assert.deepEqual(
          found,
          texts.map((text) => text.trim()).filter((text) => text !== ""),
        );
        // An empty text at the end is no line: nothing comes after its line feed.
        const isOpen = !endsWithLineFeed && texts.at(-1) === "";
        assert.equal(count, texts.length - (isOpen ? 1 : 0));
      }),
      { numRuns: 800 },
    );
  });

  it("are counted as far as they were asked for", () => {
    const { next, count } = batchLines(Buffer.from("\n\na\n\nb"));
    assert.deepEqual([next(), count(), next(), count(), next(), count()], ["a", 3, "b", 5, undefined, 5]);
  });
});
