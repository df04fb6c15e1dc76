import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { driftCodes } from "../../cli/drift/drift.ts";
import { projectRoot } from "../../lib/project.ts";

describe("docs/operations.md", () => {
  it("explains every kind of drift once, and none that does not exist", () => {
    const text = readFileSync(join(projectRoot, "docs/operations.md"), "utf8");
    const explained = [...text.matchAll(/^\| `([a-z-]+)` /gm)].map(([, code]) => code);
    assert.deepEqual(explained, [...driftCodes]);
  });
});
