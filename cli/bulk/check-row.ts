import { usableUrl } from "../../policy/picture-url.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { explainFault, ownPictureFault } from "../people/picture-fault.ts";
import { bulkActions, type BulkAction, type BulkChange, type LineProblem } from "./bulk-change.ts";
import type { BulkRow } from "./read-rows.ts";

/** Of an id and a reason: longer ones are mistakes, and each is kept in memory for a while. */
const longest = { user: 1024, reason: 1000 };

/** A line that was looked at: all its problems, or none. */
export interface CheckedRow {
  /** Where the user can be read, also of a line with problems: another line may name the same one. */
  readonly user: string | undefined;
  readonly change: BulkChange | undefined;
  readonly problems: readonly LineProblem[];
}

/** By the same policy as a login. */
export function checkRow({ line, fields }: BulkRow, settings: PictureSettings): CheckedRow {
  const problems: LineProblem[] = [];
  const report = (code: string, message: string) => {
    problems.push({ line, code, message });
  };
  const user = checkedUser(fields["user"], report);
  const action = checkedAction(fields["action"], report);
  const url = action === "set" ? checkedUrl(fields["url"], settings, report) : undefined;
  const reason = action === "block" ? checkedReason(fields["reason"], report) : undefined;
  if (action !== undefined) checkUnused(fields, action, report);
  const isComplete = problems.length === 0 && user !== undefined && action !== undefined;
  return {
    user,
    problems,
    change: isComplete
      ? {
          line,
          user,
          action,
          ...(url === undefined ? {} : { url }),
          ...(reason === undefined ? {} : { reason }),
        }
      : undefined,
  };
}

type Report = (code: string, message: string) => void;

function checkedUser(value: unknown, report: Report): string | undefined {
  const user = typeof value === "string" ? value.trim() : "";
  if (/^[^|\s\p{C}]+\|[^\p{C}]+$/u.test(user) && user.length <= longest.user) return user;
  report("user-invalid", "user is to be a whole user id, such as auth0|5f7c….");
  return undefined;
}

function checkedAction(value: unknown, report: Report): BulkAction | undefined {
  const text = typeof value === "string" ? value.trim().toLowerCase() : "";
  const action = bulkActions.find((known) => known === text);
  if (action === undefined) report("action-unknown", `action is to be one of ${bulkActions.join(", ")}.`);
  return action;
}

function checkedUrl(value: unknown, settings: PictureSettings, report: Report): string | undefined {
  if (typeof value !== "string" || value.trim() === "") {
    report("url-missing", "url is to be the picture's address; to remove the picture, the action is clear.");
    return undefined;
  }
  const fault = ownPictureFault(value, settings);
  if (fault === undefined) return usableUrl(value, settings)?.url.href;
  report("url-not-allowed", `A login would not show this url: ${explainFault(fault, settings)}.`);
  return undefined;
}

function checkedReason(value: unknown, report: Report): string | undefined {
  const reason = typeof value === "string" ? value.trim() : "";
  if (reason === "") report("reason-missing", "reason is to say why the picture is blocked.");
  if (reason.length > longest.reason)
    report("reason-too-long", `reason has more than ${longest.reason} characters.`);
  return reason;
}

/** What an action does not take is refused: it may belong to another line. */
function checkUnused(fields: BulkRow["fields"], action: BulkAction, report: Report): void {
  const isGiven = (name: string) => fields[name] !== undefined && fields[name] !== null;
  if (action !== "set" && isGiven("url")) report("url-unused", `${action} takes no url.`);
  if (action !== "block" && isGiven("reason")) report("reason-unused", `${action} takes no reason.`);
}
