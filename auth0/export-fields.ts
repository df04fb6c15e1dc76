import type { User } from "./user.ts";

/** What an export has to hold of users beside their ids: the Actions read it. */
export const exportFields = ["picture", "user_metadata", "app_metadata", "identities"] as const;

/** How many users came with these fields. */
export type FieldCounts = Record<(typeof exportFields)[number], number>;

/**
 * For people: the fields that no user has. An export without a list of fields leaves the metadata and the identities out.
 *
 * @param counts Of the fields that were counted.
 */
export function missingFields(users: number, counts: Partial<FieldCounts>): string[] {
  const missing = users === 0 ? [] : exportFields.filter((field) => counts[field] === 0);
  return missing.map((field) => `No user has ${field}: export it too, because the Actions read it.`);
}

/** The names of fields such as `user_metadata.picture`: an export that lists such a name is flat, and hides what is in it. */
export function flatFields(user: User): string[] {
  return Object.keys(user).filter((name) => exportFields.some((field) => name.startsWith(`${field}.`)));
}

/** For people: what is wrong with an export that is flat. */
export function flatFieldWords(name: string): string {
  const [whole = ""] = name.split(".");
  return `Users have a field ${name}, which is not read: export ${whole} as a whole.`;
}
