import type { Reason } from "../../policy/reason.ts";

/** Why a picture is shown, for support and moderators. */
export const reasonWords: Readonly<Record<Reason, string>> = {
  "not-asked": "the application does not ask who the user is",
  off: "the application leaves pictures as they are",
  blocked: "the default image, since the picture is blocked",
  removed: "the default image, since the own picture was removed",
  user: "the user's own picture",
  missing: "the default image, since there is no picture",
  placeholder: "the default image in place of Auth0's initials",
  "gravatar-disabled": "the default image, since the user's Gravatar is switched off",
  "gravatar-never": "the default image, since Gravatars are never shown (config key gravatar)",
  "gravatar-fallback": "the user's Gravatar; where there is none, the default image",
  kept: "the original picture",
  "root-refused": "the default image, since the original picture's address is not allowed",
  "social-replaced": "the default image, since pictures of providers are replaced (config key social)",
};
