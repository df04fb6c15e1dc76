import { grouped } from "../grouped.ts";
import type { Reason } from "../../policy/verdict.ts";
import { reasonWords } from "../people/reason-words.ts";
import { specialReasons } from "./child/messages.ts";
import type { ImpactReport } from "./impact-report.ts";

const specialWords: Readonly<Record<string, string>> = {
  [specialReasons.fails]: "nobody gets in: an Action denies, throws or takes too long",
  [specialReasons.none]: "the original picture: no Action of ours runs",
  [specialReasons.other]: "something else than this program decides with the same settings",
  [specialReasons.unknown]:
    "whatever the code says: it was not made by this program, or its header was edited",
};

/** What a login with this reason shows. */
export function wordsOfReason(reason: string): string {
  return specialWords[reason] ?? (reasonWords as Partial<Record<string, string>>)[reason as Reason] ?? reason;
}

/** Such as `60.2 %`; what is not nothing never looks like nothing. */
export function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return "0 %";
  const share = (part / whole) * 100;
  return share < 0.1 ? "less than 0.1 %" : `${share.toFixed(1)} %`;
}

export function verdict({ users, changed }: Pick<ImpactReport, "users" | "changed">): string {
  if (users === 0) return "There are no users.";
  if (changed === 0) return `Of ${grouped(users)} users nobody sees another picture.`;
  return `Of ${grouped(users)} users ${grouped(changed)} (${percent(changed, users)}) see another picture.`;
}

/** @param limit As it was given. */
export function exceededWords(limit: string): string {
  return `That is more than --max-changed ${limit} allows.`;
}

/** What is wrong, worst first: failing logins before anything about pictures. */
export function warnings({ users, failing, fields, newReasons }: ImpactReport): string[] {
  const found: string[] = [];
  if (failing.new > 0) {
    found.push(
      `LOGIN FAILS for ${grouped(failing.new)} users with the new Actions, for ${grouped(failing.old)} with the old ones.`,
    );
  } else if (failing.old > 0) {
    found.push(
      `Login fails for ${grouped(failing.old)} users with the old Actions, for none with the new ones.`,
    );
  }
  for (const field of ["user_metadata", "app_metadata", "identities"] as const) {
    if (users > 0 && fields[field] === 0) {
      found.push(`No user came with ${field}: export it too, since the Actions look at it.`);
    }
  }
  if ((newReasons[specialReasons.other]?.users ?? 0) > 0) {
    found.push("For some users the Actions do something else than the policy of this checkout.");
  }
  return found;
}
