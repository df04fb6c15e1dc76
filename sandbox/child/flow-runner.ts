import util from "node:util";
import vm from "node:vm";
import type { ActionRun, FlowResult } from "../flow.ts";
import type { RunMessage, SentAction } from "../messages.ts";
import { mergedResult } from "./merged-result.ts";
import type { ActionRealm, Host, RealmOutcome } from "./host.ts";
import { requirePureModule } from "./builtin-modules.ts";

/** The text of action-realm.ts as a script whose value is `createActionRealm`, put in by the build. */
declare const ACTION_REALM_SOURCE: string;

const maxLines = 100;
const maxLineLength = 1000;

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

export interface FlowRunner {
  run: (message: RunMessage, onStart: (index: number) => void) => Promise<FlowResult>;
  /** The result of the flow under way, ended by an error outside of any promise, such as in a timer's callback. */
  crashedResult: (error: unknown) => FlowResult | undefined;
}

/** What is under way: one flow at a time. */
interface Progress {
  runs: ActionRun[];
  outcomes: RealmOutcome[];
  lines: string[];
  current?: SentAction;
  startedAt: number;
}

export function createFlowRunner(): FlowRunner {
  const realmScript = new vm.Script(ACTION_REALM_SOURCE, { filename: "action-realm.js" });
  const scripts = new Map<string, vm.Script | Error>();
  let progress: Progress | undefined;

  return {
    run: async (message, onStart) => {
      addScripts(scripts, message);
      const current: Progress = { runs: [], outcomes: [], lines: [], startedAt: 0 };
      progress = current;
      const timers = createTimers();
      const context = vm.createContext({});
      const createRealm = realmScript.runInContext(context) as (host: Host) => ActionRealm;
      const realm = createRealm(createHost(timers, (line) => keepLine(current.lines, line)));
      try {
        await runActions(message, current, (action, eventJson, index) => {
          onStart(index);
          return runAction(realm, context, scripts.get(action.codeHash), eventJson);
        });
        return mergedResult(current.runs, current.outcomes);
      } finally {
        timers.clearAll();
        progress = undefined;
      }
    },
    crashedResult: (error) => {
      if (!progress?.current) return undefined;
      endAction(progress, { effects: [], error: util.format(error).split("\n", 1)[0] ?? "" });
      return mergedResult(progress.runs, progress.outcomes);
    },
  };
}

async function runActions(
  { actions, event }: RunMessage,
  progress: Progress,
  runOne: (action: SentAction, eventJson: string, index: number) => Promise<RealmOutcome>,
): Promise<void> {
  const shared = JSON.parse(event) as { user?: Record<string, unknown> };
  for (const [index, action] of actions.entries()) {
    progress.current = action;
    progress.startedAt = performance.now();
    const outcome = await runOne(action, JSON.stringify({ ...shared, secrets: action.secrets }), index);
    endAction(progress, outcome);
    if (outcome.error !== undefined || outcome.denied !== undefined) return;
    showMetadata(shared, outcome);
  }
}

function endAction(progress: Progress, outcome: RealmOutcome): void {
  const { current, lines, startedAt } = progress;
  if (!current) return;
  const run: ActionRun = {
    id: current.id,
    name: current.name,
    durationMs: performance.now() - startedAt,
    console: lines.splice(0),
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  };
  progress.runs.push(run);
  progress.outcomes.push(outcome);
  delete progress.current;
}

/** Later Actions see what earlier ones set. Whether Auth0 shows it within a flow is not documented for users. */
function showMetadata(event: { user?: Record<string, unknown> }, outcome: RealmOutcome): void {
  if (!event.user) return;
  for (const { kind, name, value } of outcome.effects) {
    if (kind !== "user.setUserMetadata" && kind !== "user.setAppMetadata") continue;
    const field = kind === "user.setUserMetadata" ? "user_metadata" : "app_metadata";
    event.user[field] = { ...(event.user[field] as object | undefined), [name]: value };
  }
}

function addScripts(scripts: Map<string, vm.Script | Error>, { newCode, actions }: RunMessage): void {
  for (const [hash, code] of Object.entries(newCode)) {
    const name = actions.find((action) => action.codeHash === hash)?.name ?? "action";
    scripts.set(hash, compiled(code, name));
  }
}

/** A wrapper like Node's for CommonJS; on the code's first line, so that its line numbers stay. */
function compiled(code: string, name: string): vm.Script | Error {
  try {
    return new vm.Script(`(function (exports, require, module) {${code}\n})`, { filename: `${name}.js` });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function runAction(
  realm: ActionRealm,
  context: vm.Context,
  script: vm.Script | Error | undefined,
  eventJson: string,
): Promise<RealmOutcome> {
  const handlerModule = realm.createModule();
  try {
    if (!(script instanceof vm.Script)) throw script ?? new Error("The Action's code did not arrive.");
    const load = script.runInContext(context) as (...values: unknown[]) => void;
    load.call(
      handlerModule.module.exports,
      handlerModule.module.exports,
      handlerModule.require,
      handlerModule.module,
    );
  } catch (error) {
    // Also errors of the context's own realm, which are no instances of this one's Error.
    const message = (error as { message?: unknown } | null)?.message;
    return { effects: [], error: typeof message === "string" ? message : String(error) };
  }
  return JSON.parse(await realm.run(handlerModule, eventJson)) as RealmOutcome;
}

interface Timers {
  set: Host["setTimer"];
  clear: Host["clearTimer"];
  clearAll: () => void;
}

/** Timers of one flow: none of them outlives it. */
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

function createHost(timers: Timers, keep: (line: string) => void): Host {
  return {
    require: requirePureModule,
    setTimer: timers.set,
    clearTimer: timers.clear,
    print: (values) => {
      keep(util.format(...values));
    },
    globals: hostGlobals,
    versions,
  };
}

function keepLine(lines: string[], line: string): void {
  if (lines.length < maxLines) lines.push(line.slice(0, maxLineLength));
}
