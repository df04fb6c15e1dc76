import { actionApiFactory } from "./action-api.ts";
import type { ActionModule, ActionRealm, Host, RealmOutcome } from "./host.ts";

/**
 * Evaluated in the fresh context of each flow, so that `event`, `api`, `console` and the rest are made of that context's
 * own objects. It may use nothing but the language itself and `host`.
 */
export function createActionRealm(host: Host): ActionRealm {
  // Read once: in a context every use of a global is slow. And no Action can replace them for another one.
  const { parse, stringify } = JSON;
  installGlobals(host);
  const createActionApi = actionApiFactory(new Map<string, unknown>());
  return {
    createModule: () => ({
      module: { exports: {} },
      require: (name: string) => host.require(name),
    }),
    run: async (handlerModule, eventJson) => {
      const outcome: RealmOutcome = { effects: [] };
      try {
        const handler = handlerOf(handlerModule);
        await handler(parse(eventJson), createActionApi(outcome));
      } catch (error) {
        outcome.error = messageOf(error);
      }
      return stringify(outcome);
    },
  };
}

type Handler = (event: unknown, api: unknown) => unknown;

function handlerOf({ module }: ActionModule): Handler {
  const handler = module.exports["onExecutePostLogin"];
  if (typeof handler === "function") return handler as Handler;
  throw new TypeError("The Action has no exports.onExecutePostLogin function.");
}

/** Not by `instanceof`: errors of the builtins are of another realm than this one. */
function messageOf(error: unknown): string {
  try {
    const message = (error as { message?: unknown } | null | undefined)?.message;
    return (typeof message === "string" ? message : String(error)).slice(0, 1000);
  } catch {
    return "The Action threw a value that cannot be shown as text.";
  }
}

function installGlobals(host: Host): void {
  const print = (...values: unknown[]): void => {
    host.print(values);
  };
  const levels = ["debug", "dir", "error", "group", "info", "log", "table", "trace", "warn"];
  const quiet = ["assert", "clear", "count", "countReset", "groupEnd", "time", "timeEnd", "timeLog"];
  const console = Object.fromEntries([
    ...levels.map((name) => [name, print]),
    ...quiet.map((name) => [name, () => undefined]),
  ]) as unknown;
  define({ ...host.globals, ...timers(host), console, process: processObject(host), ...networkRefusals() });
  define({ global: globalThis });
}

function define(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

function timers(host: Host): Record<string, unknown> {
  const timer =
    (repeat: boolean) =>
    (callback: (...values: unknown[]) => void, delay?: number, ...values: unknown[]): number => {
      if (typeof callback !== "function") throw new TypeError("A timer needs a function.");
      return host.setTimer(
        () => {
          callback(...values);
        },
        delay ?? 0,
        repeat,
      );
    };
  const clear = (id: unknown): void => {
    if (typeof id === "number") host.clearTimer(id);
  };
  return {
    clearImmediate: clear,
    clearInterval: clear,
    clearTimeout: clear,
    queueMicrotask: (callback: () => void): void => {
      void Promise.resolve().then(callback);
    },
    setImmediate: (callback: (...values: unknown[]) => void, ...values: unknown[]) =>
      timer(false)(callback, 0, ...values),
    setInterval: timer(true),
    setTimeout: timer(false),
  };
}

function processObject(host: Host): object {
  return {
    env: {},
    versions: { ...host.versions },
    version: `v${host.versions["node"] ?? ""}`,
    nextTick: (callback: (...values: unknown[]) => void, ...values: unknown[]): void => {
      void Promise.resolve().then(() => {
        callback(...values);
      });
    },
  };
}

function networkRefusals(): Record<string, unknown> {
  const refuse = (name: string) =>
    function refused(): never {
      throw new Error(`The local sandbox has no network: ${name}.`);
    };
  return {
    // A real fetch rejects where it cannot connect, it does not throw.
    fetch: (): Promise<never> => Promise.reject(new Error("The local sandbox has no network: fetch.")),
    EventSource: refuse("EventSource"),
    WebSocket: refuse("WebSocket"),
    XMLHttpRequest: refuse("XMLHttpRequest"),
  };
}
