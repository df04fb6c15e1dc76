import vm from "node:vm";
import type { RealmOutcome } from "./host.ts";
import { compiled, createRealm, messageOfError, showMetadata } from "./realm.ts";

/** What a login's flow did, without what it wrote to the console. */
export interface WarmResult {
  /** The ID token's claims: of several values for one name the last. */
  readonly claims: ReadonlyMap<string, unknown>;
  /** Why the login fails, where it does. */
  readonly fails?: "denied" | "threw";
}

export interface WarmFlow {
  /**
   * Runs the Actions one after the other, each on its own copy of the event. Never rejects.
   *
   * @param eventJson With `secrets`, the same for all of them.
   */
  readonly run: (eventJson: string) => Promise<WarmResult>;
  /** For the end of a login: nothing that it started goes on. */
  readonly clearTimers: () => void;
}

const none: WarmResult = { claims: new Map() };

/** The text of an outcome without any effect: the commonest one is not parsed. */
const noEffects = JSON.stringify({ effects: [] } satisfies RealmOutcome);

/**
 * A flow whose Actions are loaded once and run for many logins, as on a server whose container stays warm. What an Action
 * keeps in variables of its own stays from one login to the next, as it does at Auth0.
 */
export function createWarmFlow(
  actions: readonly { readonly name: string; readonly code: string }[],
): WarmFlow {
  const loaded = actions.map(({ name, code }) => loadedAction(name, code));
  return {
    clearTimers: () => {
      for (const { clearTimers } of loaded) clearTimers();
    },
    run: async (eventJson) => {
      let json = eventJson;
      let claims: Map<string, unknown> | undefined;
      for (const { handle } of loaded) {
        const text = await handle(json);
        if (text === noEffects) continue;
        const outcome = JSON.parse(text) as RealmOutcome;
        if (outcome.error !== undefined) return { ...none, fails: "threw" };
        if (outcome.denied !== undefined) return { ...none, fails: "denied" };
        for (const { kind, name, value } of outcome.effects) {
          if (kind === "idToken.setCustomClaim") (claims ??= new Map<string, unknown>()).set(name, value);
        }
        json = withMetadata(json, outcome);
      }
      return claims === undefined ? none : { claims };
    },
  };
}

interface LoadedAction {
  /** Answers with the JSON of a RealmOutcome. */
  readonly handle: (eventJson: string) => Promise<string>;
  readonly clearTimers: () => void;
}

/**
 * Each Action has a realm of its own, so that none meets another's variables and builtins of the language. What Node brings, such
 * as URL and Buffer, is the process's: all Actions of both flows share it, and so would meet a change of it.
 */
function loadedAction(name: string, code: string): LoadedAction {
  const { actionRealm, load, clearTimers } = createRealm(() => undefined);
  try {
    const script = compiled(code, name);
    if (!(script instanceof vm.Script)) throw script;
    const loaded = load(script);
    // To await a promise of another realm takes more turns than this.
    const handle = (eventJson: string): Promise<string> =>
      new Promise((resolve) => {
        void actionRealm.run(loaded, eventJson).then(resolve);
      });
    return { handle, clearTimers };
  } catch (error) {
    // Code that cannot be loaded fails every login.
    const outcome: RealmOutcome = { effects: [], error: messageOfError(error) };
    return { handle: () => Promise.resolve(JSON.stringify(outcome)), clearTimers };
  }
}

function withMetadata(json: string, outcome: RealmOutcome): string {
  if (outcome.effects.every(({ kind }) => kind === "idToken.setCustomClaim")) return json;
  const event = JSON.parse(json) as { user?: Record<string, unknown> };
  return showMetadata(event, outcome) ? JSON.stringify(event) : json;
}
