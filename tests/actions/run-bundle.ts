import { createContext, runInContext } from "node:vm";
import type { PostLoginAction, PostLoginApi, PostLoginEvent } from "../../actions/post-login.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { bundleActions, type ActionBundle } from "../../stack/bundle-actions.ts";

/** What an Action did to a login, in the order in which it did it. */
export type Effect = readonly ["claim" | "attribute", string, string];

/** The Action of a bundle as Auth0 loads it: CommonJS, with nothing that could reach a network or log. */
export function loadBundle({ code }: ActionBundle): PostLoginAction {
  const module = { onExecutePostLogin: undefined as PostLoginAction | undefined };
  runInContext(code, createContext({ exports: module, URL, URLSearchParams }));
  if (module.onExecutePostLogin === undefined) throw new Error("The bundle exports no onExecutePostLogin.");
  return module.onExecutePostLogin;
}

/** Runs the Actions one after the other on one event, as a login does. */
export async function runActions(actions: readonly PostLoginAction[], event: unknown): Promise<Effect[]> {
  const effects: Effect[] = [];
  const api: PostLoginApi = {
    idToken: { setCustomClaim: (name, value) => effects.push(["claim", name, value]) },
    samlResponse: { setAttribute: (name, value) => effects.push(["attribute", name, value]) },
  };
  for (const action of actions) await action(event as PostLoginEvent, api);
  return effects;
}

/** What one login set last: undefined where no Action did. */
export interface Outcome {
  readonly claim: string | undefined;
  readonly attribute: readonly [name: string, value: string] | undefined;
}

/** The deployed Actions of these settings, one after the other, as Auth0 runs them. */
export function loginThroughBundles(settings: PictureSettings): (event: unknown) => Promise<Outcome> {
  const actions = bundleActions(settings).map(loadBundle);
  return async (event) => {
    const effects = await runActions(actions, event);
    const attribute = effects.findLast(([kind]) => kind === "attribute");
    return {
      claim: effects.findLast(([kind]) => kind === "claim")?.[2],
      attribute: attribute && [attribute[1], attribute[2]],
    };
  };
}
