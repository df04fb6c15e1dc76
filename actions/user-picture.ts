import { asksForProfile } from "../policy/asks-for-profile.ts";
import { decideOwnPicture } from "../policy/decide-own-picture.ts";
import type { PostLoginApi, PostLoginEvent } from "./post-login.ts";

/**
 * Shows the picture that the user set, nothing of theirs where a moderator blocked it or the user removed it.
 *
 * Trigger: post-login, bound after `default-picture`, whose claim it replaces. Sets: the ID token's `picture`
 * claim (rows 1 to 3 of docs/picture-policy.md). Fails open: the login goes on with the picture so far.
 */
export const onExecutePostLogin = async (event: PostLoginEvent, api: PostLoginApi): Promise<void> => {
  try {
    if (!asksForProfile(event)) return;
    const decision = decideOwnPicture(event, PICTURE_SETTINGS);
    if (decision !== undefined) api.idToken.setCustomClaim("picture", decision.claim);
  } catch {
    // A login is never broken by a picture.
  }
};
