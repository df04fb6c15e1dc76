import assert from "node:assert/strict";
import { isAtLeast } from "../../lib/versions.ts";

describe("isAtLeast", () => {
  for (const [version, least, expected] of [
    ["20.19.0", "20.19", true],
    ["20.9.0", "20.19", false],
    ["1.22", "1.21.5", true],
    ["3.99.1", "3.259.0", false],
    ["22.13.0-nightly20250101", "22.13", true],
    ["24.0.0", "22.13", true],
  ] as const) {
    it(`is ${expected ? "true" : "false"} of ${version} and ${least}`, () => {
      assert.equal(isAtLeast(version, least), expected);
    });
  }
});
