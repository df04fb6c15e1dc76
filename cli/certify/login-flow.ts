import { recordIn, recordOf, recordsIn, textIn } from "../../lib/json.ts";
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
  return recordsIn(recordOf(body), "bindings").map((binding) => {
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
 * Takes runs' own Actions out of the flow, and leaves everything else as it is right before the write. Looks afterwards, and
 * writes once more where the tenant made something else of it.
 *
 * @returns Whether the first write was enough.
 * @throws CallFailed where the flow cannot be written, or is another one in the end.
 */
export async function unbindOwn(calls: TenantCalls): Promise<boolean> {
  const found = await readFlow(calls);
  const wanted = withoutOwn(found);
  if (wanted.length === found.length) return true;
  // Nothing is bound where others have secrets; they were added since.
  if (wanted.some(({ hasSecrets }) => hasSecrets)) {
    throw notUnbound("other bindings hold secrets, which a write would lose");
  }
  if (await isWritten(calls, wanted)) return true;
  if (await isWritten(calls, wanted)) return false;
  throw notUnbound("the flow is not what it was before; look at its order in the dashboard");
}

/** An answer may come from a copy that is behind. */
async function isWritten(calls: TenantCalls, wanted: readonly FlowEntry[]): Promise<boolean> {
  await writeFlow(calls, wanted);
  const isWanted = (flow: readonly FlowEntry[]) => isSameFlow(flow, wanted);
  return isWanted(await waitFor(() => readFlow(calls), isWanted, { withinMs: 3000 }));
}

function notUnbound(message: string): CallFailed {
  return new CallFailed("taking the run's Action out of the Login flow", { status: 200, body: { message } });
}
