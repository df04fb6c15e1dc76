import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import {
  emptyFlowResult,
  isChildMessage,
  type FlowResult,
  type RunMessage,
  type SandboxAction,
} from "./flow.ts";
import { childScript, isolation } from "./isolation.ts";

/** One process that runs one flow at a time. */
export interface SandboxChild {
  readonly pid: number | undefined;
  /** Resolves when it can take its first flow; rejects where it cannot be started. */
  ready: Promise<void>;
  /** Never rejects: a flow that runs too long or brings the child down is a denied login. */
  run: (actions: SandboxAction[], eventJson: string, timeLimitMs: number) => Promise<FlowResult>;
  /** False once it has been killed or has ended. */
  isUsable: () => boolean;
  /** Kills it and resolves when it is gone. */
  kill: () => Promise<void>;
}

/** What the parent waits for while a flow runs. */
interface Pending {
  settle: (result: FlowResult) => void;
  currentName: string | undefined;
  actions: SandboxAction[];
}

interface Slot {
  pending?: Pending;
}

/** @param env The only variables that it is given. */
export function startSandboxChild(env: NodeJS.ProcessEnv = {}): SandboxChild {
  const child = spawnChild(env);
  const sentCode = new Set<string>();
  const slot: Slot = {};
  let usable = true;

  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      usable = false;
      const { pending } = slot;
      pending?.settle(failedResult(pending, "crash", "The sandbox's process ended while the flow ran."));
      resolve();
    };
    child.once("exit", end);
    // Also an answer to a message that could not be sent any more.
    child.on("error", end);
  });
  const kill = async (): Promise<void> => {
    usable = false;
    // Its end is waited for, maybe by a program that has nothing else left to do.
    child.ref();
    child.kill("SIGKILL");
    await exited;
  };
  return {
    pid: child.pid,
    ready: listen(child, slot, exited, kill),
    isUsable: () => usable,
    kill,
    run: async (actions, eventJson, timeLimitMs) => {
      setReferenced(child, true);
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<FlowResult>((settle) => {
          const pending: Pending = { settle, currentName: onlyName(actions), actions };
          slot.pending = pending;
          timer = setTimeout(() => {
            settle(
              failedResult(pending, "time-limit", `The flow took longer than ${timeLimitMs / 1000} seconds.`),
            );
            void kill();
          }, timeLimitMs);
          child.send(runMessage(actions, eventJson, sentCode));
        });
      } finally {
        clearTimeout(timer);
        delete slot.pending;
        setReferenced(child, false);
      }
    },
  };
}

/** Takes the child's messages; resolves at the first, `ready`. */
function listen(
  child: ChildProcess,
  slot: Slot,
  exited: Promise<void>,
  kill: () => Promise<void>,
): Promise<void> {
  const ready = new Promise<void>((resolve, reject) => {
    child.on("message", (message: unknown) => {
      if (!isChildMessage(message)) return;
      if (message.type === "ready") {
        // When idle, it keeps no program alive.
        setReferenced(child, false);
        resolve();
      } else if (message.type === "started") {
        startAction(slot.pending, message.index);
      } else {
        if (message.type === "crashed") void kill();
        slot.pending?.settle(message.result);
      }
    });
    void exited.then(() => {
      reject(new Error("The sandbox's process ended before it was ready."));
    });
  });
  // Users of the child await `ready`; a child that is never used must not fail the whole process.
  ready.catch(() => undefined);
  return ready;
}

function spawnChild(env: NodeJS.ProcessEnv): ChildProcess {
  const { command, args } = isolation();
  return spawn(command, [...args, "--eval", childScript()], {
    env,
    cwd: "/",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}

function setReferenced(child: ChildProcess, referenced: boolean): void {
  if (referenced) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}

function startAction(pending: Pending | undefined, index: number): void {
  if (pending) pending.currentName = pending.actions[index]?.name;
}

function onlyName(actions: SandboxAction[]): string | undefined {
  return actions.length === 1 ? actions[0]?.name : undefined;
}

function runMessage(actions: SandboxAction[], event: string, sentCode: Set<string>): RunMessage {
  const newCode: Record<string, string> = {};
  const sent = actions.map(({ id, name, code, secrets }) => {
    // The name is part of it: stack traces show it.
    const codeHash = createHash("sha256").update(`${name}\n${code}`).digest("base64url");
    if (!sentCode.has(codeHash)) newCode[codeHash] = code;
    sentCode.add(codeHash);
    return { id, name, codeHash, secrets };
  });
  return { type: "run", actions: sent, newCode, event };
}

/** A login that a flow's failure ends: nothing that its Actions asked for happens. */
function failedResult(pending: Pending, cause: "crash" | "time-limit", reason: string): FlowResult {
  const action = pending.currentName;
  return {
    ...emptyFlowResult(),
    denied: { code: "access_denied", reason, cause, ...(action === undefined ? {} : { action }) },
  };
}
