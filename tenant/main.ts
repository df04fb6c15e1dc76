import { join } from "node:path";
import { describeFailure } from "../lib/errors.ts";
import { watchOwner } from "../lib/watch-owner.ts";
import { runTenant } from "./run-tenant.ts";

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
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  stop: stopping.signal,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  },
);
