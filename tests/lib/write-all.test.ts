import assert from "node:assert/strict";
import fs, { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mock } from "node:test";
import { writeAll } from "../../lib/write-all.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("writeAll", () => {
  // Before temporaryFolder(), which removes files after the test.
  afterEach(() => {
    mock.restoreAll();
  });
  const folder = temporaryFolder();

  it("writes all of it at its place where the system takes a part at a time", () => {
    const file = join(folder(), "file");
    writeFileSync(file, "-".repeat(100));
    const { writeSync } = fs;
    const inParts = (descriptor: number, bytes: Buffer, offset: number, length: number, position: number) =>
      writeSync(descriptor, bytes, offset, Math.min(length, 7), position);
    mock.method(fs, "writeSync", inParts as typeof writeSync);
    const descriptor = fs.openSync(file, "r+");
    writeAll(descriptor, Buffer.from("x".repeat(50)), 25);
    fs.closeSync(descriptor);
    assert.equal(readFileSync(file, "utf8"), "-".repeat(25) + "x".repeat(50) + "-".repeat(25));
  });
});
