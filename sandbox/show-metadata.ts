import type { ActionEffect } from "./flow.ts";

/**
 * Shows later Actions of a flow what earlier ones set. Whether Auth0 does within a flow is not documented for users.
 *
 * @returns Whether there was anything to show.
 */
export function showMetadata(
  event: { user?: Record<string, unknown> },
  effects: readonly ActionEffect[],
): boolean {
  if (!event.user) return false;
  let shown = false;
  for (const { kind, name, value } of effects) {
    if (kind !== "user.setUserMetadata" && kind !== "user.setAppMetadata") continue;
    const field = kind === "user.setUserMetadata" ? "user_metadata" : "app_metadata";
    event.user[field] = { ...(event.user[field] as object | undefined), [name]: value };
    shown = true;
  }
  return shown;
}
