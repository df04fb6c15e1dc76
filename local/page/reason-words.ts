import type { Reason } from "../../policy/verdict.ts";

/** Each row of the policy as a sentence about the user. */
export const reasonWords: Readonly<Record<Reason, string>> = {
  "not-asked": "The application did not ask for the profile, so it is told nothing.",
  blocked: "A moderator blocked the user's pictures: the default image.",
  off: "The application opted out of the policy: the root picture, as it is.",
  removed: "The user removed their picture: the default image.",
  user: "The user chose this picture.",
  missing: "There is no root picture: the default image.",
  placeholder: "The root picture is Auth0's initials placeholder: the default image.",
  "gravatar-disabled": "The user wants no Gravatar: the default image.",
  "gravatar-never": "This environment never shows a Gravatar: the default image.",
  "gravatar-fallback": "The Gravatar, and the default image where there is none.",
  normalised: "The root picture is shown, by its https address in normal form.",
  kept: "The root picture is fine: it stays.",
  "root-refused":
    "The root picture cannot be shown, or a database user could have written its address: the default image.",
  "social-replaced": "This environment replaces what a connection provides: the default image.",
};
