import { bundleActions } from "../../infra/bundle-actions.ts";
import type { Stack } from "../../infra/read-stack.ts";
import type { ActionContent } from "./tenant-actions.ts";

/** An Action as a run of the program would deploy it. */
export interface ExpectedAction extends Pick<ActionContent, "code" | "runtime" | "dependencies"> {
  readonly name: string;
}

/** What infra/login-flow.ts gives every Action. */
const runtime = "node22";

/** The program's Actions in the order of the Login flow. They have no dependencies and no secrets. */
export function expectedActions({ settings }: Stack): ExpectedAction[] {
  return bundleActions(settings).map(({ name, code }) => ({ name, code, runtime, dependencies: [] }));
}

/** Whether a version or a draft is exactly what a run would deploy. */
export function sameAsExpected(expected: ExpectedAction, found: ActionContent): boolean {
  const { code, runtime: foundRuntime, dependencies, secrets } = found;
  return (
    code === expected.code &&
    foundRuntime === expected.runtime &&
    dependencies.join() === expected.dependencies.join() &&
    secrets.length === 0
  );
}
