import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  isAlive,
  isPidInUse,
  ownIdentity,
  parseProcStat,
  parsePsStatus,
  processStatus,
} from "../../lib/process-identity.ts";
import { killMarked, newRunId } from "../../local/processes/marked-processes.ts";
import { markedChild } from "../local/processes/marked-child.ts";

describe("a process id", () => {
  it("is in use as long as any process has it, and never where it is none", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    assert.deepEqual([process.pid, process.ppid, pid, 0, -1, NaN, 1.5].map(isPidInUse), [
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("a process identity", () => {
  it("is not alive when the pid is another process's now", () => {
    assert.equal(isAlive({ ...ownIdentity(), startedAt: "0" }), false);
  });

  it("lives as long as the process", async () => {
    const runId = newRunId();
    const child = await markedChild(runId);
    const status = processStatus(child.pid);
    assert.ok(status !== undefined && isAlive(status));
    assert.equal(status.parentPid, process.pid);
    const exited = once(child, "exit");
    await killMarked(runId, { graceMs: 0 });
    await exited;
    assert.equal(isAlive(status), false);
  });

  it("is read from /proc even when the command's name has parentheses and spaces", () => {
    const rest = `7 7 7 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 11 0 98765 1 1`;
    assert.deepEqual(parseProcStat(42, `42 (a) b) S ${rest}`), { pid: 42, parentPid: 7, startedAt: "98765" });
    assert.equal(parseProcStat(42, `42 (a) b) Z ${rest}`), undefined);
  });

  it("is read from ps where there is no /proc", () => {
    const line = "Ss    7 Sat Nov 21 14:39:00 2026\n";
    assert.deepEqual(parsePsStatus(42, line), {
      pid: 42,
      parentPid: 7,
      startedAt: "Sat Nov 21 14:39:00 2026",
    });
    assert.equal(parsePsStatus(42, "Z 7 Sat Nov 21 14:39:00 2026"), undefined);
    assert.equal(parsePsStatus(42, ""), undefined);
  });
});
