import { ownProperty } from "./own-property.ts";

/** Row 0: false where the application listed its scopes and `profile` is not among them. */
export function asksForProfile(event: unknown): boolean {
  const scopes = ownProperty(ownProperty(event, "transaction"), "requested_scopes");
  return !Array.isArray(scopes) || scopes.includes("profile");
}
