import util from "node:util";
import vm from "node:vm";
import type { ActionModule, ActionRealm, Host, RealmOutcome } from "./host.ts";
import { requirePureModule } from "./lockdown.ts";

/** The text of action-realm.ts as a script whose value is `createActionRealm`, put in by the build. */
declare const ACTION_REALM_SOURCE: string;

/** A context of its own, in which Actions' code runs. */
export interface Realm {
  readonly actionRealm: ActionRealm;
  /** @throws what the code throws when it is loaded, of whatever realm that is. */
  readonly load: (script: vm.Script) => ActionModule;
  readonly clearTimers: () => void;
}

const hostGlobals: Record<string, unknown> = {
  AbortController,
  AbortSignal,
  Blob,
  Buffer,
  Event,
  EventTarget,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  atob,
  btoa,
  crypto: globalThis.crypto,
  performance,
  structuredClone,
};

const versions = { node: process.versions.node, v8: process.versions.v8 };

let realmScript: vm.Script | undefined;

/** @param print Takes what the code writes to its console, as the console was given it. */
export function createRealm(print: (values: unknown[]) => void): Realm {
  realmScript ??= new vm.Script(ACTION_REALM_SOURCE, { filename: "action-realm.js" });
  const timers = createTimers();
  const context = vm.createContext({});
  const create = realmScript.runInContext(context) as (host: Host) => ActionRealm;
  const actionRealm = create({
    require: requirePureModule,
    setTimer: timers.set,
    clearTimer: timers.clear,
    print,
    globals: hostGlobals,
    versions,
  });
  return {
    actionRealm,
    load: (script) => {
      const loaded = actionRealm.createModule();
      const { exports } = loaded.module;
      const run = script.runInContext(context) as (...values: unknown[]) => void;
      run.call(exports, exports, loaded.require, loaded.module);
      return loaded;
    },
    clearTimers: timers.clearAll,
  };
}

/**
 * Globals that code uses most. In a `vm` context each use of a global goes through the context's object and costs more than
 * what is done with it; a variable of a function around the code costs nothing.
 */
const nearGlobals = "Array, JSON, Math, Number, Object, RegExp, String, URL, URLSearchParams";

/** A wrapper like Node's for CommonJS; on the code's first line, so that its line numbers stay. */
export function compiled(code: string, name: string): vm.Script | Error {
  const commonJs = `function (exports, require, module) {${code}\n}`;
  try {
    return new vm.Script(`(({${nearGlobals}}) => ${commonJs})(globalThis)`, { filename: `${name}.js` });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Also of errors of a context's own realm, which are not instances of this one's Error. */
export function messageOfError(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === "string" ? message : String(error);
}

/** The first line of what an error outside of any promise says. */
export function crashMessage(error: unknown): string {
  return util.format(error).split("\n", 1)[0] ?? "";
}

interface Timers {
  set: Host["setTimer"];
  clear: Host["clearTimer"];
  clearAll: () => void;
}

/** Timers of one realm: none of them outlives it. */
function createTimers(): Timers {
  const live = new Map<number, NodeJS.Timeout>();
  let lastId = 0;
  const clear = (id: number): void => {
    clearTimeout(live.get(id));
    live.delete(id);
  };
  return {
    set: (callback, delayMs, repeat) => {
      lastId += 1;
      live.set(lastId, repeat ? setInterval(callback, delayMs) : setTimeout(callback, delayMs));
      return lastId;
    },
    clear,
    clearAll: () => {
      for (const id of live.keys()) clear(id);
    },
  };
}

/**
 * Later Actions see what earlier ones set. Whether Auth0 shows it within a flow is not documented for users.
 *
 * @returns Whether there was anything to show.
 */
export function showMetadata(event: { user?: Record<string, unknown> }, { effects }: RealmOutcome): boolean {
  if (!event.user) return false;
  let shown = false;
  for (const { kind, name, value } of effects) {
    if (kind !== "user.setUserMetadata" && kind !== "user.setAppMetadata") continue;
    const field = kind === "user.setUserMetadata" ? "user_metadata" : "app_metadata";
    event.user[field] = { ...(event.user[field] as object | undefined), [name]: value };
    shown = true;
  }
  return shown;
}
