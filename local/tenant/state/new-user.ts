import { createHash } from "node:crypto";
import type { ConnectionRecord } from "./connection-record.ts";
import type { JsonObject } from "./json.ts";
import { hashPassword } from "./password.ts";
import { randomHexId } from "./random-id.ts";
import { millisecondTimestamp } from "./timestamps.ts";
import type { UserProfile, UserRecord } from "./user-record.ts";

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

/** A user put into the tenant by a program: root fields exactly as given, absent ones absent. */
export interface SeedUser extends Partial<Omit<UserProfile, "user_id" | "identities">> {
  /** Whole, with the provider: `google-oauth2|123` or `auth0|abc`. */
  user_id: string;
  /** The connection's name; the provider's own name where it is left out, the default database for `auth0`. */
  connection?: string;
  /** Only for users of a database. */
  password?: string;
}

/** The seeded user in `connection`; nothing is made up but identities and times. */
export function seededUser(input: SeedUser, connection: ConnectionRecord): UserRecord {
  const { connection: _, password, ...root } = input;
  const now = millisecondTimestamp();
  const profile: UserProfile = {
    created_at: now,
    updated_at: now,
    ...root,
    user_id: input.user_id,
    identities: [
      {
        user_id: input.user_id.slice(input.user_id.indexOf("|") + 1),
        connection: connection.name,
        provider: providerOf(input.user_id),
        isSocial: connection.strategy !== "auth0",
      },
    ],
  };
  return { profile, ...(password === undefined ? {} : { passwordHash: hashPassword(password) }) };
}

/** The part of a user id before the bar. */
export function providerOf(userId: string): string {
  return userId.slice(0, Math.max(userId.indexOf("|"), 0));
}
