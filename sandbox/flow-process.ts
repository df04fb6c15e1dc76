import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import {
  answerKinds,
  createFrameReader,
  frame,
  requestKinds,
  type AnswerKind,
  type LoadRequest,
} from "./frames.ts";
import { childScript, isolation } from "./isolation.ts";
import { limitProcess, mostMemoryBytes } from "./kernel-limits.ts";
import { processUsage } from "./process-usage.ts";

/** A process that runs the Actions of one flow, and never those of another. */
export interface FlowProcess {
  readonly pid: number | undefined;
  /** Resolves when it is closed and has its code; rejects where it cannot be started. */
  readonly ready: Promise<void>;
  /**
   * Sends a frame, whose buffer must stay as it is until the answer is there. Requests wait for each other.
   *
   * @param limitMs How long nothing may be heard of the process; a longer silence ends it.
   * @throws FlowProcessEnd
   */
  readonly request: (bytes: Buffer, limitMs: number) => Promise<ProcessAnswer>;
  /** False once it has been ended or has ended. */
  readonly isUsable: () => boolean;
  /** Kills it and resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

export interface ProcessAnswer {
  readonly kind: AnswerKind;
  readonly content: Buffer;
}

/** Why there is no answer. */
export class FlowProcessEnd extends Error {
  constructor(
    readonly why: "silence" | "memory" | "answer" | "ended",
    message: string,
  ) {
    super(message);
  }
}

export interface FlowProcessOptions {
  /** The only variables that it is given. */
  readonly env?: NodeJS.ProcessEnv;
  /** How many bytes an answer may have. */
  readonly mostAnswerBytes?: number;
}

/** How often what it takes is looked at: while it works, and while it waits. */
const lookEveryMs = { working: 50, waiting: 1000 };

/** Work that goes on after an answer ends a process that has taken so much of the processor since. */
const mostIdleCpuSeconds = 0.5;

interface Waiting {
  readonly settle: (answer: ProcessAnswer) => void;
  readonly refuse: (end: FlowProcessEnd) => void;
  readonly limitMs: number;
}

/** Starts a process and gives it its code; resolves at once, see `ready`. */
export function startFlowProcess(load: LoadRequest, options: FlowProcessOptions = {}): FlowProcess {
  const isolated = isolation();
  const { command, args, layers } = isolated;
  const child = spawn(command, [...args, "--eval", childScript()], {
    // UTC, as at Auth0; a small pool of threads, since none can be started later.
    env: { ...options.env, TZ: "UTC", UV_THREADPOOL_SIZE: "2" },
    cwd: "/",
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting: Waiting[] = [];
  let usable = true;
  let isReady = false;
  let reason: FlowProcessEnd | undefined;
  let silence: NodeJS.Timeout | undefined;

  const end = (why: FlowProcessEnd): void => {
    reason ??= why;
    usable = false;
    child.kill("SIGKILL");
  };
  const restartSilence = (): void => {
    clearTimeout(silence);
    const [first] = waiting;
    if (first === undefined) return;
    silence = setTimeout(() => {
      end(new FlowProcessEnd("silence", `nothing was heard of it for ${first.limitMs / 1000} seconds`));
    }, first.limitMs);
  };
  const watch = watchUsage(child, end);
  const exited = new Promise<void>((resolve) => {
    const gone = (): void => {
      usable = false;
      clearTimeout(silence);
      watch.stop();
      const why = reason ?? new FlowProcessEnd("ended", "its process ended");
      for (const { refuse } of waiting.splice(0)) refuse(why);
      resolve();
    };
    child.once("exit", () => {
      usable = false;
    });
    // After the exit, when all that it said is read.
    child.once("close", gone);
    child.once("error", gone);
  });
  // A process that is gone says so by its exit.
  child.stdin.on("error", () => undefined);

  let onReady: () => void = () => undefined;
  const takeFrame = (kind: number, content: Buffer): void => {
    if (!isReady && kind === answerKinds.ready) {
      isReady = true;
      onReady();
    } else if (kind === answerKinds.alive && waiting.length > 0) restartSilence();
    else if (waiting.length > 0 && isAnswer(kind)) {
      const answered = waiting.shift();
      if (kind === answerKinds.crashed)
        end(new FlowProcessEnd("ended", "an error came from outside of any promise"));
      restartSilence();
      if (waiting.length === 0) setReferenced(child, false);
      watch.setWorking(waiting.length > 0);
      answered?.settle({ kind, content });
    } else end(new FlowProcessEnd("answer", "it said something that it was not asked for"));
  };
  const reader = createFrameReader(options.mostAnswerBytes ?? 8 * 1024 * 1024, takeFrame, () => {
    end(new FlowProcessEnd("answer", "its answer was too long"));
  });
  child.stdout.on("data", (chunk: Buffer) => {
    if (usable) reader.add(chunk);
  });

  const ready = (async () => {
    await Promise.race([new Promise<void>((resolve) => (onReady = resolve)), exited]);
    if (!isReady) throw new FlowProcessEnd("ended", "the sandbox's process ended before it was ready");
    if (layers.limits) await limitProcess(child.pid ?? 0, isolated);
    child.stdin.write(frame(requestKinds.load, JSON.stringify(load)));
    if (waiting.length === 0) setReferenced(child, false);
  })();
  ready.catch(() => {
    end(new FlowProcessEnd("ended", "its limits could not be set"));
  });

  return {
    pid: child.pid,
    ready,
    isUsable: () => usable,
    request: async (bytes, limitMs) => {
      await ready;
      return new Promise<ProcessAnswer>((settle, refuse) => {
        if (!usable) {
          refuse(reason ?? new FlowProcessEnd("ended", "its process ended"));
          return;
        }
        waiting.push({ settle, refuse, limitMs });
        setReferenced(child, true);
        watch.setWorking(true);
        if (waiting.length === 1) restartSilence();
        child.stdin.write(bytes);
      });
    },
    kill: async () => {
      end(new FlowProcessEnd("ended", "it was ended"));
      // Its end is waited for, maybe by a program that has nothing else left to do.
      child.ref();
      await exited;
    },
  };
}

function isAnswer(kind: number): kind is AnswerKind {
  const { outcome, crashed, batch, hanging } = answerKinds;
  return [outcome, crashed, batch, hanging].some((known) => known === kind);
}

/** When it waits, a process keeps no program alive. */
function setReferenced(child: ChildProcess, referenced: boolean): void {
  const call = referenced ? "ref" : "unref";
  for (const part of [child, child.stdin as Socket | null, child.stdout as Socket | null]) part?.[call]();
}

/** Looks at what the process takes: memory always, the processor's time when it should be waiting. */
function watchUsage(
  child: ChildProcess,
  end: (why: FlowProcessEnd) => void,
): { readonly setWorking: (working: boolean) => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let isWorking: boolean | undefined;
  let cpuBefore: number | undefined;
  const look = (): void => {
    const usage = processUsage(child.pid ?? 0);
    if (usage === undefined) return;
    if (usage.residentBytes > mostMemoryBytes) {
      end(new FlowProcessEnd("memory", `it took more than ${mostMemoryBytes / 1024 / 1024} MB of memory`));
    }
    if (isWorking) return;
    cpuBefore ??= usage.cpuSeconds;
    if (usage.cpuSeconds - cpuBefore > mostIdleCpuSeconds) {
      end(new FlowProcessEnd("silence", "its work went on after its answer"));
    }
  };
  const stop = (): void => {
    clearInterval(timer);
  };
  return {
    setWorking: (working) => {
      if (working === isWorking) return;
      isWorking = working;
      cpuBefore = undefined;
      stop();
      timer = setInterval(look, working ? lookEveryMs.working : lookEveryMs.waiting).unref();
    },
    stop,
  };
}
