import { availableParallelism } from "node:os";
import type { FlowResult, SandboxAction } from "./flow.ts";
import type { SandboxChild } from "./sandbox-child.ts";
import { startSandboxChild } from "./sandbox-child.ts";

export interface SandboxOptions {
  /** How many flows run at the same time, each in a process of its own; by default one for each core, at most 4. */
  size?: number;
  /** How long all Actions of one flow may take together, in milliseconds; by default Auth0's 20 seconds. */
  flowTimeLimitMs?: number;
  /** The only variables that the processes are given. */
  env?: NodeJS.ProcessEnv;
}

export interface Sandbox {
  /**
   * Runs the Actions one after the other on a copy of `event` (JSON; each finds its own secrets in `event.secrets`) and
   * tells what they make of the login. An Action that throws, denies, or takes too long ends the flow with `denied`.
   * Rejects only where no process can be started or the sandbox was stopped.
   */
  runFlow: (actions: SandboxAction[], event: unknown) => Promise<FlowResult>;
  /** Kills every process. Flows under way end as denied, waiting ones reject. */
  stop: () => Promise<void>;
}

/** Auth0's limit for a whole flow. */
const auth0FlowTimeLimitMs = 20_000;

/**
 * A pool of processes in which Actions' code runs without network, files, other processes, or environment. Processes start
 * when they are first needed, and a killed one is replaced.
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const size = options.size ?? Math.min(availableParallelism(), 4);
  const timeLimitMs = options.flowTimeLimitMs ?? auth0FlowTimeLimitMs;
  const children = new Set<SandboxChild>();
  const idle: SandboxChild[] = [];
  const waiting: { give: (child: SandboxChild) => void; refuse: (error: Error) => void }[] = [];
  let stopped = false;

  const take = (): Promise<SandboxChild> => {
    if (stopped) return Promise.reject(stoppedError());
    const child = idle.pop() ?? (children.size < size ? startChild() : undefined);
    if (child) return Promise.resolve(child);
    return new Promise((give, refuse) => {
      waiting.push({ give, refuse });
    });
  };
  const startChild = (): SandboxChild => {
    const child = startSandboxChild(options.env);
    children.add(child);
    return child;
  };
  const giveBack = (child: SandboxChild): void => {
    if (!child.isUsable()) children.delete(child);
    const next = stopped ? undefined : waiting.shift();
    if (next) next.give(child.isUsable() ? child : startChild());
    else if (child.isUsable()) idle.push(child);
  };

  return {
    runFlow: async (actions, event) => {
      const eventJson = JSON.stringify(event);
      const child = await takeUsable(take, giveBack);
      try {
        await child.ready;
        return await child.run(actions, eventJson, timeLimitMs);
      } finally {
        giveBack(child);
      }
    },
    stop: async () => {
      stopped = true;
      for (const { refuse } of waiting.splice(0)) refuse(stoppedError());
      await Promise.all([...children].map((child) => child.kill()));
      children.clear();
    },
  };
}

/** An idle child may have been killed from outside meanwhile. */
async function takeUsable(
  take: () => Promise<SandboxChild>,
  giveBack: (child: SandboxChild) => void,
): Promise<SandboxChild> {
  let child = await take();
  while (!child.isUsable()) {
    giveBack(child);
    child = await take();
  }
  return child;
}

function stoppedError(): Error {
  return new Error("The sandbox was stopped.");
}
