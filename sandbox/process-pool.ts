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
const mostIdle = 12;

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
  const end = (process: FlowProcess): void => {
    processes.delete(process);
    void process.kill();
  };
  const start = ({ actions }: Group): FlowProcess => {
    const load = { actions: actions.map(({ name, code }) => ({ name, code })), timeLimit: auth0TimeLimit };
    const started = startFlowProcess(load, env === undefined ? {} : { env });
    processes.add(started);
    return started;
  };
  const places = createPlaces(size);
  const idle = createIdle(end);
  return {
    take: async (actions) => {
      await places.enter();
      const groups = groupsOf(actions);
      const held = new Map<string, FlowProcess>();
      return {
        of: async (action) => {
          const group = groups.get(action) ?? groupOf([action]);
          const process = held.get(group.key) ?? idle.take(group.key) ?? start(group);
          held.set(group.key, process);
          await process.ready;
          return { process, index: group.actions.indexOf(action) };
        },
        giveBack: () => {
          for (const [key, process] of held) idle.leave({ key, process });
          places.leave();
        },
      };
    },
    stop: async () => {
      places.close();
      await Promise.all([...processes].map((process) => process.kill()));
      processes.clear();
    },
  };
}

/** How many logins may run; the others wait in a row. */
function createPlaces(size: number) {
  const waiting: { readonly go: () => void; readonly refuse: (error: Error) => void }[] = [];
  let running = 0;
  let closed = false;
  return {
    enter: async (): Promise<void> => {
      if (closed) throw stoppedError();
      if (running < size) running += 1;
      // Who leaves hands its place on.
      else await new Promise<void>((go, refuse) => waiting.push({ go, refuse }));
    },
    leave: (): void => {
      const next = waiting.shift();
      if (next) next.go();
      else running -= 1;
    },
    close: (): void => {
      closed = true;
      for (const { refuse } of waiting.splice(0)) refuse(stoppedError());
    },
  };
}

/** Processes that wait for the next login of their flow. */
function createIdle(end: (process: FlowProcess) => void) {
  /** The one that has waited longest is the first. */
  const idle: IdleProcess[] = [];
  return {
    take: (key: string): FlowProcess | undefined => {
      for (let index = idle.length - 1; index >= 0; index -= 1) {
        if (idle[index]?.key !== key) continue;
        const [found] = idle.splice(index, 1);
        // One may have been ended meanwhile.
        if (found?.process.isUsable()) return found.process;
        if (found) end(found.process);
      }
      return undefined;
    },
    leave: (left: IdleProcess): void => {
      if (!left.process.isUsable()) {
        end(left.process);
        return;
      }
      idle.push(left);
      const oldest = idle.length > mostIdle ? idle.shift() : undefined;
      if (oldest) end(oldest.process);
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
