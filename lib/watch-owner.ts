import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isAlive, processStatus, type ProcessIdentity } from "./process-identity.ts";

export interface WatchOwnerOptions {
  /** Called once, when the owner is gone: time to shut down. Called at once where it is gone already. */
  readonly onGone: () => void;
  /** How often to look, in milliseconds. */
  readonly everyMs?: number;
}

export interface OwnerWatch {
  stop(): void;
}

/**
 * Watches the process for which this one runs (see findOwner), since nothing tells a process that npm was
 * killed. Does not keep this process running.
 */
export function watchOwner({ onGone, everyMs = 300 }: WatchOwnerOptions): OwnerWatch {
  const parentPid = process.ppid;
  if (lostOwner()) {
    onGone();
    return { stop: () => undefined };
  }
  const owner = findOwner();
  const timer = setInterval(() => {
    // Without an owner that we can see (the first process of a container), our own parent alone counts.
    if (process.ppid === parentPid && (owner === undefined || isAlive(owner))) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/**
 * The process for which this one runs: npm when npm started it (npm → sh -c → node), else its parent. A
 * killed npm leaves the shell between alive, so that this process's own parent does not change.
 */
export function findOwner(
  env: NodeJS.ProcessEnv = process.env,
  parentPid = process.ppid,
): ProcessIdentity | undefined {
  const parent = processStatus(parentPid);
  if (parent === undefined) return undefined;
  const underNpm = env["npm_lifecycle_event"] !== undefined;
  // dash and bash may replace themselves by the command: then npm is the parent already.
  const owner = underNpm && runsOneCommand(parent.pid) ? processStatus(parent.parentPid) : parent;
  return owner === undefined ? undefined : { pid: owner.pid, startedAt: owner.startedAt };
}

/**
 * Whether npm started this process and is gone already: killed while this process was still loading. What is
 * above it then is whatever takes orphans in.
 */
function lostOwner(env: NodeJS.ProcessEnv = process.env, parentPid = process.ppid): boolean {
  if (env["npm_lifecycle_event"] === undefined) return false;
  // The variable is passed on to children's children: a parent that is not npm's shell may be any program.
  if (parentPid !== 1 && !runsOneCommand(parentPid)) return false;
  const owner = findOwner(env, parentPid);
  return owner === undefined || !/\b(npm|npx|pnpm|yarn|bun|node)\b/.test(commandLine(owner.pid));
}

/** Whether it is a shell between npm and its script: `sh -c <command>`. */
function runsOneCommand(pid: number): boolean {
  return /^\S*sh -c /.test(commandLine(pid));
}

function commandLine(pid: number): string {
  try {
    if (process.platform === "linux")
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
    return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8", stdio });
  } catch {
    return "";
  }
}
