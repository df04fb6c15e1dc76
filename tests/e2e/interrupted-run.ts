import { setTimeout as delay } from "node:timers/promises";
import { findMarkedProcesses, newRunId } from "../../local/processes/marked-processes.ts";
import type { LocalWorld } from "../../local/start/local-world.ts";
import { runPulumi, type PulumiResult } from "../../local/start/run-pulumi.ts";

export interface InterruptedRun extends PulumiResult {
  /** The call at which everything was killed; undefined where the run made fewer calls and so came to its end. */
  readonly killedAt: string | undefined;
}

export interface Interruptions {
  /**
   * Runs `pulumi` and kills it, its language host and its plugins with SIGKILL at the first call of the Management API
   * that is meant: the call has had its effect and nobody gets the answer.
   */
  readonly run: (args: readonly string[], isMeant: IsMeant) => Promise<InterruptedRun>;
}

/** @param call Method and path below `/api/v2`: `POST /clients`. @param number Of the run's calls, counted from 0. */
type IsMeant = (call: string, number: number) => boolean;

/** Ask for it before the tenant's first request. */
export function interruptionsOf(world: LocalWorld): Interruptions {
  let current: CurrentRun | undefined;
  world.tenant.app.addHook("onSend", async ({ method, url }) => {
    if (current === undefined || current.killedAt !== undefined || !url.startsWith("/api/v2/")) return;
    const call = `${method} ${url.slice("/api/v2".length).split("?", 1)[0] ?? ""}`;
    if (!current.isMeant(call, current.calls++)) return;
    current.killedAt = call;
    await killAll(current.runId);
  });
  return {
    run: async (args, isMeant) => {
      const run: CurrentRun = { runId: newRunId(), isMeant, calls: 0, killedAt: undefined };
      current = run;
      try {
        const result = await runPulumi({ ...world, runId: run.runId }, args);
        // What pulumi started may outlive it for a moment.
        if (run.killedAt !== undefined) await killAll(run.runId);
        return { ...result, killedAt: run.killedAt };
      } finally {
        current = undefined;
      }
    },
  };
}

interface CurrentRun {
  readonly runId: string;
  readonly isMeant: IsMeant;
  calls: number;
  killedAt: string | undefined;
}

/** Until two looks in a row find none: one can miss a process that was just forked. */
async function killAll(runId: string): Promise<void> {
  let quietLooks = 0;
  while (quietLooks < 2) {
    const found = await findMarkedProcesses(runId);
    quietLooks = found.length === 0 ? quietLooks + 1 : 0;
    for (const { pid } of found) kill(pid);
    if (found.length > 0) await delay(10);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}
