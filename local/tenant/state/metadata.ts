import type { JsonObject } from "./json.ts";
import type { UserProfile } from "./user-record.ts";

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
