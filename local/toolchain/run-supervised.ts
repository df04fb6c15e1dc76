import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Environment } from "../../lib/environment.ts";
import { typescriptLoader } from "../../lib/project.ts";

/** How a command ended. */
export interface RunResult {
  /** Not 0 when it failed, could not be started or was killed. */
  readonly code: number;
  /** The last lines of standard output and standard error together. */
  readonly lastLines: readonly string[];
}

const keptLines = 12;

export interface RunOptions {
  readonly cwd: string;
  readonly env: Environment;
  /** Ends the command. */
  readonly signal?: AbortSignal;
}

/** Runs a command that may take minutes, such that it never outlives this process, however this process ends. */
export function runSupervised(
  command: string,
  args: readonly string[],
  { cwd, env, signal }: RunOptions,
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const supervisor = spawn(
      process.execPath,
      ["--require", typescriptLoader, join(__dirname, "supervise.ts"), command, ...args],
      { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] },
    );
    // The supervisor takes the end of its input for ours.
    signal?.addEventListener("abort", () => supervisor.stdin.end(), { once: true });
    let output = "";
    const collect = (chunk: string): void => {
      output = (output + chunk).split("\n").slice(-keptLines).join("\n");
    };
    supervisor.stdout.setEncoding("utf8").on("data", collect);
    supervisor.stderr.setEncoding("utf8").on("data", collect);
    supervisor.once("error", reject);
    supervisor.once("close", (code) => {
      if (code === null) killGroup(supervisor.pid);
      resolve({ code: code ?? 1, lastLines: output.trim().split("\n") });
    });
  });
}

/** A supervisor that was killed itself could not end its group. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // No process is left in it.
  }
}

/** The time since then (milliseconds since 1970), for people. */
export function elapsed(started: number): string {
  const seconds = Math.round((Date.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
