import { mapConcurrently } from "../../lib/concurrency.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { findAccount, type DiscourseAccount } from "./discourse-account.ts";
import {
  changed,
  failed,
  failedRequests,
  refused,
  unchanged,
  type DiscourseResult,
} from "./discourse-result.ts";
import { checkMapped, checkSyncable, type DiscourseUser, type MappedUser } from "./discourse-user.ts";
import type { Discourse } from "./discourse.ts";
import { atNextLogin, giveAvatar, pick } from "./pick-avatar.ts";
import { pushAvatar, waitForAvatar } from "./push-avatar.ts";
import type { Switch } from "./site-settings.ts";

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
    const way = await discourse.signInWay();
    const account = await findAccount(discourse, syncable.externalId);
    if (account === undefined) return noAccount(user);
    if (way.kind === "provider") return giveAvatar(discourse, syncable, account);
    return pushAvatar(discourse, syncable, account, { secret: way.secret, whenSame: "same-picture" });
  });
}

/** A user who never signed in to the forum. */
function noAccount(user: DiscourseUser): DiscourseResult {
  const message =
    "No account in the forum has this user's external id, and none is created. The user must sign in there once.";
  return refused(user, "no-account", message);
}

/**
 * Takes a user's own picture away in Discourse. Where single sign-on overrides avatars, an avatar can only be replaced:
 * the default image is synced. Elsewhere the avatar is set back to the letter that Discourse draws.
 *
 * @param defaultUrl The default image's address, which the forum's server must be able to fetch.
 * @throws ExpectedError as `syncDiscourseUser` does.
 */
export function clearDiscourseUser(
  discourse: Discourse,
  user: Omit<DiscourseUser, "pictureUrl">,
  defaultUrl: string,
): Promise<DiscourseResult> {
  const withDefault = { ...user, pictureUrl: defaultUrl };
  return failedRequests(user, async () => {
    const mapped = checkMapped(withDefault);
    if ("outcome" in mapped) return mapped;
    const way = await discourse.signInWay();
    const account = await findAccount(discourse, mapped.externalId);
    if (account === undefined) return noAccount(mapped);
    if (way.kind === "provider") return takeAvatar(discourse, mapped, account);
    const override = await discourse.avatarOverride();
    const picked = override === "on" ? undefined : await pickNoAvatar(discourse, mapped, account, override);
    return picked ?? syncDefault(discourse, mapped, account, way.secret);
  });
}

async function takeAvatar(
  discourse: Discourse,
  user: MappedUser,
  account: DiscourseAccount,
): Promise<DiscourseResult> {
  const named = { userId: user.userId, username: account.username };
  const refusal =
    (await atNextLogin(discourse, named)) ?? (await pickNoAvatar(discourse, user, account, "off"));
  return (
    refusal ??
    failed(
      named,
      "pick-refused",
      `Discourse refuses to pick an avatar for ${account.username}: ${pickRemedy}`,
    )
  );
}

const pickRemedy =
  "turn its site settings discourse_connect_overrides_avatar and auth_overrides_avatar off, which forbid it.";

function syncDefault(
  discourse: Discourse,
  user: MappedUser,
  account: DiscourseAccount,
  secret: string,
): Promise<DiscourseResult> {
  const syncable = checkSyncable(user);
  return "outcome" in syncable
    ? Promise.resolve(syncable)
    : pushAvatar(discourse, syncable, account, { secret, whenSame: "not-confirmed" });
}

/**
 * Undefined where avatars cannot be picked: Discourse says that a login overrides them, or the key may neither read that
 * setting nor pick.
 */
async function pickNoAvatar(
  discourse: Discourse,
  user: MappedUser,
  account: DiscourseAccount,
  override: Switch,
): Promise<DiscourseResult | undefined> {
  const named = { userId: user.userId, username: account.username };
  if (account.uploadId === null) {
    return unchanged(named, "no-own-avatar", `${account.username} has no avatar of its own.`);
  }
  const status = await statusOfPick(discourse, account, override);
  if (status === undefined || status === 422) return undefined;
  if (status !== 200) {
    const message = `Discourse refuses to pick an avatar for ${account.username} (status ${status}). Is the key's user an administrator?`;
    return failed(named, "pick-refused", message);
  }
  if (await waitForAvatar(discourse, user.externalId, account, Math.min(10_000, discourse.avatarWaitMs))) {
    return changed(named, "picked", `${account.username} shows the letter that Discourse draws.`);
  }
  const message = `Discourse answered that ${account.username} has no avatar now, but shows the same one. Check it there.`;
  return failed(named, "avatar-not-changed", message);
}

async function statusOfPick(
  discourse: Discourse,
  account: DiscourseAccount,
  override: Switch,
): Promise<number | undefined> {
  try {
    return (await pick(discourse, account, { upload_id: "", type: "system" })).status;
  } catch (error) {
    const isGranularKey = error instanceof ExpectedError && error.code === "discourse-key-refused";
    if (isGranularKey && override === "unknown") return undefined;
    throw error;
  }
}

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
