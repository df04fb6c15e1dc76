import { ExpectedError } from "../../lib/errors.ts";
import { isRecord, recordsIn, textIn, type JsonRecord } from "../../lib/json.ts";

/** A resource as the stack's state has it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Empty for a component. */
  readonly id: string;
  /** Replaced already; the next `up` deletes it. */
  readonly isDeleted: boolean;
}

/** What a killed run was about to do. */
export interface PendingOperation {
  /** creating, updating, deleting … */
  readonly type: string;
  readonly urn: string;
}

export interface StackState {
  readonly resources: readonly StateResource[];
  readonly pendingOperations: readonly PendingOperation[];
}

/**
 * Reads what `pulumi stack export` printed.
 *
 * @throws ExpectedError `state-unreadable`.
 */
export function readStackState(exported: string): StackState {
  const deployment = deploymentOf(exported);
  return {
    resources: recordsIn(deployment, "resources").map((resource) => ({
      urn: textIn(resource, "urn"),
      type: textIn(resource, "type"),
      id: textIn(resource, "id"),
      isDeleted: resource["delete"] === true,
    })),
    pendingOperations: recordsIn(deployment, "pending_operations").map((operation) => ({
      type: textIn(operation, "type"),
      urn: isRecord(operation["resource"]) ? textIn(operation["resource"], "urn") : "",
    })),
  };
}

/** The same export without its pending operations, for `pulumi stack import`. */
export function withoutPendingOperations(exported: string): string {
  const { pending_operations: _dropped, ...deployment } = deploymentOf(exported);
  return JSON.stringify({ ...(JSON.parse(exported) as JsonRecord), deployment });
}

function deploymentOf(exported: string): JsonRecord {
  try {
    const state: unknown = JSON.parse(exported);
    if (isRecord(state) && isRecord(state["deployment"])) return state["deployment"];
  } catch {
    // Said below: what was printed may hold secrets and is not repeated.
  }
  const message = "`pulumi stack export` printed no state. Try it yourself, then run this again.";
  throw new ExpectedError("state-unreadable", message);
}
