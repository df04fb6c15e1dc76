import { sha256 } from "../lib/hash.ts";
import type { SandboxAction } from "./flow.ts";
import { startFlowProcess, type FlowProcess } from "./flow-process.ts";
import { auth0TimeLimit } from "./frames.ts";

/** The processes of one login, which nobody else has meanwhile. */
export interface HeldProcesses {
  /** The process that has this Action, and the Action's index in it. @throws Error where it cannot be started. */
  readonly of: (action: SandboxAction) => Promise<{ readonly process: FlowProcess; readonly index: number }>;
  readonly giveBack: () => void;
}

export interface ProcessPool {
  /** Waits until one more login may run. @throws Error once the pool was stopped. */
  readonly take: (actions: readonly SandboxAction[]) => Promise<HeldProcesses>;
  readonly stop: () => Promise<void>;
}

/** How many processes wait for a next login of their flow; beyond, the one that has waited longest is ended. */
const mostIdle = 6;

/** What runs in one process: Actions of one flow. */
interface Group {
  readonly key: string;
  readonly actions: readonly SandboxAction[];
}

interface IdleProcess {
  readonly key: string;
  readonly process: FlowProcess;
}

/** @param size How many logins run at the same time. */
export function createProcessPool({ size, env }: { size: number; env?: NodeJS.ProcessEnv }): ProcessPool {
  const processes = new Set<FlowProcess>();
  /** The one that has waited longest is the first. */
  const idle: IdleProcess[] = [];
  const waiting: { readonly go: () => void; readonly refuse: (error: Error) => void }[] = [];
  let running = 0;
  let stopped = false;

  const start = ({ actions }: Group): FlowProcess => {
    const load = { actions: actions.map(({ name, code }) => ({ name, code })), timeLimit: auth0TimeLimit };
    const started = startFlowProcess(load, env === undefined ? {} : { env });
    processes.add(started);
    return started;
  };
  const end = (process: FlowProcess): void => {
    processes.delete(process);
    void process.kill();
  };
  const takeIdle = (key: string): FlowProcess | undefined => {
    for (let index = idle.length - 1; index >= 0; index -= 1) {
      if (idle[index]?.key !== key) continue;
      const [found] = idle.splice(index, 1);
      // One may have been ended meanwhile.
      if (found?.process.isUsable()) return found.process;
      if (found) end(found.process);
    }
    return undefined;
  };
  const leave = ({ key, process }: IdleProcess): void => {
    if (stopped || !process.isUsable()) {
      end(process);
      return;
    }
    idle.push({ key, process });
    if (idle.length > mostIdle) {
      const oldest = idle.shift();
      if (oldest) end(oldest.process);
    }
  };
  const enter = async (): Promise<void> => {
    if (stopped) throw stoppedError();
    if (running < size) running += 1;
    // Who leaves hands its place on.
    else await new Promise<void>((go, refuse) => waiting.push({ go, refuse }));
  };
  return {
    take: async (actions) => {
      await enter();
      const groups = groupsOf(actions);
      const held = new Map<string, FlowProcess>();
      return {
        of: async (action) => {
          const group = groups.get(action) ?? { key: "", actions: [action] };
          const process = held.get(group.key) ?? takeIdle(group.key) ?? start(group);
          held.set(group.key, process);
          await process.ready;
          return { process, index: group.actions.indexOf(action) };
        },
        giveBack: () => {
          for (const [key, process] of held) leave({ key, process });
          const next = waiting.shift();
          if (next) next.go();
          else running -= 1;
        },
      };
    },
    stop: async () => {
      stopped = true;
      for (const { refuse } of waiting.splice(0)) refuse(stoppedError());
      await Promise.all([...processes].map((process) => process.kill()));
      processes.clear();
    },
  };
}

/** An Action with secrets by itself, all others of the flow together. */
function groupsOf(actions: readonly SandboxAction[]): ReadonlyMap<SandboxAction, Group> {
  const hasSecrets = ({ secrets }: SandboxAction): boolean => Object.keys(secrets).length > 0;
  const open = groupOf(actions.filter((action) => !hasSecrets(action)));
  return new Map(actions.map((action) => [action, hasSecrets(action) ? groupOf([action]) : open]));
}

/** Two groups with the same key are the same flow: the same Actions with the same code and secrets, in the same order. */
function groupOf(actions: readonly SandboxAction[]): Group {
  return { key: sha256(JSON.stringify(actions)), actions };
}

function stoppedError(): Error {
  return new Error("The sandbox was stopped.");
}
