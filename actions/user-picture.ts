import { asksForProfile } from "../policy/login.ts";
import { decideOwnPicture } from "../policy/own-picture.ts";
import type { PostLoginAction } from "./post-login.ts";
import { showPicture } from "./show-picture.ts";

/**
 * Shows the picture that the user set, or nothing of theirs where a moderator blocked it or they removed it.
 *
 * Trigger: post-login, bound after `default-picture`, whose claim it replaces. Sets: the ID token's `picture`
 * claim (rows 1 to 3 of docs/picture-policy.md). Fails open: the login goes on with the picture so far.
 */
export const onExecutePostLogin: PostLoginAction = async (event, api) => {
  try {
    if (!asksForProfile(event, PICTURE_SETTINGS)) return;
    showPicture(decideOwnPicture(event, PICTURE_SETTINGS)?.claim, event, api);
  } catch {
    // A login is never broken by a picture.
  }
};
