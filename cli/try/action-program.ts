/**
 * The program of the process that runs an Action's code once: its parent sends code and event, it answers with a
 * TimedRun and ends. It finds no variables of ours, so no credentials.
 */
import { performance } from "node:perf_hooks";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import type { RunResult, TimedRun } from "./run-result.ts";

interface Task {
  readonly code: string;
  readonly event: object;
}

type Handler = (event: object, api: object) => unknown;

/** What the Action asked of `api`. */
interface Effects {
  readonly calls: { readonly method: string; readonly name: string; readonly value: unknown }[];
  denied: string | undefined;
}

async function run({ code, event }: Task): Promise<TimedRun> {
  const lines: string[] = [];
  const effects: Effects = { calls: [], denied: undefined };
  let error: string | undefined;
  let startedAt = performance.now();
  try {
    const handler = load(code, lines);
    startedAt = performance.now();
    await handler(event, recordingApi(effects));
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  const durationMs = performance.now() - startedAt;
  return { result: result(effects, lines, error), durationMs };
}

/** As CommonJS. Our Actions require nothing: a pinned one that does is run in the tenant alone. */
function load(code: string, lines: string[]): Handler {
  const exports: { onExecutePostLogin?: Handler } = {};
  const print = (...values: unknown[]) => void lines.push(format(...values));
  const console = { log: print, info: print, warn: print, error: print, debug: print };
  const refuse = (name: string) => {
    throw new Error(`No module is to be had locally: ${name}`);
  };
  const start = compileFunction(code, ["exports", "module", "require", "console"]);
  Reflect.apply(start, undefined, [exports, { exports }, refuse, console]);
  if (exports.onExecutePostLogin === undefined) throw new Error("The code exports no onExecutePostLogin.");
  return exports.onExecutePostLogin;
}

/** Takes every method of every part; which ones Auth0 has, the run in the tenant tells. */
function recordingApi(effects: Effects): object {
  const part = (name: string): object =>
    new Proxy(
      {},
      {
        get: (_target, method) => (key: unknown, value: unknown) => {
          const called = `${name}.${String(method)}`;
          if (called === "access.deny") effects.denied = String(value ?? key);
          else effects.calls.push({ method: called, name: String(key), value });
          return api;
        },
      },
    );
  const api: object = new Proxy({}, { get: (_target, name) => part(String(name)) });
  return api;
}

function result({ calls, denied }: Effects, lines: readonly string[], error: string | undefined): RunResult {
  const valuesOf = (method: string): Record<string, unknown> =>
    Object.fromEntries(
      calls.filter((call) => call.method === method).map(({ name, value }) => [name, value]),
    );
  return {
    idTokenClaims: valuesOf("idToken.setCustomClaim"),
    accessTokenClaims: valuesOf("accessToken.setCustomClaim"),
    userMetadata: valuesOf("user.setUserMetadata"),
    appMetadata: valuesOf("user.setAppMetadata"),
    console: lines,
    error,
    denied,
  };
}

process.once("message", (task: Task) => {
  void run(task).then((answer) => {
    process.send?.(answer, undefined, undefined, () => process.disconnect());
  });
});
