import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pollUntil } from "../../../lib/clock.ts";
import { processStatus } from "../../../lib/process-identity.ts";
import { typescriptLoader } from "../../../lib/project.ts";
import { findMarkedProcesses, killMarked, newRunId } from "../../../local/processes/marked-processes.ts";
import { startReaper } from "../../../local/processes/start-reaper.ts";
import { markedChild } from "./marked-child.ts";

describe("startReaper", () => {
  it("ends everything that the run started, and itself, when the run is killed with -9", async () => {
    const runId = newRunId();
    const owner = spawn(
      process.execPath,
      ["--require", typescriptLoader, join(__dirname, "reaper-owner.ts"), runId],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [reaperPid] = (await once(owner.stdout, "data")) as [Buffer];
    const count = async () => (await findMarkedProcesses(runId)).length;
    assert.ok(await pollUntil(async () => (await count()) === 3, { withinMs: 45_000 }));

    owner.kill("SIGKILL");

    assert.ok(await pollUntil(async () => (await count()) === 0, { withinMs: 45_000 }));
    const reaperGone = () => processStatus(Number(reaperPid.toString())) === undefined;
    assert.ok(await pollUntil(reaperGone, { withinMs: 45_000 }));
  });

  it("does no harm when it is dismissed", async () => {
    const runId = newRunId();
    const reaper = await startReaper(runId);
    const child = await markedChild(runId);
    await reaper.stop();
    assert.equal(processStatus(reaper.pid), undefined);
    assert.deepEqual(await findMarkedProcesses(runId), [{ pid: child.pid, runId }]);
    await killMarked(runId, { graceMs: 0 });
  });

  it("may be dismissed when it is gone already, and twice", async () => {
    const reaper = await startReaper(newRunId());
    process.kill(reaper.pid, "SIGKILL");
    await reaper.stop();
    await reaper.stop();
    assert.equal(processStatus(reaper.pid), undefined);
  });
});
