import { findUser } from "../../../auth0/tenant-users.ts";
import type { User } from "../../../auth0/user.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import type { Decision } from "../../../policy/decide.ts";
import {
  changePicture,
  type ChangeReport,
  type PictureTask,
  type WrittenChange,
} from "../../people/change-picture.ts";
import { nextLogin } from "../../people/next-login.ts";
import type { People } from "../../people/people.ts";

/** What became of something that a person at the console wants. */
export type Decided = Done | Unchanged | Changed | Refused;

export interface Done {
  readonly outcome: "done";
  readonly journalId: string;
  /** As read after the write. */
  readonly user: User;
  /** What logins showed before, and show from the next one on. */
  readonly before: Decision;
  readonly after: Decision;
  /** For people: what was done besides, such as in the forum. */
  readonly lines: readonly string[];
  /** What was to be done besides and failed. The change itself is made. */
  readonly failedAfter?: Failure;
}

export interface Unchanged {
  readonly outcome: "unchanged";
  readonly user: User;
  /** For people. */
  readonly why: string;
}

/** The picture is not the one that was shown: nothing was written, or another program wrote over it. */
export interface Changed extends Failure {
  readonly outcome: "changed";
  /** As it is now. */
  readonly user: User;
}

export interface Refused extends Failure {
  readonly outcome: "refused";
  /** Whom it was about, where that is known. */
  readonly userId: string | undefined;
}

export interface Failure {
  /** Stable, for programs. */
  readonly code: string;
  /** For people: why, and what to do next. */
  readonly message: string;
}

/** By somebody else, while this ran or before. */
const changedCodes: readonly string[] = [
  "changed-since-shown",
  "changed-meanwhile",
  "blocked-meanwhile",
  "change-lost",
];

/**
 * Carries a task out without a question, which was asked on a page. Does not reject with an ExpectedError.
 *
 * @param seen Of what the page showed; undefined where the task itself knows what it goes by.
 */
export async function carryOutTask(
  people: People,
  task: PictureTask,
  seen: string | undefined,
): Promise<Decided> {
  let written: WrittenChange | undefined;
  const onWritten = (change: WrittenChange) => {
    written = change;
  };
  // Until it is read, for a change that Auth0 made and something after it failed.
  let before: Decision | undefined;
  const plan: PictureTask["plan"] = (of, user) => {
    before = nextLogin(user, people.settings);
    return task.plan(of, user);
  };
  try {
    return reported(await changePicture(people, { ...task, plan, yes: true, seen, onWritten }));
  } catch (error) {
    const failure = failureOf(error);
    if (written === undefined || before === undefined) return notDone(people, task.wanted, failure);
    const after = nextLogin(written.user, people.settings);
    return { outcome: "done", ...written, before, after, lines: [], failedAfter: failure };
  }
}

function reported({ user, outlook, journalId, lines }: ChangeReport): Decided {
  if (journalId === null) return { outcome: "unchanged", user, why: lines.join(" ") };
  return { outcome: "done", journalId, user, ...outlook, lines };
}

async function notDone(people: People, wanted: string, failure: Failure): Promise<Decided> {
  const refused = { outcome: "refused", userId: wanted, ...failure } as const;
  if (!changedCodes.includes(failure.code)) return refused;
  try {
    return { outcome: "changed", user: await findUser(people.users, wanted), ...failure };
  } catch (error) {
    failureOf(error);
    return refused;
  }
}

/** @throws The error itself where it is not an expected one: a bug is no refusal. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof ExpectedError)) throw error;
  return { code: error.code, message: error.message };
}
