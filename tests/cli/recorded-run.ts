import type { Command } from "commander";
import { runCommand } from "../../cli/run-command.ts";

export interface RecordedRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line as `pictures` does, and gives what it printed. */
export async function recordedRun(command: Command, ...args: readonly string[]): Promise<RecordedRun> {
  let out = "";
  let err = "";
  const streams = {
    out: (text: string) => (out += `${text}\n`),
    err: (text: string) => (err += `${text}\n`),
  };
  const code = await runCommand(command, args, streams);
  return { code, out, err };
}
