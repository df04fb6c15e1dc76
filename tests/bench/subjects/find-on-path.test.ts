import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findOnPath } from "../../../bench/subjects/find-on-path.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("finding a program on the path", () => {
  const folder = temporaryFolder();

  it("finds none where there is none, or only a file that cannot be run", () => {
    writeFileSync(join(folder(), "terraform"), "", { mode: 0o644 });
    assert.equal(findOnPath("terraform", folder()), undefined);
    assert.equal(findOnPath("terraform", ""), undefined);
  });

  it("finds the first of several", () => {
    const [first, second] = ["a", "b"].map((name) => {
      const path = join(folder(), name);
      mkdirSync(path);
      writeFileSync(join(path, "terraform"), "", { mode: 0o755 });
      return path;
    });
    assert.equal(
      findOnPath("terraform", [join(folder(), "none"), first, second].join(delimiter)),
      join(first ?? "", "terraform"),
    );
  });
});
