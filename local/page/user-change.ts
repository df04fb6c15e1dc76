import { PageError } from "./page-error.ts";

/** The body of a PATCH of a user; its metadata is merged, and null takes a key away. */
export interface UserChange {
  readonly user_metadata?: { readonly picture: string | null };
  readonly app_metadata?: { readonly picture_blocked: true | null };
}

/** What each button of a user's card changes; `set` is the only one with a picture. */
const changes = new Map<string, (picture: string) => UserChange>([
  ["set", (picture) => ({ user_metadata: { picture } })],
  ["remove", () => ({ user_metadata: { picture: "" } })],
  ["clear", () => ({ user_metadata: { picture: null } })],
  ["block", () => ({ app_metadata: { picture_blocked: true } })],
  ["unblock", () => ({ app_metadata: { picture_blocked: null } })],
]);

/**
 * What the button named `change` does to its user.
 *
 * @param picture The address that was typed; the policy decides at the next login whether it is a valid one.
 * @throws PageError `unknown-change`.
 */
export function userChange(change: string | undefined, picture: string | undefined): UserChange {
  const changed = changes.get(change ?? "");
  if (changed === undefined) {
    throw new PageError("unknown-change", "The page has no such button. Load it again.");
  }
  return changed((picture ?? "").trim());
}
