import { isDeepStrictEqual } from "node:util";
import type { User } from "../../auth0/user.ts";
import { sha256 } from "../../lib/hash.ts";
import { readPath } from "../../policy/login.ts";

/** Everything of a user that these commands write, by where it stands in the profile. */
export const pictureKeys = [
  "picture",
  "user_metadata.picture",
  "user_metadata.gravatar_disabled",
  "app_metadata.picture_blocked",
  "app_metadata.picture_block",
  "app_metadata.picture_folder",
  "app_metadata.picture_copy",
  "app_metadata.picture_reviewed",
] as const;

/** Those that say whether the picture is blocked. */
export const blockKeys: readonly PictureKey[] = [
  "app_metadata.picture_blocked",
  "app_metadata.picture_block",
];

/** What moderators write, and Auth0 has a scope of its own for. */
export const moderationKeys: readonly PictureKey[] = [...blockKeys, "app_metadata.picture_reviewed"];

/** Those that stand for no picture: what is noted there changes nothing of what is shown. */
export const noteKeys: readonly PictureKey[] = [
  "app_metadata.picture_folder",
  "app_metadata.picture_reviewed",
];

export type PictureKey = (typeof pictureKeys)[number];

/** New values by key; null takes the key away. */
export type PictureChange = Readonly<Partial<Record<PictureKey, unknown>>>;

/** The user's values of these keys, null for one that is absent. */
export function pictureValues(user: User, keys: readonly PictureKey[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, readPath(user, ...key.split(".")) ?? null]));
}

/** The keys of a change, in their fixed order. */
export function keysOf(change: PictureChange): PictureKey[] {
  return pictureKeys.filter((key) => key in change);
}

/**
 * The part of a change that would change anything. A block's flag goes with its note, also where it is set already: it may be
 * taken away before the write.
 */
export function effectiveChange(user: User, change: PictureChange): PictureChange {
  const now = pictureValues(user, pictureKeys);
  const differs = (key: PictureKey) => key in change && !isDeepStrictEqual(now[key], change[key] ?? null);
  const keys = keysOf(change).filter(
    (key) =>
      differs(key) || (key === "app_metadata.picture_blocked" && differs("app_metadata.picture_block")),
  );
  return Object.fromEntries(keys.map((key) => [key, change[key] ?? null]));
}

/**
 * SHA-256, in hexadecimal, of values by key. The keys of objects inside are sorted: Auth0 does not promise to give them
 * back in the order in which they were sent.
 */
export function hashOf(values: Readonly<Record<string, unknown>>): string {
  return sha256(JSON.stringify(sorted(values)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/**
 * The PATCH that makes the change. Auth0 merges metadata at the top level, so that only our keys are named: other
 * people's stay. A kind of metadata without a change is left out, since `{}` would wipe all of it.
 */
export function patchOf(change: PictureChange): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const key of keysOf(change)) {
    const [place = "", name] = key.split(".");
    const value = change[key] ?? null;
    body[place] = name === undefined ? value : { ...Object(body[place]), [name]: value };
  }
  return body;
}

/** The user as the PATCH leaves it. */
export function withChange(user: User, change: PictureChange): User {
  const changed: Record<string, unknown> = { ...user };
  for (const [place, value] of Object.entries(patchOf(change))) {
    const isMetadata = typeof value === "object" && value !== null;
    changed[place] = isMetadata ? merged(user[place], value) : value;
  }
  return { ...changed, user_id: user.user_id };
}

function merged(old: unknown, changes: object): Record<string, unknown> {
  const entries = Object.entries({ ...Object(old), ...changes } as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}
