import { readPath } from "./read-path.ts";
import { samlAttributeOf } from "./saml-attribute.ts";
import type { PictureSettings } from "./settings.ts";

/**
 * Row 0: false where the application listed its scopes and `profile` is not among them. SAML knows no scopes: an
 * application that gets the picture as an attribute is not asked for any.
 */
export function asksForProfile(event: unknown, settings: PictureSettings): boolean {
  const scopes = readPath(event, "transaction", "requested_scopes");
  return !Array.isArray(scopes) || scopes.includes("profile") || !!samlAttributeOf(event, settings);
}
