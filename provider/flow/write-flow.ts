import { ProviderError } from "../provider-error.ts";
import type { TenantConnection } from "../tenant-connection.ts";
import { writeRetries } from "../write-retries.ts";
import { bindingsPath, readFlow, type Binding, type BoundAction } from "./binding.ts";
import { isSameFlow, refuseToLoseSecrets } from "./flow-secrets.ts";

/** Pauses before the looks at what was written, in milliseconds: an answer may come from a copy that is behind. */
const looksAfterMs = [0, 250, 500, 1000, 2000];

/**
 * Makes a trigger's flow what `plan` makes of it. The API replaces the whole list and has no conditional write, so the
 * flow is read right before the write and looked at after it. Nothing is written where nothing would change.
 *
 * @param plan Makes the flow that is wanted of the one that is there; may throw.
 * @throws ProviderError `flow-secrets` where a binding that stays holds secrets, which a write would lose;
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
  throw new ProviderError(
    "flow-changed-meanwhile",
    `Somebody else changed the ${trigger} flow while it was written. It should be ${names(wanted)}, and it is ${names(flow)}. ` +
      "Look at it in the dashboard, then run it again: the flow is read anew.",
  );
}

function names(entries: readonly { readonly displayName: string }[]): string {
  return entries.length === 0 ? "empty" : entries.map(({ displayName }) => displayName).join(", ");
}
