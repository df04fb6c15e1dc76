import { fork } from "node:child_process";
import { join } from "node:path";
import type { RunResult, TimedRun } from "./run-result.ts";

/** Auth0's limit for a whole flow. */
const limitMs = 20_000;

/**
 * Runs an Action's code on an event in a process of its own, which gets none of our environment, so no credentials. The
 * code is this repository's own, or a pin of it: nothing else is kept from it. Never rejects: a run that ends badly is
 * a result.
 */
export async function runLocally(code: string, event: object): Promise<TimedRun> {
  const startedAt = performance.now();
  const child = fork(join(__dirname, "action-program.ts"), {
    execArgv: ["--require", require.resolve("tsx/cjs")],
    env: childEnvironment(),
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  let outcome: TimedRun | undefined;
  let why = "The process that ran the code ended without an answer.";
  const timer = setTimeout(() => {
    why = `The code took longer than ${limitMs / 1000} seconds.`;
    child.kill("SIGKILL");
  }, limitMs);
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.on("error", () => {
      if (child.pid === undefined) resolve();
    });
  });
  child.once("message", (message) => {
    outcome = message as TimedRun;
  });
  child.send({ code, event });
  await gone;
  clearTimeout(timer);
  return outcome ?? { result: failed(why), durationMs: performance.now() - startedAt };
}

/** tsx keeps its cache in the temporary folder. */
function childEnvironment(): NodeJS.ProcessEnv {
  const { TMPDIR: folder } = process.env;
  return folder === undefined ? {} : { TMPDIR: folder };
}

function failed(error: string): RunResult {
  return {
    idTokenClaims: undefined,
    accessTokenClaims: undefined,
    userMetadata: undefined,
    appMetadata: undefined,
    console: undefined,
    error,
    denied: undefined,
  };
}
