import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { withMark } from "./run-mark.ts";

export interface SpawnMarkedOptions {
  readonly runId: string;
  /** Without it the child gets this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly stdio?: StdioOptions;
}

/** Starts a child that carries the mark of the run, as does everything that it starts. */
export function spawnMarked(
  command: string,
  args: readonly string[],
  { runId, env = process.env, ...options }: SpawnMarkedOptions,
): ChildProcess {
  return spawn(command, args, { ...options, env: withMark(env, runId) });
}
