import { standardOutput } from "../lib/terminal-output.ts";
import { terminalLines } from "../lib/terminal-text.ts";
import { watchOwner } from "../lib/watch-owner.ts";
import { reportFailure } from "./start/report-failure.ts";
import { asksForHelp, help, interrupted, runStart, startOptions } from "./start/run-start.ts";

/** `npm start`: the whole system on this machine. */
async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const { print } = standardOutput;
  if (asksForHelp(args)) {
    print(terminalLines(help.split("\n")));
    return 0;
  }
  const stopping = new AbortController();
  const stop = () => {
    // A second Ctrl-C, or what does not end in time (a build of the toolchain): the watcher ends the children.
    if (stopping.signal.aborted) process.exit(interrupted);
    stopping.abort();
    setTimeout(() => process.exit(interrupted), 5000).unref();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("SIGHUP", stop);
  watchOwner({ onGone: stop });
  return await runStart(startOptions(args), { print, stopping: stopping.signal });
}

reportFailure(main);
