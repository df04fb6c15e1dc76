import { format } from "node:util";
import { compileFunction } from "node:vm";
import type { Effects } from "../action-outcome.ts";
import type { LoadRequest } from "../frames.ts";
import { actionApiFactory } from "./action-api.ts";
import { requirePureModule } from "./pure-modules.ts";

/** The Actions of a process, loaded once for all logins, as in a container of Auth0's that stays warm. */
export interface LoadedFlow {
  readonly count: number;
  /**
   * Calls one Action's handler with an event that is its own.
   *
   * @param effects Gets what the handler asks for.
   * @returns What the handler returns, mostly a promise. @throws what it throws.
   */
  readonly call: (index: number, event: object, effects: Effects) => unknown;
}

type Handler = (event: object, api: unknown) => unknown;

/** Kept before the modules are closed. */
const [compile, formatted] = [compileFunction, format];

/**
 * Loads the Actions into this process, in order. What code keeps in its variables, and what it changes about the builtins, is
 * there at the next login of the same flow, as it is at Auth0; no other flow ever runs in this process.
 */
export function loadFlow(actions: LoadRequest["actions"]): LoadedFlow {
  const createApi = actionApiFactory(new Map<string, unknown>());
  const handlers = actions.map(({ name, code }) => loadHandler(name, code));
  return {
    count: handlers.length,
    call: (index, event, effects) => {
      const handler = handlers[index];
      if (typeof handler === "function") return handler(event, createApi(effects));
      throw new Error(handler?.message);
    },
  };
}

/** What the code throws when it is loaded fails each login. */
function loadHandler(name: string, code: string): Handler | { readonly message: string } {
  try {
    const module = { exports: {} as Record<string, unknown> };
    // Compiled as a function, code has no import().
    const load = compile(code, ["exports", "require", "module"], { filename: `${name}.js` });
    load.call(module.exports, module.exports, requirePureModule, module);
    const handler = module.exports["onExecutePostLogin"];
    if (typeof handler === "function") return handler as Handler;
    return { message: "The Action has no exports.onExecutePostLogin function." };
  } catch (error) {
    return { message: messageOf(error) };
  }
}

const longestMessage = 1000;

/** Of whatever was thrown, at most 1,000 characters. */
export function messageOf(error: unknown): string {
  try {
    const message = (error as { message?: unknown } | null | undefined)?.message;
    return (typeof message === "string" ? message : String(error)).slice(0, longestMessage);
  } catch {
    return "The Action threw a value that cannot be shown as text.";
  }
}

/** The first line of what an error from outside of any promise says. */
export function crashMessage(error: unknown): string {
  return (formatted(error).split("\n", 1)[0] ?? "").slice(0, longestMessage);
}
