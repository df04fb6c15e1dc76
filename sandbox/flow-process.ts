import { spawn, type ChildProcessByStdio } from "node:child_process";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import {
  answerKinds,
  createFrameReader,
  frame,
  readFrameHeader,
  requestKinds,
  type AnswerKind,
  type LoadRequest,
} from "./frames.ts";
import { childScript } from "./child-script.ts";
import { isolation, type Isolation } from "./isolation.ts";
import { limitProcess, mostMemoryBytes, moveToBackground } from "./kernel-limits.ts";
import { insteadOfInherited } from "./inherited-descriptors.ts";
import { processUsage } from "./process-usage.ts";

/** A process that runs the Actions of one flow, and never those of another. */
export interface FlowProcess {
  readonly pid: number | undefined;
  /** Resolves when it is closed and has its code; rejects where it cannot be started. */
  readonly ready: Promise<void>;
  /**
   * Sends a frame, whose buffers must stay as they are until the answer is there. Requests wait for each other.
   *
   * @param parts The frame, or what it consists of, the header first.
   * @param limitMs How long nothing may be heard of the process; a longer silence ends it.
   * @throws FlowProcessEnd
   */
  readonly request: (parts: FrameParts, limitMs: number) => Promise<ProcessAnswer>;
  /** False once it has been ended or has ended. */
  readonly isUsable: () => boolean;
  /** Kills it and resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

export type FrameParts = Buffer | readonly [Buffer, ...Uint8Array[]];

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
  /** The program that it runs, by default the sandbox's own. */
  readonly script?: string;
  /** Whether it is moved to the background when it has started, where that is possible. */
  readonly background?: boolean;
}

/** How often what it takes is looked at: while it works, and while it waits. When it begins and ends to work, no more often than that. */
const lookEveryMs = { working: 50, waiting: 1000, turning: 10 };

/** Work that goes on after an answer ends a process that has taken so much of the processor since, or again and again. */
const mostIdleCpuSeconds = 0.5;
/** What is forgotten of it with each request: memory is put in order after an answer. */
const forgivenCpuSeconds = 0.1;

/** A process says each second that it works on a batch, and may be heard late. */
const mostAlive = (ms: number): number => 60 + ms / 1000;

interface Waiting {
  readonly isBatch: boolean;
  readonly settle: (answer: ProcessAnswer) => void;
  readonly refuse: (end: FlowProcessEnd) => void;
  readonly limitMs: number;
}

/** What happens to a process: the first reason for its end is the one that is told. */
interface Life {
  readonly child: SpawnedChild;
  /** Resolves when it is gone and all that it said was read. */
  readonly gone: Promise<void>;
  readonly isUsable: () => boolean;
  /** Kills it. */
  readonly end: (why: FlowProcessEnd) => void;
  /** Why it is ending, or has ended. */
  readonly why: () => FlowProcessEnd;
}

type SpawnedChild = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Starts a process and gives it its code; resolves at once, see `ready`.
 *
 * @param load May come later: a process takes longer to start than most code takes to be found. Where it does not come, the
 *   process ends.
 */
export function startFlowProcess(
  load: LoadRequest | Promise<LoadRequest>,
  options: FlowProcessOptions = {},
): FlowProcess {
  const isolated = isolation();
  const life = spawnProcess(isolated, options);
  const { child, gone, end } = life;
  const requests = createRequests(life);
  let onReady: (() => void) | undefined;
  const started = new Promise<boolean>((resolve) => {
    onReady = () => {
      resolve(true);
    };
    void gone.then(() => {
      resolve(false);
    });
  });
  const takeFrame = (kind: number, content: Buffer): void => {
    // What stands behind a frame that ended it.
    if (!life.isUsable()) return;
    if (kind === answerKinds.ready && onReady) {
      onReady();
      onReady = undefined;
    } else if (!requests.take(kind, content)) {
      end(new FlowProcessEnd("answer", "it said something that it was not asked for"));
    }
  };
  const reader = createFrameReader(options.mostAnswerBytes ?? 8 * 1024 * 1024, takeFrame, () => {
    end(new FlowProcessEnd("answer", "its answer was too long"));
  });
  child.stdout.on("data", (chunk: Buffer) => {
    if (life.isUsable()) reader.add(chunk);
  });
  const code = Promise.resolve(load);
  // It may fail before anything waits for it.
  code.catch(() => undefined);
  const ready = (async () => {
    if (!(await started)) throw life.why();
    const { pid = 0 } = child;
    if (isolated.layers.limits) await limitProcess(pid, isolated);
    if (options.background === true && isolated.background) await moveToBackground(pid, isolated);
    child.stdin.write(frame(requestKinds.load, JSON.stringify(await code)));
    requests.rest();
  })();
  ready.catch(() => {
    end(new FlowProcessEnd("ended", "its limits could not be set, or its code was not found"));
  });
  return {
    pid: child.pid,
    ready,
    isUsable: life.isUsable,
    request: async (parts, limitMs) => {
      await ready;
      return requests.send(parts, limitMs);
    },
    kill: async () => {
      end(new FlowProcessEnd("ended", "it was ended"));
      // Its end is waited for, maybe by a program that has nothing else left to do: that of its pipes too, which may come last.
      setReferenced(child, true);
      await gone;
    },
  };
}

function spawnProcess(
  { command, args }: Isolation,
  { env, script = childScript() }: FlowProcessOptions,
): Life {
  const child = spawn(command, [...args, "--eval", script], {
    // UTC, as at Auth0; a small pool of threads, since none can be started later.
    env: { ...env, TZ: "UTC", UV_THREADPOOL_SIZE: "2" },
    cwd: "/",
    stdio: ["pipe", "pipe", "ignore", ...insteadOfInherited()],
  }) as SpawnedChild;
  let why: FlowProcessEnd | undefined;
  let usable = true;
  const ended = (): void => {
    usable = false;
  };
  child.once("exit", ended);
  // A process that is gone says so by its exit.
  child.stdin.on("error", () => undefined);
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => {
      resolve();
    });
    child.once("error", () => {
      ended();
      resolve();
    });
  });
  return {
    child,
    gone,
    isUsable: () => usable,
    end: (reason) => {
      why ??= reason;
      ended();
      child.kill("SIGKILL");
    },
    why: () => why ?? new FlowProcessEnd("ended", "its process ended"),
  };
}

/** What a process is asked, and how long it may take: first come, first served. */
function createRequests(life: Life) {
  const { child, end } = life;
  const waiting: Waiting[] = [];
  const usage = watchUsage(child.pid ?? 0, end);
  let silence: NodeJS.Timeout | undefined;
  let alive = { since: performance.now(), count: 0 };
  const restartSilence = (): void => {
    clearTimeout(silence);
    const [first] = waiting;
    if (first === undefined) return;
    silence = setTimeout(() => {
      end(new FlowProcessEnd("silence", `nothing was heard of it for ${first.limitMs / 1000} seconds`));
    }, first.limitMs);
  };
  const setWorking = (working: boolean): void => {
    setReferenced(child, working);
    usage.setWorking(working);
  };
  void life.gone.then(() => {
    clearTimeout(silence);
    usage.stop();
    for (const { refuse } of waiting.splice(0)) refuse(life.why());
  });
  return {
    send: (parts: FrameParts, limitMs: number): Promise<ProcessAnswer> =>
      new Promise((settle, refuse) => {
        if (!life.isUsable()) {
          refuse(life.why());
          return;
        }
        const { kind } = readFrameHeader(Buffer.isBuffer(parts) ? parts : parts[0]);
        waiting.push({ settle, refuse, limitMs, isBatch: kind === requestKinds.batch });
        setWorking(true);
        if (waiting.length === 1) restartSilence();
        writeParts(child.stdin, parts);
      }),
    /** @returns Whether it is something that the process was asked for. */
    take: (kind: number, content: Buffer): boolean => {
      const [asked] = waiting;
      if (asked === undefined) return false;
      if (kind === answerKinds.alive) {
        alive.count += 1;
        // A single login has its limit, whatever is said meanwhile.
        if (!asked.isBatch || alive.count > mostAlive(performance.now() - alive.since)) return false;
        restartSilence();
        return true;
      }
      if (!isAnswer(kind)) return false;
      waiting.shift();
      alive = { since: performance.now(), count: 0 };
      if (kind === answerKinds.crashed)
        end(new FlowProcessEnd("ended", "an error came from outside of any promise"));
      restartSilence();
      if (waiting.length === 0) setWorking(false);
      asked.settle({ kind, content });
      return true;
    },
    /** It is not asked for anything yet. */
    rest: (): void => {
      if (waiting.length === 0) setWorking(false);
    },
  };
}

/** In one call of the system. */
function writeParts(pipe: Writable, parts: FrameParts): void {
  pipe.cork();
  for (const part of Buffer.isBuffer(parts) ? [parts] : parts) pipe.write(part);
  pipe.uncork();
}

function isAnswer(kind: number): kind is AnswerKind {
  const { outcome, crashed, batch, hanging } = answerKinds;
  return [outcome, crashed, batch, hanging].some((known) => known === kind);
}

/** When it waits, a process keeps no program alive. */
function setReferenced(child: SpawnedChild, referenced: boolean): void {
  const call = referenced ? "ref" : "unref";
  child[call]();
  // Pipes are sockets, which is not said by their type.
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe[call]();
}

/** Looks at what the process takes: memory always, the processor's time when it should be waiting. */
function watchUsage(
  pid: number,
  end: (why: FlowProcessEnd) => void,
): { readonly setWorking: (working: boolean) => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let isWorking: boolean | undefined;
  let cpuBefore: number | undefined;
  /** Taken between earlier requests. */
  let idleSeconds = 0;
  let looked: { readonly at: number; readonly cpuSeconds: number } | undefined;
  const look = (): void => {
    const usage = processUsage(pid);
    if (usage === undefined) return;
    const { residentBytes, cpuSeconds } = usage;
    looked = { at: performance.now(), cpuSeconds };
    if (residentBytes > mostMemoryBytes) {
      end(new FlowProcessEnd("memory", `it took more than ${mostMemoryBytes / 1024 / 1024} MB of memory`));
    }
    if (isWorking !== false) return;
    cpuBefore ??= cpuSeconds;
    if (idleSeconds + cpuSeconds - cpuBefore > mostIdleCpuSeconds) {
      end(new FlowProcessEnd("silence", "its work went on after its answer"));
    }
  };
  /** What it takes in so short a time is less than what is forgiven. */
  const isRecent = (): boolean => looked !== undefined && performance.now() - looked.at < lookEveryMs.turning;
  const stop = (): void => {
    clearInterval(timer);
  };
  return {
    setWorking: (working) => {
      if (working === isWorking) return;
      // Also what it still has after its answer would be the next login's trouble.
      if (!isRecent()) look();
      const cpuSeconds = looked?.cpuSeconds;
      if (working) {
        const idle = (cpuSeconds ?? 0) - (cpuBefore ?? cpuSeconds ?? 0);
        idleSeconds = Math.max(idleSeconds + idle - forgivenCpuSeconds, 0);
      }
      cpuBefore = cpuSeconds;
      isWorking = working;
      stop();
      timer = setInterval(look, working ? lookEveryMs.working : lookEveryMs.waiting).unref();
    },
    stop,
  };
}
