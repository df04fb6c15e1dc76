import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { staleLocks } from "../../../cli/recover/stack-lock.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("the locks of a stack", () => {
  const folder = temporaryFolder();
  const locks = () => staleLocks(`file://${folder()}`, "pictures", "dev");

  function lock(pid: number, host = hostname()): void {
    const path = join(folder(), ".pulumi/locks/organization/pictures/dev");
    mkdirSync(path, { recursive: true });
    const content = { pid, username: "jane", hostname: host, timestamp: "2026-01-01T00:00:00Z" };
    writeFileSync(join(path, `${pid}.json`), JSON.stringify(content));
  }

  const endedPid = () => spawnSync(process.execPath, ["--version"]).pid;

  it("of a run that is alive are left alone", () => {
    lock(process.pid);
    assert.throws(locks, { code: "stack-locked", message: /pid \d+ of jane.*pulumi cancel --stack dev/s });
  });

  it("of another machine are left alone: nobody can say whether its run is alive", () => {
    lock(endedPid(), "another-machine");
    assert.throws(locks, { code: "stack-locked" });
  });

  it("are not known where the backend has no files", () => {
    assert.deepEqual(staleLocks("https://app.pulumi.com/jane", "pictures", "dev"), []);
    assert.deepEqual(staleLocks("s3://bucket", "pictures", "dev"), []);
  });

  it("are none where none was ever there", () => {
    assert.deepEqual(locks(), []);
  });

  it("are stale where the run is gone", () => {
    const pid = endedPid();
    lock(pid);
    assert.deepEqual(locks(), [{ pid, host: hostname(), user: "jane", since: "2026-01-01T00:00:00Z" }]);
  });
});
