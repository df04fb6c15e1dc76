import type { ActionContent } from "../../auth0/actions-api.ts";
import { sha256 } from "../../lib/hash.ts";
import type { Environment } from "../../lib/environment.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { pinFindings, type PinFinding } from "../../stack/pin-findings.ts";
import { pinFiles, programActions, readPins } from "../../stack/pins.ts";
import type { Stack } from "../../stack/read-stack.ts";
import { stackName } from "../../stack/stack-file.ts";

/** An Action as a run of the program would deploy it. */
export interface ExpectedAction extends ActionContent {
  readonly name: string;
}

export interface ExpectedActions {
  /** In the order of the Login flow. */
  readonly actions: readonly ExpectedAction[];
  /** Those of them that are pinned to an older version. */
  readonly pinned: readonly PinFinding[];
}

/**
 * The program's Actions: from the source, a pinned one from its pin.
 *
 * @throws ExpectedError `rollback-unfinished` or `pin-broken`.
 */
export function expectedActions(
  stack: string,
  { settings }: Pick<Stack, "settings">,
  env: Environment,
): ExpectedActions {
  const sources = bundleActions(settings);
  const { pins } = readPins(pinFiles(stackName(stack), env));
  const actions = programActions(sources, pins).map(expectedAction);
  return { actions, pinned: pinFindings(sources, pins) };
}

/** The program's Actions have no secrets. */
export function expectedAction(action: Omit<ExpectedAction, "codeHash" | "secrets">): ExpectedAction {
  const { name, code, runtime, dependencies } = action;
  return { name, code, codeHash: sha256(code), runtime, dependencies, secrets: [] };
}
