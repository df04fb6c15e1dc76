import { asksForProfile } from "../policy/asks-for-profile.ts";
import { decideRootPicture } from "../policy/decide-root-picture.ts";
import type { PostLoginApi, PostLoginEvent } from "./post-login.ts";

/**
 * Shows the environment's default image instead of what Auth0 puts in when a user has no picture.
 *
 * Trigger: post-login, bound before `user-picture`. Sets: the ID token's `picture` claim (rows 4 to 12 of
 * docs/picture-policy.md). Fails open: whatever happens here, the login goes on with the root `picture`.
 */
export const onExecutePostLogin = async (event: PostLoginEvent, api: PostLoginApi): Promise<void> => {
  try {
    if (!asksForProfile(event)) return;
    const { claim } = decideRootPicture(event, PICTURE_SETTINGS);
    if (claim !== null) api.idToken.setCustomClaim("picture", claim);
  } catch {
    // A login is never broken by a picture.
  }
};
