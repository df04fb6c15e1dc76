import { createHash } from "node:crypto";
import type { JsonObject } from "./json.ts";
import { hashPassword } from "./password.ts";
import { randomHexId } from "./random-id.ts";
import { millisecondTimestamp } from "./timestamps.ts";
import type { Identity, UserProfile, UserRecord } from "./user-record.ts";

/** The fields of POST /users that become the root of the profile as they are. */
export interface NewUserInput {
  connection: string;
  email?: string;
  email_verified?: boolean;
  username?: string;
  user_id?: string;
  password?: string;
  name?: string;
  nickname?: string;
  picture?: string;
  given_name?: string;
  family_name?: string;
  blocked?: boolean;
  user_metadata?: JsonObject;
  app_metadata?: JsonObject;
  /** Whether to send a mail; nothing is ever sent here. */
  verify_email?: boolean;
}

/** A user of a database connection, with the name, nickname and picture that Auth0 makes up from the email. */
export function newDatabaseUser(input: NewUserInput): UserRecord {
  const { connection, password, user_id, verify_email: _, ...root } = input;
  const localId = user_id ?? randomHexId();
  const now = millisecondTimestamp();
  const made = input.email === undefined ? {} : rootFromEmail(input.email);
  const profile: UserProfile = {
    created_at: now,
    email_verified: false,
    ...made,
    ...root,
    updated_at: now,
    user_id: `auth0|${localId}`,
    identities: [{ user_id: localId, connection, provider: "auth0", isSocial: false }],
  };
  return { profile, ...(password === undefined ? {} : { passwordHash: hashPassword(password) }) };
}

function rootFromEmail(email: string): Pick<UserProfile, "name" | "nickname" | "picture"> {
  const [nickname = email] = email.split("@");
  return { name: email, nickname, picture: defaultPicture(email) };
}

/** Gravatar's picture of the email, or else the placeholder with the email's first two letters. */
export function defaultPicture(email: string): string {
  const hash = createHash("md5").update(email.trim().toLowerCase()).digest("hex");
  const placeholder = `https://cdn.auth0.com/avatars/${email.slice(0, 2).toLowerCase()}.png`;
  return `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${encodeURIComponent(placeholder)}`;
}

/** An identity as a record shows it; its connection is named as a seeded user's where it is left out. */
export type SeedIdentity = Pick<Identity, "provider" | "user_id"> &
  Partial<Pick<Identity, "connection" | "profileData">>;

/** A user put into the tenant by a program: root fields exactly as given, absent ones absent. */
export interface SeedUser extends Partial<Omit<UserProfile, "user_id" | "identities">> {
  /** Whole, with the provider: `google-oauth2|123` or `auth0|abc`. */
  user_id: string;
  /** Of several: the one of `user_id` first. Left out, the user has that one only. */
  identities?: SeedIdentity[];
  /** The connection's name; the provider's own name where it is left out, the default database for `auth0`. */
  connection?: string;
  /** Only for users with an identity of a database. */
  password?: string;
}

/** The identities that a seeded user is to have, the primary one first. */
export function seededIdentities({ user_id, connection, identities }: SeedUser): SeedIdentity[] {
  const bar = user_id.indexOf("|");
  const own = { provider: user_id.slice(0, Math.max(bar, 0)), user_id: user_id.slice(bar + 1) };
  const [primary = own, ...linked] = identities ?? [];
  if (primary.provider !== own.provider || primary.user_id !== own.user_id) {
    throw new Error(`The first identity of the user ${user_id} must be the one of that id.`);
  }
  return [{ ...primary, ...(connection === undefined ? {} : { connection }) }, ...linked];
}

/** The seeded user with these identities; nothing else is made up but times. */
export function seededUser(input: SeedUser, identities: Identity[]): UserRecord {
  const { connection: _, password, ...root } = input;
  const now = millisecondTimestamp();
  const profile: UserProfile = {
    created_at: now,
    updated_at: now,
    ...root,
    user_id: input.user_id,
    identities,
  };
  return { profile, ...(password === undefined ? {} : { passwordHash: hashPassword(password) }) };
}
