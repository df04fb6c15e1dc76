import { recordIn, recordsIn, textIn } from "../../lib/json.ts";
import { CallFailed, success } from "./context.ts";
import { runOf } from "./own-names.ts";
import type { TenantCalls } from "./tenant-calls.ts";
import { waitFor } from "./wait-for.ts";

/** An Action's place in the Login flow. */
export interface FlowEntry {
  readonly actionId: string;
  readonly actionName: string;
  readonly displayName: string;
  /** Their values are never told, so that a write of the list would lose them. */
  readonly hasSecrets: boolean;
}

const path = "/actions/triggers/post-login/bindings";

/** Auth0's limit for one flow, and so one page. */
export const mostBound = 20;

export async function readFlow(calls: TenantCalls): Promise<readonly FlowEntry[]> {
  const { body } = success(await calls.api("GET", `${path}?per_page=100`), "reading the Login flow");
  return recordsIn(recordIn({ body }, "body"), "bindings").map((binding) => {
    const action = recordIn(binding, "action");
    return {
      actionId: textIn(action, "id"),
      actionName: textIn(action, "name"),
      displayName: textIn(binding, "display_name"),
      hasSecrets: recordsIn(binding, "secrets").length > 0,
    };
  });
}

/** Replaces the whole list, which is the only way there is. */
export async function writeFlow(calls: TenantCalls, entries: readonly FlowEntry[]): Promise<void> {
  const bindings = entries.map(({ actionId, displayName }) => ({
    ref: { type: "action_id", value: actionId },
    display_name: displayName,
  }));
  success(await calls.api("PATCH", path, { body: { bindings } }), "writing the Login flow");
}

export function isOwnEntry({ actionName }: FlowEntry): boolean {
  return runOf(actionName) !== undefined;
}

export function withoutOwn(entries: readonly FlowEntry[]): readonly FlowEntry[] {
  return entries.filter((entry) => !isOwnEntry(entry));
}

/** Whether both hold the same Actions under the same names in the same order. */
export function isSameFlow(one: readonly FlowEntry[], other: readonly FlowEntry[]): boolean {
  const told = (entries: readonly FlowEntry[]) =>
    JSON.stringify(entries.map(({ actionId, displayName }) => [actionId, displayName]));
  return told(one) === told(other);
}

/**
 * Takes runs' own Actions out of the flow, and leaves everything else as it is right before the write. Looks afterwards.
 *
 * @returns The flow afterwards.
 * @throws CallFailed where that is not possible, or did not happen.
 */
export async function unbindOwn(calls: TenantCalls): Promise<readonly FlowEntry[]> {
  const found = await readFlow(calls);
  const wanted = withoutOwn(found);
  if (wanted.length === found.length) return found;
  // Nothing is bound where others have secrets; they were added since.
  if (wanted.some(({ hasSecrets }) => hasSecrets))
    throw notUnbound("other bindings hold secrets, which a write would lose");
  await writeFlow(calls, wanted);
  const seen = await waitFor(
    () => readFlow(calls),
    (now) => !now.some(isOwnEntry),
    { withinMs: 5000 },
  );
  if (seen.some(isOwnEntry)) throw notUnbound("it is still bound after the list was written");
  return seen;
}

function notUnbound(message: string): CallFailed {
  return new CallFailed("taking the run's Action out of the Login flow", { status: 200, body: { message } });
}
