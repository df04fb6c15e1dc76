import { join } from "node:path";
import { failureText, printUncaughtErrors, standardError, standardOutput } from "../lib/terminal-output.ts";
import { watchOwner } from "../lib/watch-owner.ts";
import { runTenant } from "./run-tenant.ts";

printUncaughtErrors();
const stopping = new AbortController();
const stop = (): void => {
  stopping.abort();
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
// Nothing tells a process that the npm or the program that started it was killed.
watchOwner({ onGone: stop });

runTenant(process.argv.slice(2), {
  projectRoot: join(__dirname, ".."),
  stdout: standardOutput.print,
  stderr: standardError.print,
  stop: stopping.signal,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    standardError.print(failureText(error));
    process.exitCode = 1;
  },
);
