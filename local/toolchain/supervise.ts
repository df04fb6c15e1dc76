import { spawn } from "node:child_process";
import { standardError } from "../../lib/terminal-output.ts";
import { terminalBlock } from "../../lib/terminal-text.ts";

/**
 * Runs the command in its arguments and ends it, with all that it started, as soon as standard input closes:
 * that happens however the parent ends, by kill -9 too. The parent starts this as the leader of a process group
 * of its own (see run-supervised.ts); interrupting that group lets `go` remove its temporary files.
 */
function main([command = "", ...args]: readonly string[]): void {
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  child.once("error", (error) => {
    standardError.print(terminalBlock(error.message));
    process.exit(127);
  });
  let ending = false;
  child.once("exit", (code) => {
    if (ending) killGroup();
    process.exit(code ?? 1);
  });

  process.on("SIGINT", () => undefined);
  process.stdin.resume();
  process.stdin.once("end", () => {
    ending = true;
    process.kill(-process.pid, "SIGINT");
    setTimeout(killGroup, 3000);
  });
}

/** Ends this process too. */
function killGroup(): void {
  process.kill(-process.pid, "SIGKILL");
}

main(process.argv.slice(2));
