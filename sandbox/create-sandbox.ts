import { availableParallelism } from "node:os";
import type { ActionOutcome } from "./action-outcome.ts";
import { readActionOutcome } from "./action-outcome.ts";
import type { FlowResult, SandboxAction } from "./flow.ts";
import { FlowProcessEnd } from "./flow-process.ts";
import { createProcessPool, type HeldProcesses, type ProcessPool } from "./process-pool.ts";
import { flowResult, type EndedRun } from "./flow-result.ts";
import { answerKinds, frame, requestKinds } from "./frames.ts";
import { showMetadata } from "./show-metadata.ts";

export interface SandboxOptions {
  /** How many flows run at the same time; by default one for each core, at most 4. */
  readonly size?: number;
  /** How long all Actions of one flow may take together, in milliseconds; by default Auth0's 20 seconds. */
  readonly flowTimeLimitMs?: number;
  /** The only variables that the processes are given. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface Sandbox {
  /**
   * Runs the Actions one after the other, each on a copy of `event` (JSON) with its own secrets in `event.secrets`, and tells
   * what they make of the login. An Action that throws, denies, takes too long or brings its process down ends the flow
   * with `denied`. Rejects only where no process can be started or the sandbox was stopped.
   */
  readonly runFlow: (actions: readonly SandboxAction[], event: unknown) => Promise<FlowResult>;
  /** Kills every process. Flows under way end as denied, waiting ones reject. */
  readonly stop: () => Promise<void>;
}

/** Auth0's limit for a whole flow. */
const auth0FlowTimeLimitMs = 20_000;

/**
 * Runs Actions' code without network, files, other processes, or environment. A flow has a process of its own, which stays for its
 * next login; an Action with secrets has one for itself.
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const pool = createProcessPool({
    size: options.size ?? Math.min(availableParallelism(), 4),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const timeLimitMs = options.flowTimeLimitMs ?? auth0FlowTimeLimitMs;
  return {
    runFlow: (actions, event) => runInPool(pool, actions, JSON.stringify(event), timeLimitMs),
    stop: pool.stop,
  };
}

async function runInPool(
  pool: ProcessPool,
  actions: readonly SandboxAction[],
  eventJson: string,
  timeLimitMs: number,
): Promise<FlowResult> {
  const processes = await pool.take(actions);
  try {
    const shared = JSON.parse(eventJson) as { user?: Record<string, unknown> };
    const runs: EndedRun[] = [];
    let leftMs = timeLimitMs;
    for (const action of actions) {
      const event = JSON.stringify({ ...shared, secrets: action.secrets });
      const run = await runAction(processes, action, event, leftMs, timeLimitMs);
      leftMs -= run.durationMs;
      runs.push(run);
      if (run.ended !== undefined || run.outcome.error !== undefined || run.outcome.denied !== undefined)
        break;
      showMetadata(shared, run.outcome.effects);
    }
    return flowResult(runs);
  } finally {
    processes.giveBack();
  }
}

async function runAction(
  processes: HeldProcesses,
  action: SandboxAction,
  event: string,
  leftMs: number,
  timeLimitMs: number,
): Promise<EndedRun> {
  const { process, index } = await processes.of(action);
  const startedAt = performance.now();
  const ended = (outcome: ActionOutcome, cause?: EndedRun["ended"]): EndedRun => ({
    action,
    outcome,
    durationMs: performance.now() - startedAt,
    ...(cause === undefined ? {} : { ended: cause }),
  });
  try {
    const request = frame(requestKinds.run, Uint8Array.of(index), event);
    const { kind, content } = await process.request(request, Math.max(leftMs, 1));
    const isOutcome = kind === answerKinds.outcome || kind === answerKinds.crashed;
    const outcome = isOutcome ? readActionOutcome(content) : undefined;
    if (outcome !== undefined) return ended(outcome);
    void process.kill();
    return ended(nothing("The sandbox's process gave an answer that is none."), "crash");
  } catch (error) {
    if (!(error instanceof FlowProcessEnd)) throw error;
    if (error.why === "silence") {
      return ended(nothing(`The flow took longer than ${timeLimitMs / 1000} seconds.`), "time-limit");
    }
    return ended(nothing(`The sandbox's process ended while the flow ran: ${error.message}.`), "crash");
  }
}

function nothing(reason: string): ActionOutcome {
  return { effects: [], error: reason, console: [] };
}
