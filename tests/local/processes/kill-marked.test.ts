import assert from "node:assert/strict";
import { findMarkedProcesses } from "../../../local/processes/find-marked-processes.ts";
import { killMarked } from "../../../local/processes/kill-marked.ts";
import { newRunId } from "../../../local/processes/run-mark.ts";
import { markedChild } from "./marked-child.ts";

describe("killMarked", () => {
  it("kills a process that ignores SIGTERM when its time is up", async () => {
    const runId = newRunId();
    const child = await markedChild(runId, `process.on("SIGTERM", () => {});`);
    await killMarked(runId, { graceMs: 100 });
    assert.deepEqual(await findMarkedProcesses(runId), []);
    assert.equal(child.signalCode, "SIGKILL");
  });

  it("kills a stopped process", async () => {
    const runId = newRunId();
    const child = await markedChild(runId);
    child.kill("SIGSTOP");
    await killMarked(runId, { graceMs: 100 });
    assert.deepEqual(await findMarkedProcesses(runId), []);
  });

  it("lets a process end cleanly, and asks it once only", async () => {
    const runId = newRunId();
    const child = await markedChild(
      runId,
      `let n = 0; process.on("SIGTERM", () => { n++; setTimeout(() => process.exit(40 + n), 200); });`,
    );
    await killMarked(runId);
    assert.equal(child.exitCode, 41);
  });

  it("leaves the processes of another run alone", async () => {
    const runId = newRunId();
    const child = await markedChild(runId);
    await killMarked(newRunId());
    assert.deepEqual(await findMarkedProcesses(runId), [{ pid: child.pid, runId }]);
    await killMarked(runId, { graceMs: 0 });
  });
});
