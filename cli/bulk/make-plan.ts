import { createHash } from "node:crypto";
import { join } from "node:path";
import { wholeUserId } from "../../auth0/user.ts";
import { lineReader, lineWriter, readLines } from "../../lib/lines.ts";
import { describeStrayCharacter, findStrayCharacter } from "../../lib/stray-characters.ts";
import { usableUrl } from "../../policy/picture-url.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { addressEnd, describeEnd, endedWords, isPast } from "../people/address-end.ts";
import { mistakeWords } from "../people/mistyped-address.ts";
import { explainFault, newPictureFault } from "../people/picture-fault.ts";
import {
  bulkActions,
  type BulkAction,
  type BulkChange,
  type FirstProblems,
  type LineProblem,
} from "./bulk-change.ts";
import type { BulkRow } from "./row.ts";
import { createUserIndex, type Slot, type UserIndex } from "./user-index.ts";

/** The changes of a file, on the disk. */
export interface MadePlan {
  /** Every change, in the file's order. */
  readonly changes: () => Generator<BulkChange, void, undefined>;
  /** Of a slot of the index. */
  readonly changeAt: (slot: Slot) => BulkChange;
  readonly count: number;
  readonly byAction: Readonly<Record<string, number>>;
  /** SHA-256 of the changes as the file has them, or of the run that they take back, in hexadecimal. */
  readonly hash: string;
  /** What people should know of the lines. */
  readonly notes: readonly string[];
  /** Of every user. */
  readonly index: UserIndex;
  /** The same plan by other ids: primary ones for those of linked identities. This one is closed. */
  readonly withUsers: (primaryOf: ReadonlyMap<string, string>, problems: FirstProblems) => MadePlan;
  readonly close: () => void;
}

/** What lines are checked against. */
export interface LineChecks {
  readonly settings: PictureSettings;
  /** Addresses that end before are refused. */
  readonly now: Date;
}

/** Checks every line and writes what it asks for. With problems the plan is not to be used. */
export async function makePlan(
  folder: string,
  rows: AsyncIterable<BulkRow | LineProblem>,
  checks: LineChecks,
  problems: FirstProblems,
): Promise<MadePlan> {
  const written = await writePlan(planFile(folder), rows, checks, problems);
  return indexPlan(folder, written, reportTwice(problems));
}

/** Where the changes of a plan are written, a line of JSON for each. */
export function planFile(folder: string): string {
  return join(folder, "plan.ndjson");
}

type WrittenPlan = Pick<MadePlan, "count" | "byAction" | "hash" | "notes">;

/** Told of a change whose user another one has already. */
type OnTwice = (change: BulkChange, other: BulkChange) => void;

/**
 * The plan whose changes were written to `planFile`.
 *
 * @param primaryOf Primary ids by those of linked identities.
 */
export function indexPlan(
  folder: string,
  written: WrittenPlan,
  onTwice: OnTwice,
  primaryOf: ReadonlyMap<string, string> = new Map(),
): MadePlan {
  const file = planFile(folder);
  const index = createUserIndex(join(folder, "index"), written.count);
  const lines = lineReader(file);
  const changeOf = (text: string) => withPrimaryId(parseChange(text), primaryOf);
  const changeAt = ({ offset }: Slot) => changeOf(lines.at(offset));
  for (const { text, offset } of readLines(file)) {
    const change = changeOf(text);
    const other = index.add(change.user, offset);
    if (other !== undefined) onTwice(change, changeAt(other));
  }
  const close = () => {
    index.close();
    lines.close();
  };
  return {
    ...written,
    index,
    changeAt,
    changes: function* () {
      for (const { text } of readLines(file)) yield changeOf(text);
    },
    withUsers: (found, more) => {
      close();
      return indexPlan(folder, written, reportTwice(more), found);
    },
    close,
  };
}

function withPrimaryId(change: BulkChange, primaryOf: ReadonlyMap<string, string>): BulkChange {
  const user = primaryOf.get(change.user);
  return user === undefined ? change : { ...change, user, linkedId: change.user };
}

function reportTwice(problems: FirstProblems): OnTwice {
  return (change, other) => {
    problems.add(sameUser(change, other));
  };
}

function sameUser({ line, user, linkedId }: BulkChange, other: BulkChange): LineProblem {
  const linked = [linkedId, other.linkedId].filter((id) => id !== undefined);
  const why =
    linked.length === 0 ? "" : `: ${linked.map((id) => `${id} is linked to ${user}`).join(", and ")}`;
  const message = `Line ${other.line} has the same user${why}. Each user may have only one line.`;
  return { line, code: "user-twice", message };
}

async function writePlan(
  file: string,
  rows: AsyncIterable<BulkRow | LineProblem>,
  checks: LineChecks,
  problems: FirstProblems,
): Promise<WrittenPlan> {
  const lines = lineWriter(file, "w");
  const hash = createHash("sha256");
  const byAction: Record<string, number> = {};
  const ends = endsOfLines();
  let count = 0;
  try {
    for await (const row of rows) {
      const { user, change, problems: found } = lookedAt(row, checks);
      found.forEach(problems.add);
      if (user === undefined) continue;
      const text = JSON.stringify(change ?? { line: row.line, user });
      lines.write(text);
      hash.update(`${text}\n`);
      count += 1;
      if (change !== undefined) byAction[change.action] = (byAction[change.action] ?? 0) + 1;
      ends.add(row.line, change?.url);
    }
  } finally {
    lines.close();
  }
  return { count, byAction, hash: hash.digest("hex"), notes: ends.notes() };
}

/** How many lines whose address ends are named. */
const namedEnds = 20;

function endsOfLines() {
  const named: string[] = [];
  let count = 0;
  return {
    add: (line: number, url: string | undefined) => {
      const end = url === undefined ? undefined : addressEnd(url);
      if (end === undefined) return;
      count += 1;
      if (named.length < namedEnds) named.push(`line ${line} on ${describeEnd(end)}`);
    },
    notes: (): string[] => {
      if (count === 0) return [];
      const more = count > named.length ? `, and ${count - named.length} more` : "";
      const which = count === 1 ? "1 URL ends" : `${count} URLs end`;
      return [
        `${which}, as its own parameters say: ${named.join(", ")}${more}. Logins show a broken picture after that.`,
      ];
    },
  };
}

function lookedAt(row: BulkRow | LineProblem, checks: LineChecks): ReturnType<typeof checkRow> {
  if ("fields" in row) return checkRow(row, checks);
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
export function checkRow({ line, fields }: BulkRow, checks: LineChecks): CheckedRow {
  const problems: LineProblem[] = [];
  const report = (code: string, message: string) => {
    problems.push({ line, code, message });
  };
  const user = checkedUser(fields["user"], report);
  const action = checkedAction(fields["action"], report);
  const url = action === "set" ? checkedUrl(fields["url"], checks, report) : undefined;
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
  const user = typeof value === "string" ? wholeUserId(value) : "";
  const stray = typeof value === "string" ? findStrayCharacter(value) : undefined;
  if (stray !== undefined) {
    report("user-invalid", `user holds ${describeStrayCharacter(stray)}, which cannot be seen: take it out.`);
    return undefined;
  }
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

function checkedUrl(value: unknown, { settings, now }: LineChecks, report: Report): string | undefined {
  if (typeof value !== "string" || value.trim() === "") {
    report("url-missing", "url must be the picture's URL; to remove the picture, use the action clear.");
    return undefined;
  }
  const fault = newPictureFault(value, settings);
  if (fault !== undefined) {
    const what =
      fault in mistakeWords
        ? "This url is probably not the one that is meant"
        : "A login would not show this url";
    report("url-not-allowed", `${what}: ${explainFault(fault, settings, value)}.`);
    return undefined;
  }
  const end = addressEnd(value);
  if (end !== undefined && isPast(end, now)) report("url-ended", `${endedWords(end)}.`);
  return usableUrl(value, settings)?.url.href;
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
