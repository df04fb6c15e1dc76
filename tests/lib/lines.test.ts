import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lineReader, lineWriter, readLines } from "../../lib/lines.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("lines of a file", () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), "lines");
  const texts = Array.from({ length: 3000 }, (_, index) => `${index} ${"ä".repeat(index % 90)}`);
  const long = "x".repeat(200_000);

  beforeEach(() => {
    const lines = lineWriter(file(), "w");
    for (const text of [...texts, "", long]) lines.write(text);
    lines.close();
  });

  it("come whole, whatever parts the file is read in, without the empty ones", () => {
    assert.deepEqual(
      [...readLines(file())].map(({ text }) => text),
      [...texts, long],
    );
  });

  it("are found again by where they begin", () => {
    const reader = lineReader(file());
    try {
      for (const { text, offset } of readLines(file())) assert.equal(reader.at(offset), text);
    } finally {
      reader.close();
    }
  });

  it("are added to those that are there, and are in the file once they are flushed", () => {
    const lines = lineWriter(file(), "a");
    lines.write("more");
    lines.flush("durably");
    assert.ok(readFileSync(file(), "utf8").endsWith("x\nmore\n"));
    lines.close();
  });
});
