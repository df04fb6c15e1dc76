import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot, typescriptLoader } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("what is built of sources", () => {
  const folder = temporaryFolder();

  /** What a program is given that builds `result` of sources with these hashes, before and after it. */
  function run(before: string, after: string, result: string): string {
    const home = JSON.stringify(join(projectRoot, "lib/cached-result.ts"));
    const hashes = JSON.stringify([before, after]);
    const script = `const hashes = ${hashes}; const { builtOnce } = require(${home});
      process.stdout.write(builtOnce("test", () => hashes.shift(), () => ${JSON.stringify(result)}));`;
    const { stdout, status } = spawnSync(
      process.execPath,
      ["--require", typescriptLoader, "--eval", script],
      {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], USER_PICTURES_CACHE: join(folder(), "cache") },
      },
    );
    assert.equal(status, 0);
    return stdout;
  }

  it("is not kept where a source was saved meanwhile", () => {
    assert.equal(run("a", "b", "of both"), "of both");
    assert.equal(run("a", "a", "of a"), "of a");
  });

  it("is built anew where a source has changed, and only then", () => {
    assert.equal(run("a", "a", "first"), "first");
    assert.equal(run("a", "a", "second"), "first");
    assert.equal(run("b", "b", "second"), "second");
  });
});
