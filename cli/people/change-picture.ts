import { isDeepStrictEqual } from "node:util";
import { findUser, userNotFound } from "../../auth0/tenant-users.ts";
import { linkedNote, type User } from "../../auth0/user.ts";
import { confirm } from "../../lib/confirm.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { terminalLines } from "../../lib/terminal-text.ts";
import type { CommandReport, ExitCode } from "../command.ts";
import { describeFinding, findFaults, findingWords, type Finding } from "./finding.ts";
import { describeChange, nextLogin, tokensNote, type Outlook } from "./next-login.ts";
import { openPeople, requireScope, type People } from "./people.ts";
import {
  effectiveChange,
  keysOf,
  pictureKeys,
  pictureValues,
  withChange,
  type PictureChange,
  type PictureKey,
} from "./picture-change.ts";
import { writeTaken } from "./write-change.ts";

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
  /** What Auth0 may refuse to change: all else is written then. `finish` says so. */
  readonly refusable?: readonly PictureKey[];
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

/** A command at work on the user that it found. */
interface Work {
  readonly people: People;
  readonly task: ChangeTask;
  readonly user: User;
  readonly plan: Plan;
  /** What of the plan's change would change anything; undefined for nothing. */
  readonly change: PictureChange | undefined;
  readonly outlook: Outlook;
  /** See `faultNotes`. */
  readonly faults: readonly string[];
}

/** Finds the user, says what the next login will show, asks, and changes it. */
export async function changePicture(people: People, task: ChangeTask): Promise<CommandReport> {
  const { scopes, capability } = task.needs ?? changing;
  requireScope(people, scopes, capability);
  const work = await planned(people, task);
  const { user, plan, change, outlook } = work;
  if (change === undefined && plan.finish === undefined) return unchanged(work, "It is already like this.");
  const notes = [...notesOf(work), ...work.faults, ...(change === undefined ? [] : [tokensNote])];
  const question = terminalLines([...describeChange(user, outlook, notes), "Go on?"]);
  if (!(await confirm(question, { yes: task.yes }))) return unchanged(work, "Nothing was changed.");
  return carryOut(work);
}

async function planned(people: People, task: ChangeTask): Promise<Work> {
  const user = await findUser(people.users, task.wanted);
  const plan = await task.plan(people, user);
  const change = effectiveChange(user, plan.change);
  const changed = withChange(user, change);
  const outlook = {
    before: nextLogin(user, people.settings),
    after: nextLogin(changed, people.settings),
  };
  return {
    people,
    task,
    user,
    plan,
    change: keysOf(change).length > 0 ? change : undefined,
    outlook,
    faults: faultNotes(
      findFaults(user, outlook.before, people.settings, people.now()),
      findFaults(changed, outlook.after, people.settings, people.now()),
    ),
  };
}

/** What an audit finds after the change, and a switch that has had no effect until now. */
function faultNotes(before: readonly Finding[], after: readonly Finding[]): string[] {
  const stays = ({ kind }: Finding) => after.some((fault) => fault.kind === kind);
  const ended = before.filter((fault) => fault.kind.endsWith("-ineffective") && !stays(fault));
  return [
    ...ended.map((fault) => `Until now: ${describeFinding(fault)}.`),
    ...after.map((fault) => `${describeFinding(fault)}. ${findingWords[fault.kind].remedy}.`),
  ];
}

async function carryOut(work: Work): Promise<CommandReport> {
  const { people, plan } = work;
  await plan.prepare?.();
  const { user, journalId } = await written(work);
  const finished = await plan.finish?.(user);
  const outlook = { ...work.outlook, after: nextLogin(user, people.settings) };
  const lines = [
    ...describeChange(user, outlook, [...notesOf(work), ...work.faults], true),
    ...(finished?.lines ?? []),
    `Done. ${tokensNote}`,
  ];
  return {
    ...(finished?.exitCode === undefined ? {} : { exitCode: finished.exitCode }),
    text: terminalLines(lines),
    json: { ...document({ ...work, user, outlook }, journalId), ...finished?.json },
  };
}

/** The user after the change, as Auth0 gave it back. */
async function written({
  people,
  task,
  user,
  plan,
  change,
}: Work): Promise<{ user: User; journalId: string | null }> {
  const fresh = await unchangedSince(people, user);
  if (change === undefined) return { user: fresh, journalId: null };
  const { command } = task;
  const done = await writeTaken(people, fresh, { ...plan, command, change }, plan.refusable);
  return done ? { user: done.user, journalId: done.entry.id } : { user: fresh, journalId: null };
}

/** Whose the id is comes first: everything else is about that user. */
function notesOf({
  task,
  user,
  plan: { notes = [] },
}: Pick<Work, "task" | "user" | "plan">): readonly string[] {
  return [...whose(task, user), ...notes];
}

function whose({ wanted }: Pick<ChangeTask, "wanted">, user: User): string[] {
  return [linkedNote(wanted, user)].filter((note) => note !== undefined);
}

function unchanged(work: Work, why: string): CommandReport {
  const { before } = work.outlook;
  const outlook = { before, after: before };
  const faults = findFaults(work.user, before, work.people.settings, work.people.now());
  return {
    text: terminalLines([
      ...describeChange(work.user, outlook, [...whose(work.task, work.user), ...faultNotes([], faults)]),
      why,
    ]),
    json: document({ ...work, change: undefined, outlook }, null),
  };
}

function document({ people, task, user, outlook }: Work, journalId: string | null): object {
  const { before, after } = outlook;
  return {
    stack: people.stack,
    command: task.command,
    userId: user.user_id,
    changed: journalId !== null,
    before: { picture: before.picture, reason: before.reason },
    after: { picture: after.picture, reason: after.reason },
    journalId,
  };
}

/** Reads the user again: the picture may have been changed between the question and the answer. */
async function unchangedSince(people: People, user: User): Promise<User> {
  const fresh = await people.users.get(user.user_id);
  if (fresh === undefined) throw userNotFound(user.user_id);
  // A folder is noted by our own preparation, and stands for no picture.
  const keys = pictureKeys.filter((key) => key !== "app_metadata.picture_folder");
  if (isDeepStrictEqual(pictureValues(fresh, keys), pictureValues(user, keys))) return fresh;
  throw new ExpectedError(
    "changed-meanwhile",
    `The picture of ${user.user_id} was changed meanwhile, so nothing was written. Check it (pictures show), then try again.`,
  );
}

/** What a changing command does, on the stack and with the confirmation that its options give. */
export async function changePerson(
  { stack, yes }: { readonly stack?: string; readonly yes?: boolean },
  task: Omit<ChangeTask, "yes">,
): Promise<CommandReport> {
  return changePicture(await openPeople(stack, process.env), { ...task, yes });
}
