import type { Command } from "commander";
import { runCommand } from "./run-command.ts";

/** Runs this process's command line and sets its exit code. */
export function runMain(command: Command): void {
  const streams = {
    out: (text: string) => process.stdout.write(text),
    err: (text: string) => process.stderr.write(text),
  };
  // Whoever reads may have seen enough (`pictures … | head`).
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  void runCommand(command, process.argv.slice(2), streams).then((code) => {
    if (code !== 0) process.exitCode = code;
  });
}
