import { labelOf, type User } from "../../auth0/user.ts";
import { visible } from "../../lib/terminal.ts";
import { decide, type Decision } from "../../policy/decide.ts";
import { reasonWords } from "../../policy/reason-words.ts";
import type { PictureSettings } from "../../policy/settings.ts";

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
