import { isDeepStrictEqual } from "node:util";
import { ExpectedError } from "../../infra/expected-error.ts";
import type { CommandReport } from "../command-report.ts";
import { confirm } from "../confirm.ts";
import type { ExitCode } from "../exit-code.ts";
import { describeChange, tokensNote, type Outlook } from "./describe-change.ts";
import { findUser } from "./find-user.ts";
import { nextLogin } from "./next-login.ts";
import type { People } from "./people.ts";
import {
  effectiveChange,
  keysOf,
  pictureKeys,
  pictureValues,
  withChange,
  type PictureChange,
} from "./picture-change.ts";
import { requireScope } from "./require-scope.ts";
import { userNotFound } from "./tenant-users.ts";
import type { User } from "./user.ts";
import { writeChange } from "./write-change.ts";

/** What one command does to one user. */
export interface ChangeTask {
  readonly command: string;
  /** The user as people name one. */
  readonly wanted: string;
  readonly yes: boolean | undefined;
  /** The scopes of which one is needed, and the capability that has it; those of `change` where it is left out. */
  readonly needs?: { readonly scopes: readonly string[]; readonly capability: string };
  /** Says what to change; refuses by throwing. Nothing is written yet. */
  readonly plan: (people: People, user: User) => Plan | Promise<Plan>;
}

export interface Plan {
  readonly change: PictureChange;
  /** What people should know before they say yes. */
  readonly notes?: readonly string[];
  /** See `Write`. */
  readonly final?: boolean;
  readonly undoes?: string;
  /** Done after the question and before the change. */
  readonly prepare?: () => Promise<void>;
  /** Done after the change, and also where there was nothing to change. */
  readonly finish?: (user: User) => Promise<Finished>;
}

export interface Finished {
  readonly lines: readonly string[];
  /** More fields of the JSON document. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly exitCode?: ExitCode;
}

const changing = { scopes: ["update:users"], capability: "change" };

/** Finds the user, says what the next login will show, asks, and changes it. */
export async function changePicture(people: People, task: ChangeTask): Promise<CommandReport> {
  const { scopes, capability } = task.needs ?? changing;
  requireScope(people, scopes, capability);
  const user = await findUser(people.users, task.wanted);
  const plan = await task.plan(people, user);
  const change = effectiveChange(user, plan.change);
  const outlook = {
    before: nextLogin(user, people.settings),
    after: nextLogin(withChange(user, change), people.settings),
  };
  const isChange = keysOf(change).length > 0;
  const report = { people, task, outlook };
  if (!isChange && plan.finish === undefined) return unchanged(report, user, "It is like this already.");
  const announced = describeChange(user, outlook, [...(plan.notes ?? []), ...(isChange ? [tokensNote] : [])]);
  if (!(await confirm(`${announced.join("\n")}\nGo on?`, { yes: task.yes }))) {
    return unchanged(report, user, "Nothing was changed.");
  }
  await plan.prepare?.();
  const fresh = await unchangedSince(people, user);
  const written = isChange
    ? await writeChange(people, fresh, { ...plan, command: task.command, change })
    : undefined;
  const current = written?.user ?? fresh;
  const finished = await plan.finish?.(current);
  const seen = { ...outlook, after: nextLogin(current, people.settings) };
  return {
    ...(finished?.exitCode === undefined ? {} : { exitCode: finished.exitCode }),
    text: [...describeChange(current, seen, plan.notes ?? []), ...(finished?.lines ?? []), tokensNote].join(
      "\n",
    ),
    json: {
      ...document({ ...report, outlook: seen }, current, isChange),
      journalId: written?.entry.id ?? null,
      ...finished?.json,
    },
  };
}

interface Reported {
  readonly people: People;
  readonly task: ChangeTask;
  readonly outlook: Outlook;
}

function unchanged(reported: Reported, user: User, why: string): CommandReport {
  const { before } = reported.outlook;
  const outlook = { before, after: before };
  return {
    text: [...describeChange(user, outlook, []), why].join("\n"),
    json: { ...document({ ...reported, outlook }, user, false), journalId: null },
  };
}

function document({ people, task, outlook }: Reported, user: User, isChanged: boolean): object {
  const { before, after } = outlook;
  return {
    stack: people.stack,
    command: task.command,
    userId: user.user_id,
    changed: isChanged,
    before: { picture: before.picture, reason: before.reason },
    after: { picture: after.picture, reason: after.reason },
  };
}

/** Reads the user again: between the question and the answer somebody else may have changed the picture. */
async function unchangedSince(people: People, user: User): Promise<User> {
  const fresh = await people.users.get(user.user_id);
  if (fresh === undefined) throw userNotFound(user.user_id);
  // A folder is noted by our own preparation, and stands for no picture.
  const keys = pictureKeys.filter((key) => key !== "app_metadata.picture_folder");
  if (isDeepStrictEqual(pictureValues(fresh, keys), pictureValues(user, keys))) return fresh;
  throw new ExpectedError(
    "changed-meanwhile",
    `Somebody changed the picture of ${user.user_id} at this moment, so nothing was changed. Look at it (pictures show), then try again.`,
  );
}
