import type { PictureSettings } from "./settings.ts";

/**
 * What is found along the path of own properties, or undefined. An event comes from outside: anything in it may be
 * missing, null or of another type, and what a prototype holds is not data.
 */
export function readPath(from: unknown, ...path: readonly string[]): unknown {
  let value = from;
  for (const key of path) {
    value = Object.hasOwn(Object(value) as object, key) ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}

/**
 * Row 0: false where the application listed its scopes and `profile` is not among them. SAML knows no scopes: an
 * application that gets the picture as an attribute is not asked for any.
 */
export function asksForProfile(event: unknown, settings: PictureSettings): boolean {
  const scopes = readPath(event, "transaction", "requested_scopes");
  return !Array.isArray(scopes) || scopes.includes("profile") || !!samlAttributeOf(event, settings);
}

/** The attribute that the application of this login gets the picture as: only with SAML, and where it is set. */
export function samlAttributeOf(event: unknown, settings: PictureSettings): string | undefined {
  return readPath(event, "transaction", "protocol") === "samlp" ? settings.samlAttribute : undefined;
}

/** Whether the application wants pictures left as they are: its client metadata has `picture_policy: "off"`. */
export function optsOut(event: unknown): boolean {
  return readPath(event, "client", "metadata", "picture_policy") === "off";
}

/** Whether the user's Gravatars are switched off, for rows 3 and 6. */
export function disablesGravatar(event: unknown): boolean {
  return readPath(event, "user", "user_metadata", "gravatar_disabled") === true;
}
