import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { spawnMarked } from "../local/processes/marked-processes.ts";

export interface TimedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The mark that everything of the benchmark carries. */
  readonly runId: string;
  /** The exit codes that are not a failure; by default 0. */
  readonly exitCodes?: readonly number[];
  readonly withMemory?: boolean;
  /** What standard output says when the time ends; by default it ends with the command. */
  readonly until?: RegExp;
}

export interface TimedRun {
  /** From before the process is made until it ended and its output was read, or until that output. */
  readonly seconds: number;
  readonly out: string;
  readonly err: string;
  /** See `watchMemory`; only where it was asked for and can be read. */
  readonly megabytes?: number;
}

/** Runs a command to its end. Rejects with what it printed where it failed. */
export async function runTimed(timed: TimedCommand): Promise<TimedRun> {
  const { command, args, exitCodes = [0], withMemory = false, until, ...options } = timed;
  const start = performance.now();
  const child = spawnMarked(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const memory = withMemory ? watchMemory(child) : undefined;
  const printed = { out: "", err: "" };
  let end: number | undefined;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed.out += text;
    if (until?.test(printed.out) === true) end ??= performance.now();
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (printed.err += text));
  const [code] = (await once(child, "close").finally(() => memory?.stop())) as [number | null];
  const seconds = ((end ?? performance.now()) - start) / 1000;
  if (code === null || !exitCodes.includes(code)) throw failed(timed, code, printed);
  const megabytes = memory?.peakMegabytes();
  return { seconds, ...printed, ...(megabytes === undefined ? {} : { megabytes }) };
}

function failed(
  { command, args }: TimedCommand,
  code: number | null,
  { out, err }: Pick<TimedRun, "out" | "err">,
): Error {
  return new Error(`${[command, ...args].join(" ")} ended with ${code ?? "a signal"}:\n${out}${err}`);
}

interface MemoryWatch {
  /** Ends the watching. */
  readonly stop: () => void;
  /** In MB (a million bytes); undefined where the system has no /proc. */
  readonly peakMegabytes: () => number | undefined;
}

const intervalMs = 50;

/**
 * Watches the memory of a process and all that it starts: the largest sum of their resident sets (RSS) that was seen.
 * Pages that they share, such as Node's own program, count once for each process, so the sum says too much, never too
 * little; a peak shorter than the interval can be missed.
 */
export function watchMemory({ pid }: ChildProcess): MemoryWatch {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, pid === undefined ? 0 : residentKilobytes(pid));
  };
  const timer = setInterval(look, intervalMs);
  look();
  return {
    stop: () => clearInterval(timer),
    peakMegabytes: () => (peak === 0 ? undefined : Math.round((peak * 1024) / 1e5) / 10),
  };
}

/** Of the process and its descendants; 0 for what has ended. */
function residentKilobytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
    return childrenOf(pid).reduce((sum, child) => sum + residentKilobytes(child), own);
  } catch {
    return 0;
  }
}

/** Any thread may be the one that started a child. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
}
