import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { generatedFiles } from "./generated-files.ts";

describe("what npm run docs writes", () => {
  it("is current: docs/configuration.md, docs/resources.md, the map in docs/architecture.md, the figures in docs/benchmarks.md and the keys in Pulumi.yaml", async () => {
    for (const { path, content } of await generatedFiles()) {
      const file = join(projectRoot, path);
      const there = existsSync(file) ? readFileSync(file, "utf8") : "";
      assert.equal(
        there,
        content,
        `${path} is not what the sources say: run npm run docs and commit what it writes`,
      );
    }
  });
});
