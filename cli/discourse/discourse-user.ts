import { parseUrl } from "../../lib/url.ts";
import { refused, type DiscourseResult } from "./discourse-result.ts";
import { isUsableExternalId } from "./discourse-settings.ts";

/** The fields of a user that these functions need. */
export interface DiscourseUser {
  /** Auth0's id of the user, for results. */
  readonly userId: string;
  /** The id under which single sign-on knows the user in Discourse. */
  readonly externalId: string | undefined;
  /** Whether Auth0 says that the email is verified. */
  readonly emailVerified: boolean;
  /** The picture that the user's next login shows; the default image's address where it shows that. */
  readonly pictureUrl: string | undefined;
}

/** A user with everything that a sync needs. */
export interface SyncableUser extends DiscourseUser {
  readonly externalId: string;
  readonly pictureUrl: string;
}

/** A user whose account can be looked up. */
export interface MappedUser extends DiscourseUser {
  readonly externalId: string;
}

/** The refusal of a user whose account cannot be looked up, or the user. */
export function checkMapped(user: DiscourseUser): MappedUser | DiscourseResult {
  const { externalId } = user;
  if (externalId !== undefined && isUsableExternalId(externalId)) return { ...user, externalId };
  const why =
    externalId === undefined
      ? "The user lacks the field that DISCOURSE_EXTERNAL_ID (or discourse:externalId) names"
      : "The user's external id is one that Discourse cannot look up";
  return refused(user, "no-external-id", `${why}. Correct the mapping, or the user's app_metadata.`);
}

/**
 * The refusal of a user for whom no sync may be sent, or the user.
 *
 * `sync_sso` can create an account, or join one by its email: so a user whose email is not verified is never sent.
 */
export function checkSyncable(user: DiscourseUser): SyncableUser | DiscourseResult {
  const mapped = checkMapped(user);
  if ("outcome" in mapped) return mapped;
  if (!user.emailVerified) {
    return refused(
      user,
      "email-not-verified",
      "The user's email is not verified, and a sync could take over another user's account. The user must verify it first.",
    );
  }
  const url = parseUrl(user.pictureUrl?.trim() ?? "");
  if (url?.protocol !== "https:") {
    return refused(
      user,
      "no-picture-url",
      "There is no https picture to send, and Discourse ignores an empty one. Send the default image's address instead.",
    );
  }
  return { ...mapped, pictureUrl: url.href };
}
