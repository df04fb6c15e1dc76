import { format } from "node:util";
import { deserialize, serialize } from "node:v8";

/** What the globals that Actions are given keep, for the run that is under way. */
export interface ActionGlobals {
  /** What was written to the console since the last call: at most 100 lines of at most 1,000 characters. */
  readonly takeLines: () => string[];
  /** Ends all timers: none outlives the run that set it. */
  readonly clearTimers: () => void;
}

/** Kept before the process is closed. */
const formatted = format;
const [fromBytes, toBytes] = [deserialize, serialize];
const { timeOrigin } = performance;
const now = performance.now.bind(performance);
const { setTimeout, setInterval, clearTimeout } = globalThis;
const owner = process;
const nextTick = owner.nextTick.bind(owner);
const { hrtime, version, versions } = owner;

const maxLines = 100;
const maxLineLength = 1000;

/** Defines the console, timers, `process` and the refusals of the network. */
export function installActionGlobals(): ActionGlobals {
  let lines: string[] = [];
  const print = (...values: unknown[]): void => {
    if (lines.length < maxLines) lines.push(formatted(...values).slice(0, maxLineLength));
  };
  const { globals: timers, clearAll } = createTimers();
  define({ console: consoleOf(print), process: processObject(), global: globalThis });
  define({ ...timers, ...networkRefusals(), ...withoutClones() });
  return {
    takeLines: () => {
      const taken = lines;
      lines = [];
      return taken;
    },
    clearTimers: clearAll,
  };
}

function define(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

function consoleOf(print: (...values: unknown[]) => void): object {
  const levels = ["debug", "dir", "error", "group", "info", "log", "table", "trace", "warn"];
  const quiet = ["assert", "clear", "count", "countReset", "groupEnd", "time", "timeEnd", "timeLog"];
  return Object.fromEntries([
    ...levels.map((name) => [name, print]),
    ...quiet.map((name) => [name, () => undefined]),
  ]) as object;
}

/** Timers by numbers: Node's own objects lead from one timer to the others. */
function createTimers(): { globals: Record<string, unknown>; clearAll: () => void } {
  const live = new Map<number, NodeJS.Timeout>();
  let lastId = 0;
  const clear = (id: unknown): void => {
    if (typeof id !== "number") return;
    clearTimeout(live.get(id));
    live.delete(id);
  };
  const timer =
    (start: (callback: () => void, delayMs: number) => NodeJS.Timeout) =>
    (callback: (...values: unknown[]) => void, delay?: number, ...values: unknown[]): number => {
      if (typeof callback !== "function") throw new TypeError("A timer needs a function.");
      const call = (): void => {
        callback(...values);
      };
      lastId += 1;
      live.set(lastId, start(call, delay ?? 0));
      return lastId;
    };
  const startOnce = timer((call, delayMs) => setTimeout(call, delayMs));
  return {
    globals: {
      clearImmediate: clear,
      clearInterval: clear,
      clearTimeout: clear,
      setImmediate: (callback: (...values: unknown[]) => void, ...values: unknown[]) =>
        startOnce(callback, 0, ...values),
      setInterval: timer((call, delayMs) => setInterval(call, delayMs)),
      setTimeout: startOnce,
    },
    clearAll: () => {
      if (live.size === 0) return;
      for (const id of [...live.keys()]) clear(id);
    },
  };
}

function processObject(): object {
  const { node, v8 } = versions;
  return { env: {}, versions: { node, v8 }, version, nextTick, hrtime };
}

/**
 * Node's own clones, also those that performance.mark() makes, bring back objects of any class that the cloned one names, among
 * them open files. These clone what the language has.
 */
function withoutClones(): Record<string, unknown> {
  return {
    structuredClone: (value: unknown): unknown => fromBytes(toBytes(value)),
    performance: { now, timeOrigin },
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
