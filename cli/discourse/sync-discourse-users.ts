import type { Discourse } from "./discourse.ts";
import type { DiscourseResult } from "./discourse-result.ts";
import type { DiscourseUser } from "./discourse-user.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { syncDiscourseUser } from "./sync-discourse-user.ts";

/** Few: Discourse's limit of 60 requests a minute is the measure, and the wait for avatars is what overlaps. */
const defaultConcurrency = 4;

/**
 * Syncs users one after the other, some at a time, and gives each result as soon as it is there. Memory does not grow
 * with the number of users.
 *
 * @throws ExpectedError what `syncDiscourseUser` throws, once the users under way have ended.
 */
export function syncDiscourseUsers(
  discourse: Discourse,
  users: AsyncIterable<DiscourseUser> | Iterable<DiscourseUser>,
  concurrency: number = defaultConcurrency,
): AsyncGenerator<DiscourseResult, void, undefined> {
  return mapConcurrently(users, concurrency, (user) => syncDiscourseUser(discourse, user));
}
