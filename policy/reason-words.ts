import type { Reason } from "./verdict.ts";

/**
 * What a login shows for each reason, and why: for users, support and moderators. Each starts in lower case and has no full
 * stop. No Action imports it, so that a better word changes no Action.
 */
export const reasonWords: Readonly<Record<Reason, string>> = {
  "not-asked": "the application did not request the profile",
  off: "the application opted out",
  blocked: "the default image, because the picture is blocked",
  removed: "the default image, because the own picture was removed",
  user: "the user's own picture",
  missing: "the default image, because there is no root picture",
  placeholder: "the default image instead of Auth0's initials",
  "gravatar-disabled": "the default image, because the user's Gravatar is switched off",
  "gravatar-never": "the default image, because Gravatars are never shown (config key gravatar)",
  "gravatar-fallback": "the user's Gravatar, or the default image if there is none",
  normalised: "the root picture, with its normalised https URL",
  kept: "the root picture",
  "root-refused": "the default image, because the root picture cannot be shown",
  "social-replaced": "the default image, because providers' pictures are replaced (config key social)",
  copy: "our copy of the root picture (config key copies)",
};
