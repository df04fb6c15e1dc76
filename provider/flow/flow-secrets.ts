import { ProviderError } from "../provider-error.ts";
import type { Binding, BoundAction } from "./binding.ts";

/** Whether a write would change nothing. */
export function isSameFlow(flow: readonly Binding[], wanted: readonly BoundAction[]): boolean {
  return (
    flow.length === wanted.length &&
    flow.every(({ action, displayName }, index) => {
      const other = wanted[index];
      return action.id === other?.id && displayName === other.displayName;
    })
  );
}

/**
 * For a flow that is about to be written.
 *
 * @throws ProviderError `flow-secrets` where a binding that stays holds secrets, which a write would lose.
 */
export function refuseToLoseSecrets(
  trigger: string,
  flow: readonly Binding[],
  wanted: readonly BoundAction[],
): void {
  const staying = flow.filter(({ action }) => wanted.some(({ id }) => id === action.id));
  const holders = staying.filter(({ secrets }) => secrets.length > 0);
  if (holders.length === 0) return;
  const named = holders.map(({ action, secrets }) => `${action.name} (${secrets.join(", ")})`).join("; ");
  throw new ProviderError(
    "flow-secrets",
    `The ${trigger} flow cannot be written: its bindings hold secrets, whose values Auth0 does not tell and a write would ` +
      `lose: ${named}. Move them into the Action's own secrets, or put our Actions in their place in the dashboard and run it again.`,
  );
}
