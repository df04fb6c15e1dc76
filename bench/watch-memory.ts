import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface MemoryWatch {
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
