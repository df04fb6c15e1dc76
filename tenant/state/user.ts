import { createHash, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import type { JsonObject, JsonValue } from "../../lib/json.ts";
import { millisecondTimestamp, randomHexId } from "./ids-and-timestamps.ts";
import type { PermissionReference } from "./role.ts";

/** A way in which a user logs in: the first one of a user is the primary one, the others are linked to it. */
export interface Identity {
  /** Without the provider. */
  user_id: string;
  connection: string;
  provider: string;
  isSocial: boolean;
  /** Of a linked one: the root profile that it had as a user of its own. */
  profileData?: JsonObject;
}

/**
 * A user as GET gives it, root fields as they are: a field that is absent here is absent in answers too. An Action's event
 * has both kinds of metadata all the same. Passwords are kept beside it.
 */
export interface UserProfile {
  user_id: string;
  identities: Identity[];
  created_at: string;
  updated_at: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  nickname?: string;
  username?: string;
  picture?: string;
  given_name?: string;
  family_name?: string;
  blocked?: boolean;
  last_login?: string;
  last_ip?: string;
  logins_count?: number;
  user_metadata?: JsonObject;
  app_metadata?: JsonObject;
  [field: string]: JsonValue | Identity[] | undefined;
}

export interface UserRecord {
  profile: UserProfile;
  /** For whichever identity is a database's; absent where none is. */
  passwordHash?: string;
  /** Ids, in the order of assignment. */
  roles?: string[];
  /** Those that the user has without a role. */
  permissions?: PermissionReference[];
}

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

/** Of the picture that Auth0 makes up; imported users are known to have another host. */
export type GravatarHost = "s.gravatar.com" | "secure.gravatar.com";

/** A user of a database connection, with the name, nickname and picture that Auth0 makes up from the email. */
export function newDatabaseUser(input: NewUserInput, host: GravatarHost = "s.gravatar.com"): UserRecord {
  const { connection, password, user_id, verify_email: _, ...root } = input;
  const localId = user_id ?? randomHexId();
  const now = millisecondTimestamp();
  const made = input.email === undefined ? {} : rootFromEmail(input.email, host, input.name);
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

function rootFromEmail(
  email: string,
  host: GravatarHost,
  name = email,
): Pick<UserProfile, "name" | "nickname" | "picture"> {
  const [nickname = email] = email.split("@");
  return { name: email, nickname, picture: defaultPicture(email, host, initialsOf(name)) };
}

/** Of a name of several words their first letters, else the first two of the one. */
function initialsOf(name: string): string {
  const [first = "", ...others] = name.trim().split(/\s+/);
  return `${first.slice(0, 1)}${others.at(-1)?.slice(0, 1) ?? first.slice(1, 2)}`.toLowerCase();
}

/** Gravatar's picture of the email, or else the placeholder with the user's initials. */
function defaultPicture(email: string, host: GravatarHost, initials: string): string {
  const hash = createHash("md5").update(email.trim().toLowerCase()).digest("hex");
  const placeholder = `https://cdn.auth0.com/avatars/${initials}.png`;
  return `https://${host}/avatar/${hash}?s=480&r=pg&d=${encodeURIComponent(placeholder)}`;
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

/** Merges at the first level; a null value removes its key. */
export function mergedMetadata(old: JsonObject, changes: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...old, ...changes }).filter(([, value]) => value !== null));
}

/**
 * Merges at the first level: null removes a key, `{}` empties all. Emptied, `user_metadata` stays as `{}` and
 * `app_metadata` is gone, as a real tenant showed it.
 */
export function changeMetadata(
  profile: UserProfile,
  kind: "user_metadata" | "app_metadata",
  changes: JsonObject,
): void {
  const isWipe = Object.keys(changes).length === 0;
  const merged = isWipe ? {} : mergedMetadata(profile[kind] ?? {}, changes);
  if (kind === "app_metadata" && Object.keys(merged).length === 0) delete profile.app_metadata;
  else profile[kind] = merged;
}

const keyBytes = 32;
/** Cheap on purpose: these users live in memory on this machine, and tests log in by the hundred. */
const cost = { N: 1024, r: 8, p: 1 };

export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString("hex")}:${scryptSync(password, salt, keyBytes, cost).toString("hex")}`;
}

/** False also where there is no hash: such a user has no password to log in with. */
export function passwordMatches(password: string, hash: string | undefined): boolean {
  const [salt = "", key = ""] = (hash ?? "").split(":");
  const stored = Buffer.from(key, "hex");
  if (stored.length !== keyBytes) return false;
  return timingSafeEqual(stored, scryptSync(password, Buffer.from(salt, "hex"), keyBytes, cost));
}
