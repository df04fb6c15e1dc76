import { ExpectedError } from "../../../lib/errors.ts";
import { writeRetries } from "../management-api.ts";
import type { TenantConnection } from "../resource-type.ts";
import { bindingsPath, readFlow, type Binding, type BoundAction } from "./binding.ts";

/** Pauses before the looks at what was written, in milliseconds: an answer may come from a copy that is behind. */
const looksAfterMs = [0, 250, 500, 1000, 2000];

/**
 * Makes a trigger's flow what `plan` makes of it. The API replaces the whole list and has no conditional write, so the
 * flow is read right before the write and looked at after it. Nothing is written where nothing would change.
 *
 * @param plan Makes the flow that is wanted of the one that is there; may throw.
 * @throws ExpectedError `flow-secrets` where a binding that stays holds secrets, which a write would lose;
 *   `flow-changed-meanwhile` where the flow is another one after the write.
 */
export async function writeFlow(
  { api, seenFlows }: TenantConnection,
  trigger: string,
  plan: (flow: readonly Binding[]) => readonly BoundAction[],
): Promise<void> {
  seenFlows.delete(trigger);
  const untilRetry = writeRetries(api);
  for (;;) {
    const flow = await readFlow(api, trigger);
    const wanted = plan(flow);
    if (isSameFlow(flow, wanted)) return;
    refuseToLoseSecrets(trigger, flow, wanted);
    try {
      await api.patch(bindingsPath(trigger), { bindings: wanted.map(bindingInput) });
    } catch (error) {
      // Whether it was done, and what others did meanwhile, shows at the next look.
      await untilRetry(error);
      continue;
    }
    return verify(api, trigger, wanted);
  }
}

function bindingInput({ id, displayName }: BoundAction): object {
  return { ref: { type: "action_id", value: id }, display_name: displayName };
}

async function verify(
  api: TenantConnection["api"],
  trigger: string,
  wanted: readonly BoundAction[],
): Promise<void> {
  let flow: readonly Binding[] = [];
  for (const pauseMs of looksAfterMs) {
    await api.pause(pauseMs);
    flow = await readFlow(api, trigger);
    if (isSameFlow(flow, wanted)) return;
  }
  throw new ExpectedError(
    "flow-changed-meanwhile",
    `The ${trigger} flow was changed while this run wrote it. It should be ${names(wanted)}, and it is ${names(flow)}. ` +
      "Check it in the dashboard, then run this again: the flow is read again.",
  );
}

function names(entries: readonly { readonly displayName: string }[]): string {
  return entries.length === 0 ? "empty" : entries.map(({ displayName }) => displayName).join(", ");
}

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
 * @throws ExpectedError `flow-secrets` where a binding that stays holds secrets, which a write would lose.
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
  throw new ExpectedError(
    "flow-secrets",
    `The ${trigger} flow cannot be written: its bindings have secrets, whose values Auth0 does not return and a write would ` +
      `lose: ${named}. Move them into the Action's own secrets, or put our Actions in their place in the dashboard, then run this again.`,
  );
}
