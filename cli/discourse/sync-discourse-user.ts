import type { Discourse } from "./discourse.ts";
import { findAccount } from "./discourse-account.ts";
import { refused, type DiscourseResult } from "./discourse-result.ts";
import { checkSyncable, type DiscourseUser } from "./discourse-user.ts";
import { failedRequests } from "./failed-requests.ts";
import { pushAvatar } from "./push-avatar.ts";

/**
 * Makes a user's account in Discourse show the user's picture. Only an account that exists under the external id is
 * ever touched, and only for a user with a verified email.
 *
 * @throws ExpectedError for what concerns every user (the key, the secret, the forum); what concerns this one is in the
 *   result.
 */
export function syncDiscourseUser(discourse: Discourse, user: DiscourseUser): Promise<DiscourseResult> {
  return failedRequests(user, async () => {
    const syncable = checkSyncable(user);
    if ("outcome" in syncable) return syncable;
    const account = await findAccount(discourse.send, syncable.externalId);
    if (account === undefined) return noAccount(user);
    return pushAvatar(discourse, syncable, account, "same-picture");
  });
}

/** A user who never signed in to the forum. */
export function noAccount(user: DiscourseUser): DiscourseResult {
  const message =
    "The forum knows nobody by this user's external id, and none is created. The user has to sign in there once.";
  return refused(user, "no-account", message);
}
