import { createHash } from "node:crypto";
import { join } from "node:path";
import { lineReader, lineWriter, readLines } from "../../lib/lines.ts";
import { usableUrl } from "../../policy/picture-url.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { explainFault, ownPictureFault } from "../people/picture-fault.ts";
import {
  bulkActions,
  type BulkAction,
  type BulkChange,
  type FirstProblems,
  type LineProblem,
} from "./bulk-change.ts";
import type { BulkRow } from "./read-rows.ts";
import { createUserIndex, type Slot, type UserIndex } from "./user-index.ts";

/** The changes of a file, on the disk. */
export interface MadePlan {
  /** Every change, in the file's order. */
  readonly changes: () => Generator<BulkChange, void, undefined>;
  /** Of a slot of the index. */
  readonly changeAt: (slot: Slot) => BulkChange;
  readonly count: number;
  readonly byAction: Readonly<Record<string, number>>;
  /** SHA-256 of the changes, or of the run that they take back, in hexadecimal. */
  readonly hash: string;
  /** Of every user. */
  readonly index: UserIndex;
  readonly close: () => void;
}

/** Checks every line and writes what it asks for. With problems the plan is not to be used. */
export async function makePlan(
  folder: string,
  rows: AsyncIterable<BulkRow | LineProblem>,
  settings: PictureSettings,
  problems: FirstProblems,
): Promise<MadePlan> {
  const written = await writePlan(planFile(folder), rows, settings, problems);
  return indexPlan(folder, written, ({ line }, other) => {
    const message = `Line ${other.line} has the same user. Each user may have only one line.`;
    problems.add({ line, code: "user-twice", message });
  });
}

/** Where the changes of a plan are written, a line of JSON for each. */
export function planFile(folder: string): string {
  return join(folder, "plan.ndjson");
}

/**
 * The plan whose changes were written to `planFile`.
 *
 * @param onTwice Told of a change whose user another one has already.
 */
export function indexPlan(
  folder: string,
  written: Pick<MadePlan, "count" | "byAction" | "hash">,
  onTwice: (change: BulkChange, other: BulkChange) => void,
): MadePlan {
  const file = planFile(folder);
  const index = createUserIndex(join(folder, "index"), written.count);
  const lines = lineReader(file);
  const changeAt = ({ offset }: Slot) => parseChange(lines.at(offset));
  for (const { text, offset } of readLines(file)) {
    const change = parseChange(text);
    const other = index.add(change.user, offset);
    if (other !== undefined) onTwice(change, changeAt(other));
  }
  return {
    ...written,
    index,
    changeAt,
    changes: function* () {
      for (const { text } of readLines(file)) yield parseChange(text);
    },
    close: () => {
      index.close();
      lines.close();
    },
  };
}

async function writePlan(
  file: string,
  rows: AsyncIterable<BulkRow | LineProblem>,
  settings: PictureSettings,
  problems: FirstProblems,
): Promise<Pick<MadePlan, "count" | "byAction" | "hash">> {
  const lines = lineWriter(file, "w");
  const hash = createHash("sha256");
  const byAction: Record<string, number> = {};
  let count = 0;
  try {
    for await (const row of rows) {
      const { user, change, problems: found } = lookedAt(row, settings);
      found.forEach(problems.add);
      if (user === undefined) continue;
      const text = JSON.stringify(change ?? { line: row.line, user });
      lines.write(text);
      hash.update(`${text}\n`);
      count += 1;
      if (change !== undefined) byAction[change.action] = (byAction[change.action] ?? 0) + 1;
    }
  } finally {
    lines.close();
  }
  return { count, byAction, hash: hash.digest("hex") };
}

function lookedAt(row: BulkRow | LineProblem, settings: PictureSettings): ReturnType<typeof checkRow> {
  if ("fields" in row) return checkRow(row, settings);
  return { user: undefined, change: undefined, problems: [row] };
}

/** A line of the plan: we wrote it. */
function parseChange(text: string): BulkChange {
  return JSON.parse(text) as BulkChange;
}

/** Of an id and a reason: longer ones are mistakes, and each is kept in memory for a while. */
const longest = { user: 1024, reason: 1000 };

/** A line that was looked at: all its problems, or none. */
interface CheckedRow {
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
  report("user-invalid", "user must be a whole user id, such as auth0|5f7c….");
  return undefined;
}

function checkedAction(value: unknown, report: Report): BulkAction | undefined {
  const text = typeof value === "string" ? value.trim().toLowerCase() : "";
  const action = bulkActions.find((known) => known === text);
  if (action === undefined) report("action-unknown", `action must be one of ${bulkActions.join(", ")}.`);
  return action;
}

function checkedUrl(value: unknown, settings: PictureSettings, report: Report): string | undefined {
  if (typeof value !== "string" || value.trim() === "") {
    report("url-missing", "url must be the picture's URL; to remove the picture, use the action clear.");
    return undefined;
  }
  const fault = ownPictureFault(value, settings);
  if (fault === undefined) return usableUrl(value, settings)?.url.href;
  report("url-not-allowed", `A login would not show this url: ${explainFault(fault, settings)}.`);
  return undefined;
}

function checkedReason(value: unknown, report: Report): string | undefined {
  const reason = typeof value === "string" ? value.trim() : "";
  if (reason === "") report("reason-missing", "reason must say why the picture is blocked.");
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
