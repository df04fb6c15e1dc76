import { asksForProfile, optsOut } from "../policy/login.ts";
import { decideRootPicture } from "../policy/root-picture.ts";
import type { PostLoginAction } from "./post-login.ts";
import { showPicture } from "./show-picture.ts";

/**
 * Shows the environment's default image instead of what Auth0 puts in when a user has no picture, and our copy of a picture
 * where there is one.
 *
 * Trigger: post-login, bound before `user-picture`. Sets: the ID token's `picture` claim (rows 4 to 13 of
 * docs/picture-policy.md). Fails open: whatever happens here, the login goes on with the root `picture`.
 */
export const onExecutePostLogin: PostLoginAction = async (event, api) => {
  try {
    if (!asksForProfile(event, PICTURE_SETTINGS) || optsOut(event)) return;
    showPicture(decideRootPicture(event, PICTURE_SETTINGS).claim, event, api);
  } catch {
    // A login is never broken by a picture.
  }
};
