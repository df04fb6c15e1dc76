import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { removeCutOffNotes, staleLocks, stateFolderOf } from "../../../cli/recover/stack-lock.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("the locks of a stack", () => {
  const folder = temporaryFolder();
  const stateFolder = () => stateFolderOf(`file://${folder()}`, "pictures", "dev");
  const locks = () => staleLocks(stateFolder());

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
    for (const url of ["https://app.pulumi.com/jane", "s3://bucket"]) {
      assert.deepEqual(staleLocks(stateFolderOf(url, "pictures", "dev")), []);
    }
  });

  it("are none where none was ever there", () => {
    assert.deepEqual(locks(), []);
  });

  it("are stale where the run is gone", () => {
    const pid = endedPid();
    lock(pid);
    assert.deepEqual(locks(), [{ pid, host: hostname(), user: "jane", since: "2026-01-01T00:00:00Z" }]);
  });

  it("go with the notes that a killed run has cut off; whole ones and other stacks' stay", () => {
    const { states } = stateFolder()!;
    mkdirSync(states, { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(states, name), text);
    write("dev.json", "");
    write("dev.json.attrs", "");
    write("dev.json.bak.attrs", '{"user.content_type":"text/plain"}');
    write("prod.json.attrs", "");
    assert.deepEqual(removeCutOffNotes(stateFolder()!), [join(states, "dev.json.attrs")]);
    assert.deepEqual(removeCutOffNotes(stateFolder()!), []);
  });
});
