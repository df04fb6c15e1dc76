import { bundleActions } from "../../infra/bundle-actions.ts";
import { pinFiles } from "../../infra/pin-files.ts";
import { pinFindings, type PinFinding } from "../../infra/pin-findings.ts";
import { programActions } from "../../infra/program-actions.ts";
import { readPins } from "../../infra/read-pins.ts";
import type { Stack } from "../../infra/read-stack.ts";
import type { Environment } from "../environment.ts";
import { stackName } from "../stack-file.ts";
import type { ActionContent } from "./tenant-actions.ts";

/** An Action as a run of the program would deploy it. It has no secrets. */
export interface ExpectedAction extends Pick<ActionContent, "code" | "runtime" | "dependencies"> {
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
export function expectedActions(stack: string, { settings }: Stack, env: Environment): ExpectedActions {
  const sources = bundleActions(settings);
  const { pins } = readPins(pinFiles(stackName(stack), env));
  const actions = programActions(sources, pins).map(({ name, code, runtime, dependencies }) => ({
    name,
    code,
    runtime,
    dependencies: dependencies.map((module) => `${module.name}@${module.version}`).sort(),
  }));
  return { actions, pinned: pinFindings(sources, pins) };
}

/** Whether a version or a draft is exactly what a run would deploy. */
export function sameAsExpected(expected: ExpectedAction, found: ActionContent): boolean {
  const { code, runtime, dependencies, secrets } = found;
  return (
    code === expected.code &&
    runtime === expected.runtime &&
    dependencies.join() === expected.dependencies.join() &&
    secrets.length === 0
  );
}
