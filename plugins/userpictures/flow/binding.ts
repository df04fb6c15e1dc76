import { ExpectedError } from "../../../lib/errors.ts";
import type { ManagementApi } from "../management-api.ts";

/** An Action's place in a trigger's flow, as the Management API tells it. */
export interface Binding {
  readonly displayName: string;
  readonly action: { readonly id: string; readonly name: string };
  /** Names of the binding's own secrets; their values are never told. */
  readonly secrets: readonly string[];
}

/** An Action and the name that the flow shows for it. */
export interface BoundAction {
  readonly id: string;
  readonly displayName: string;
}

export function bindingsPath(trigger: string): string {
  return `/actions/triggers/${encodeURIComponent(trigger)}/bindings`;
}

/**
 * The trigger's flow in its order.
 *
 * @throws ApiError, or ExpectedError `auth0-answer-unexpected`.
 */
export async function readFlow(api: ManagementApi, trigger: string): Promise<readonly Binding[]> {
  // One page holds every flow: Auth0 binds at most 20 Actions to one.
  const answer = record(await api.get(`${bindingsPath(trigger)}?per_page=100`));
  const bindings = answer["bindings"];
  if (!Array.isArray(bindings)) throw unexpected();
  return bindings.map(readBinding);
}

function readBinding(value: unknown): Binding {
  const { display_name: displayName, action, secrets = [] } = record(value);
  const { id, name } = record(action);
  if (typeof displayName !== "string" || typeof id !== "string" || typeof name !== "string")
    throw unexpected();
  if (!Array.isArray(secrets)) throw unexpected();
  return {
    displayName,
    action: { id, name },
    secrets: secrets.map((secret) => String(record(secret)["name"])),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  throw unexpected();
}

function unexpected(): ExpectedError {
  const message =
    "The tenant's answer about the flow's bindings does not have the expected form. Nothing was written.";
  return new ExpectedError("auth0-answer-unexpected", message);
}
