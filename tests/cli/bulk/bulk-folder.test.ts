import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { claimFolder, scratchFolder, startOfRun, stateFailure } from "../../../cli/bulk/bulk-folder.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { processStatus } from "../../../lib/process-identity.ts";
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

describe("the start of a run", () => {
  const folder = temporaryFolder();
  const [first, later] = [new Date("2026-11-21T12:00:00Z"), new Date("2026-11-22T12:00:00Z")];

  it("is when its folder was first opened, and now where the note of it was cut off", () => {
    assert.deepEqual([startOfRun(folder(), first), startOfRun(folder(), later)], [first, first]);
    writeFileSync(join(folder(), "run.json"), '{"startedAt":"20');
    assert.deepEqual([startOfRun(folder(), later), startOfRun(folder(), first)], [later, later]);
    assert.deepEqual(readdirSync(folder()), ["run.json"]);
    assert.equal(statSync(join(folder(), "run.json")).mode & 0o777, 0o600);
  });
});

describe("a run's scratch folder", () => {
  const folder = temporaryFolder();

  it("is this process's own; those that killed processes left are removed", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const kept = [`scratch-${process.ppid}-a`, "0123456789abcdef"];
    for (const name of [...kept, `scratch-${pid}-a`, `scratch-${process.pid}-a`]) {
      mkdirSync(join(folder(), name));
    }
    const scratch = basename(scratchFolder(folder()));
    assert.deepEqual(readdirSync(folder()).toSorted(), [...kept, scratch].toSorted());
  });
});

describe("the claim of a run's folder", () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), "lock");

  it("is refused while another process has it", () => {
    const { pid, startedAt } = processStatus(process.ppid)!;
    writeFileSync(file(), JSON.stringify({ process: { pid, startedAt } }));
    assert.throws(() => claimFolder(folder()), {
      code: "run-under-way",
      message: new RegExp(`^Process ${pid} .*remove ${file()}\\.$`),
    });
  });

  it("is refused while this process has it, and given back", () => {
    const release = claimFolder(folder());
    assert.throws(() => claimFolder(folder()), { code: "run-under-way" });
    release();
    assert.deepEqual(readdirSync(folder()), []);
  });

  it("is taken from a process that has ended", () => {
    const ended = { pid: process.ppid, startedAt: "another" };
    writeFileSync(file(), JSON.stringify({ process: ended }));
    claimFolder(folder())();
    assert.deepEqual(readdirSync(folder()), []);
  });
});
