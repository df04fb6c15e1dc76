import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { claimFolder } from "../../../cli/bulk/claim-folder.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("the claim of a run's folder", () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), "pid");

  it("is refused while another process has it", () => {
    writeFileSync(file(), String(process.ppid));
    assert.throws(() => claimFolder(folder()), { code: "run-under-way" });
  });

  it("is taken from a process that has ended, and given back", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const holder of [String(pid), "", "no number"]) {
      writeFileSync(file(), holder);
      claimFolder(folder())();
      assert.ok(!existsSync(file()));
    }
  });
});
