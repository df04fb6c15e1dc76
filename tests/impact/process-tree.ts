import { readdirSync, readFileSync } from "node:fs";

/**
 * The resident memory of a process and all that it started, in bytes: the plain sum, in which what they share counts for each of
 * them. Linux only; 0 elsewhere.
 */
export function treeMemory(pid: number): number {
  return [pid, ...descendants(pid)].reduce((sum, each) => sum + residentBytes(each), 0);
}

/** The processor time that a process and all that it started took so far, in seconds; of those that have ended, too. */
export function treeSeconds(pid: number): number {
  return [pid, ...descendants(pid)].reduce((sum, each) => sum + ticks(each), 0) / ticksPerSecond;
}

/** All that a process started, and what that started. */
export function treePids(pid: number): readonly number[] {
  return descendants(pid);
}

/** Linux's USER_HZ, the same on all usual machines. */
const ticksPerSecond = 100;

/** Of the process and of its children that have ended, by /proc/PID/stat. */
function ticks(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

function descendants(pid: number): number[] {
  const children = threads(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(" "));
  return children
    .filter((text) => text.trim() !== "")
    .flatMap((text) => [Number(text), ...descendants(Number(text))]);
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function residentBytes(pid: number): number {
  const [, kilobytes = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return Number(kilobytes) * 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
