import { labelOf, type User } from "../../auth0/user.ts";
import { visible } from "../../lib/terminal.ts";
import { decide, type Decision } from "../../policy/decide.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { Reason } from "../../policy/verdict.ts";

/**
 * What the user's next login shows by these settings, by whichever identity, in an application that asks for the profile and
 * does not opt out. A provider's new picture is not known here.
 */
export function nextLogin(user: User, settings: PictureSettings): Decision {
  return decide({ user }, settings);
}

/** What logins show before and after a change. */
export interface Outlook {
  readonly before: Decision;
  readonly after: Decision;
}

/**
 * Lines for people: who, what is shown now and from the next login on, and what else they should know.
 *
 * @param isDone Whether the change is made already.
 */
export function describeChange(
  user: User,
  { before, after }: Outlook,
  notes: readonly string[],
  isDone = false,
): readonly string[] {
  return [labelOf(user), ...outlookLines(before, after, isDone), ...notes.map((note) => `  ${note}`)];
}

function outlookLines(before: Decision, after: Decision, isDone: boolean): string[] {
  if (before.picture === after.picture && before.reason === after.reason) {
    return [`  a login shows, as before: ${shown(after)}`];
  }
  const now = isDone ? "before:" : "now:   ";
  return [`  ${now}     ${shown(before)}`, `  next login: ${shown(after)}`];
}

/** A picture and why it is shown. */
export function shown({ picture, reason }: Pick<Decision, "picture" | "reason">): string {
  return `${visible(picture ?? "no picture")} (${reason}: ${reasonWords[reason]})`;
}

/** True of every change: a token is not changed once it is out. */
export const tokensNote =
  "Tokens that are already issued keep the old picture. An application shows the new one after the user's next login there.";

/** Why a picture is shown, for support and moderators. */
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
};
