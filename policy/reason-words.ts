import type { Reason } from "./verdict.ts";

/** What a login shows for each reason, and why: for users, support and moderators. Starts in lower case, without a full stop. No Action imports it. */
export const reasonWords: Readonly<Record<Reason, string>> = {
  "not-asked": "the application does not ask who the user is",
  off: "the application leaves pictures as they are",
  blocked: "the default image, since the picture is blocked",
  removed: "the default image, since the own picture was removed",
  user: "the user's own picture",
  missing: "the default image, since there is no root picture",
  placeholder: "the default image in place of Auth0's initials",
  "gravatar-disabled": "the default image, since the user's Gravatar is switched off",
  "gravatar-never": "the default image, since Gravatars are never shown (config key gravatar)",
  "gravatar-fallback": "the user's Gravatar; where there is none, the default image",
  normalised: "the root picture, by its https address in normal form",
  kept: "the root picture",
  "root-refused": "the default image, since the root picture cannot be shown",
  "social-replaced": "the default image, since pictures of providers are replaced (config key social)",
};
