import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ownIdentity, processStatus, type ProcessIdentity } from "../../../lib/process-identity.ts";
import { typescriptLoader } from "../../../lib/project.ts";
import { claimRun, currentRun } from "../../../local/processes/claim-run.ts";
import { findMarkedProcesses, killMarked, newRunId } from "../../../local/processes/marked-processes.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { markedChild } from "./marked-child.ts";

const dead = { pid: 2 ** 22 - 1, startedAt: "0" };

describe("claimRun", () => {
  const folder = temporaryFolder();

  it("refuses a folder that a living run holds, and says how to stop that one", async () => {
    const run = await claimRun(folder());
    await assert.rejects(claimRun(folder()), (error: Error & { code?: unknown }) => {
      assert.equal(error.code, "already-running");
      assert.match(error.message, new RegExp(`process ${process.pid}.*kill ${process.pid}`));
      return true;
    });
    assert.equal(currentRun(folder())?.runId, run.runId);
    run.release();
  });

  it("ends what a killed run left behind before it takes its place", async () => {
    const first = claimant(folder());
    const [, runId] = (await answer(first)).split(" ");
    first.kill("SIGKILL");
    await once(first, "exit");
    assert.equal((await findMarkedProcesses(runId)).length, 1);

    const run = await claimRun(folder());

    assert.deepEqual(await findMarkedProcesses(runId), []);
    assert.equal(currentRun(folder())?.runId, run.runId);
    run.release();
  });

  it("ends a run whose owner is gone, even if its process still lives", async () => {
    const runId = newRunId();
    const child = await markedChild(newRunId());
    writeLock(folder(), processStatus(child.pid)!, { runId, owner: dead });
    const exited = once(child, "exit");
    const run = await claimRun(folder());
    assert.deepEqual(await exited, [null, "SIGTERM"]);
    run.release();
  });

  it("takes the place of a lock that cannot be read, and of one whose pid is another process's now", async () => {
    writeFileSync(join(folder(), "run.lock"), "{");
    (await claimRun(folder())).release();
    const reused = { ...ownIdentity(), startedAt: "0" };
    writeLock(folder(), reused, { runId: newRunId(), owner: reused });
    (await claimRun(folder())).release();
    assert.deepEqual(readdirSync(folder()), []);
  });

  it("keeps its own folder when the process for which it runs is gone: it must not end itself", async () => {
    const run = await claimRun(folder(), { owner: dead });
    await assert.rejects(claimRun(folder()), { code: "already-running" });
    assert.equal(currentRun(folder()), undefined);
    run.release();
  });

  it("lets one of several win that claim a dead run's folder at once", async () => {
    writeLock(folder(), dead, { runId: newRunId(), owner: dead });
    const claimants = Array.from({ length: 4 }, () => claimant(folder()));
    const answers = await Promise.all(claimants.map(answer));
    const [winner, ...more] = answers.filter((text) => text.startsWith("claimed"));
    assert.equal(more.length, 0);
    assert.equal(answers.filter((text) => text === "already-running").length, 3);
    assert.equal(currentRun(folder())?.runId, winner?.split(" ")[1]);
    await Promise.all(claimants.map(end));
    await killMarked(winner?.split(" ")[1] ?? "", { graceMs: 0 });
  });

  it("leaves nothing behind when released, and never removes another run's lock", async () => {
    const run = await claimRun(folder());
    run.release();
    assert.deepEqual(readdirSync(folder()), []);
    const other = await claimRun(folder());
    run.release();
    assert.match(readFileSync(join(folder(), "run.lock"), "utf8"), new RegExp(other.runId));
    other.release();
  });
});

function claimant(folder: string): ChildProcess {
  const args = ["--require", typescriptLoader, join(__dirname, "claiming-program.ts"), folder];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

async function answer(child: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface(child.stdout!), "line")) as [string];
  return line;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

function writeLock(folder: string, owner: ProcessIdentity, note: object): void {
  writeFileSync(join(folder, "run.lock"), JSON.stringify({ process: owner, note }));
}
