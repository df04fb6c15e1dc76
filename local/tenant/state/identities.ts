import type { JsonObject } from "./json.ts";
import type { Identity, UserProfile } from "./user-record.ts";

/** The id that the identity has, or would have, as a user of its own: `google-oauth2|123`. */
export function identityId({ provider, user_id }: Identity): string {
  return `${provider}|${user_id}`;
}

/** The user's identity with this id. */
export function findIdentity({ identities }: UserProfile, id: string | undefined): Identity | undefined {
  return identities.find((identity) => identityId(identity) === id);
}

/**
 * What the identity's own connection knows of the user: the root profile for the primary one, `profileData` for a linked
 * one. A linked one without it, as a program may seed it, is known by the root profile too.
 */
export function identityProfile(profile: UserProfile, identity: Identity): JsonObject | UserProfile {
  if (identity === profile.identities[0]) return profile;
  return identity.profileData ?? profile;
}

/** Whether one of the user's identities is known to the connection by this email, in whatever case. */
export function hasEmailAt(
  profile: UserProfile,
  connection: string | undefined,
  email: string | undefined,
): boolean {
  if (email === undefined) return false;
  return profile.identities.some(
    (identity) =>
      identity.connection === connection &&
      lowerCase(identityProfile(profile, identity).email) === email.toLowerCase(),
  );
}

/** Text in lower case, as emails and user names are compared; undefined for anything else. */
export function lowerCase(value: unknown): string | undefined {
  return typeof value === "string" ? value.toLowerCase() : undefined;
}
