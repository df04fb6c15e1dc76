import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { executablesOnPath } from "../../lib/executables.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("finding a program on the path", () => {
  const folder = temporaryFolder();

  it("finds none where there is none, only a file that cannot be run, or a folder of that name", () => {
    writeFileSync(join(folder(), "tool"), "", { mode: 0o644 });
    mkdirSync(join(folder(), "a", "tool"), { recursive: true });
    const path = [folder(), join(folder(), "a"), ""].join(delimiter);
    assert.deepEqual(executablesOnPath("tool", path), []);
    assert.deepEqual(executablesOnPath("tool", undefined), []);
  });

  it("finds them in the order of the path", () => {
    const folders = ["b", "a"].map((name) => join(folder(), name));
    for (const path of folders) {
      mkdirSync(path);
      writeFileSync(join(path, "tool"), "", { mode: 0o755 });
    }
    const path = [join(folder(), "none"), ...folders].join(delimiter);
    assert.deepEqual(
      executablesOnPath("tool", path),
      folders.map((name) => join(name, "tool")),
    );
  });
});
