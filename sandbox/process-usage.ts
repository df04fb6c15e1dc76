import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { procStatFields } from "../lib/process-identity.ts";

/** What a living process takes. */
export interface ProcessUsage {
  /** Resident memory in bytes. */
  readonly residentBytes: number;
  /** Processor time since its start, in seconds. */
  readonly cpuSeconds: number;
}

/** Linux counts a process's time in hundredths of a second, whatever the kernel's own clock. */
const ticksPerSecond = 100;
/** Of the memory that /proc shows; 16 or 64 KB on some processors, where the limit is then met too early. */
const pageBytes = 4096;

/** Undefined for a process that is gone, or where the system does not tell. */
export function processUsage(pid: number): ProcessUsage | undefined {
  try {
    return process.platform === "linux" ? usageFromProc(pid) : usageFromPs(pid);
  } catch {
    return undefined;
  }
}

/** What a process's first thread has had of the processors since its start, in milliseconds. */
export interface ProcessorTimes {
  readonly ranMs: number;
  /** How long it could have run, and none was free. */
  readonly queuedMs: number;
}

/** Undefined for a process that is gone, or where the system does not tell: only Linux does. */
export function processorTimes(pid: number): ProcessorTimes | undefined {
  try {
    const [ran, queued] = readFileSync(`/proc/${pid}/schedstat`, "latin1").split(" ").map(Number);
    return ran === undefined || queued === undefined
      ? undefined
      : { ranMs: ran / 1e6, queuedMs: queued / 1e6 };
  } catch {
    return undefined;
  }
}

function usageFromProc(pid: number): ProcessUsage {
  const fields = procStatFields(readFileSync(`/proc/${pid}/stat`, "latin1"));
  const [user, system, pages] = [fields[11], fields[12], fields[21]].map(Number);
  return {
    residentBytes: (pages ?? 0) * pageBytes,
    cpuSeconds: ((user ?? 0) + (system ?? 0)) / ticksPerSecond,
  };
}

function usageFromPs(pid: number): ProcessUsage {
  const text = execFileSync("ps", ["-o", "rss=,time=", "-p", String(pid)], {
    encoding: "utf8",
    timeout: 5000,
    // macOS writes the seconds' fraction as the user's language does.
    env: { ...process.env, LC_ALL: "C" },
  });
  const [kilobytes = "", time = ""] = text.trim().split(/\s+/);
  const cpuSeconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { residentBytes: Number(kilobytes) * 1024, cpuSeconds };
}
