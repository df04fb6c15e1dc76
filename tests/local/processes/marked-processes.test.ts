import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { once } from "node:events";
import { pollUntil } from "../../../lib/clock.ts";
import {
  findMarkedProcesses,
  killMarked,
  newRunId,
  parsePsEnvironments,
  runMark,
} from "../../../local/processes/marked-processes.ts";
import { markedChild, startDetachedChild } from "./marked-child.ts";

describe("findMarkedProcesses", () => {
  const runId = newRunId();
  afterEach(() => killMarked(runId, { graceMs: 0 }));

  it("finds nothing for a run that never was", async () => {
    assert.deepEqual(await findMarkedProcesses(newRunId()), []);
  });

  it("does not list a process of another run, nor this one", async () => {
    const child = await markedChild(runId);
    const found = await findMarkedProcesses(newRunId());
    assert.deepEqual(found, []);
    const all = (await findMarkedProcesses()).map(({ pid }) => pid);
    assert.ok(all.includes(child.pid) && !all.includes(process.pid));
  });

  it("lists the run's children and what they start themselves, with groups of their own or not", async () => {
    const child = await markedChild(runId, startDetachedChild);
    const count = async () => (await findMarkedProcesses(runId)).length;
    assert.ok(await pollUntil(async () => (await count()) === 2, { withinMs: 45_000 }));
    assert.ok((await findMarkedProcesses(runId)).some(({ pid }) => pid === child.pid));
  });

  it("does not list a zombie", async function () {
    if (process.platform !== "linux") this.skip();
    // The shell becomes a sleep that never asks for the end of the child it has.
    const script = `${runMark}=${runId} sleep 0.01 & exec sleep 30`;
    const parent = spawn("sh", ["-c", script], { stdio: "ignore" });
    try {
      assert.ok(await pollUntil(() => hasZombie(parent.pid!), { withinMs: 45_000 }));
      assert.deepEqual(await findMarkedProcesses(runId), []);
    } finally {
      parent.kill("SIGKILL");
      await once(parent, "exit");
    }
  });
});

async function hasZombie(parentPid: number): Promise<boolean> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "ppid=,stat="]);
  return stdout.split("\n").some((line) => new RegExp(`^ *${parentPid} +Z`).test(line));
}

describe("parsePsEnvironments", () => {
  it("takes the mark from behind a command and leaves out zombies and what is no run id", () => {
    const lines = [
      `  17 S    node x.js PATH=/bin ${runMark}=0123456789abcdef HOME=/`,
      `  18 Z    (node) ${runMark}=0123456789abcdef`,
      `  19 S+   grep ${runMark}=`,
      `  20 S    node y.js`,
      "",
    ];
    assert.deepEqual(parsePsEnvironments(lines.join("\n")), [{ pid: 17, runId: "0123456789abcdef" }]);
  });
});

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
