import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { claimFolder, processStart, stateFailure } from "../../../cli/bulk/bulk-folder.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("a full disk under a bulk run", () => {
  it("is said in words, and nothing else is", () => {
    const full = stateFailure("/state", Object.assign(new Error("no space left"), { code: "ENOSPC" }));
    assert.ok(full instanceof ExpectedError && full.code === "state-not-writable");
    for (const other of [new Error("x"), new ExpectedError("report-not-writable", "x")]) {
      assert.equal(stateFailure("/state", other), other);
    }
  });
});

describe("the claim of a run's folder", () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), "pid");

  it("is refused while another process has it", () => {
    for (const holder of [String(process.ppid), `${process.ppid} ${processStart(process.ppid) ?? ""}`]) {
      writeFileSync(file(), holder);
      assert.throws(
        () => claimFolder(folder()),
        (error: ExpectedError) => error.code === "run-under-way" && error.message.includes(file()),
      );
    }
  });

  it("is refused while this process has it", () => {
    const release = claimFolder(folder());
    assert.throws(() => claimFolder(folder()), { code: "run-under-way" });
    release();
  });

  it("is taken from a process that has ended, and given back", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const holder of [String(pid), `${pid} 1`, `${process.ppid} another-start`, "", "no number"]) {
      writeFileSync(file(), holder);
      claimFolder(folder())();
      assert.ok(!existsSync(file()));
    }
  });
});
