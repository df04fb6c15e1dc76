import assert from "node:assert/strict";
import fs, { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mock } from "node:test";
import { lineReader, lineWriter, readLines } from "../../lib/lines.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("lines of a file", () => {
  // Before temporaryFolder(), which removes files after the test.
  afterEach(() => {
    mock.restoreAll();
  });
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

  it("are not swallowed by one that was cut off, and go on after those that are whole", () => {
    for (const text of ["", "whole\n", '{"cut']) {
      writeFileSync(file(), text);
      for (const line of ["one", "two"]) {
        const lines = lineWriter(file(), "a");
        lines.write(line);
        lines.close();
      }
      const before = text.trimEnd();
      assert.equal(readFileSync(file(), "utf8"), `${before === "" ? "" : `${before}\n`}one\ntwo\n`);
    }
  });

  it("come whole where the system takes a part of each write", () => {
    const { writeSync } = fs;
    const part = (fd: number, bytes: Buffer, offset: number, length: number) =>
      writeSync(fd, bytes, offset, Math.min(length, 999));
    mock.method(fs, "writeSync", part as typeof writeSync);
    const lines = lineWriter(file(), "w");
    for (const text of texts) lines.write(text);
    lines.close();
    assert.equal(readFileSync(file(), "utf8"), `${texts.join("\n")}\n`);
  });

  it("are not written twice where the disk was full in the middle", () => {
    const { writeSync } = fs;
    const lines = lineWriter(file(), "w");
    mock.method(fs, "writeSync", ((fd: number, bytes: Buffer, offset: number) => {
      if (offset > 0) throw Object.assign(new Error("full"), { code: "ENOSPC" });
      return writeSync(fd, bytes, 0, 5);
    }) as typeof writeSync);
    lines.write("a long line");
    assert.throws(() => lines.flush(), { code: "ENOSPC" });
    mock.restoreAll();
    lines.close();
    assert.equal(readFileSync(file(), "utf8"), "a lon");
  });
});
