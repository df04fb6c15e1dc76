import { isDeepStrictEqual } from "node:util";
import { findUser, userNotFound } from "../../auth0/tenant-users.ts";
import { linkedNote, type User } from "../../auth0/user.ts";
import { confirm } from "../../lib/confirm.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { terminalLines } from "../../lib/terminal-text.ts";
import type { Decision } from "../../policy/decide.ts";
import type { CommandReport, ExitCode, PersonChangeOptions } from "../command.ts";
import { withTenantLock, type TenantWork } from "../tenant-lock.ts";
import { describeFinding, findFaults, findingWords, type Finding } from "./finding.ts";
import { describeChange, nextLogin, tokensNote, type Outlook } from "./next-login.ts";
import { openPeople, requireScope, type People } from "./people.ts";
import {
  effectiveChange,
  keysOf,
  blockKeys,
  noteKeys,
  pictureKeys,
  pictureValues,
  withChange,
  type PictureChange,
  type PictureKey,
} from "./picture-change.ts";
import { requireAsSeen, seenOf } from "./seen-picture.ts";
import { writeTaken } from "./write-change.ts";

/** What one command is about to do to one user. */
export interface PictureTask {
  readonly command: string;
  /** The user as people name one. */
  readonly wanted: string;
  /** Those of a change of the user's picture where it is left out. */
  readonly needs?: ChangeNeeds;
  /** Says what to change; refuses by throwing. Nothing is written yet. */
  readonly plan: (people: People, user: User) => Plan | Promise<Plan>;
}

/** One that is to be carried out. */
export interface ChangeTask extends PictureTask {
  readonly yes: boolean | undefined;
  /** Whether to wait for other commands on this machine, as is done where it is left out. */
  readonly wait?: boolean | undefined;
  /** Of the picture that was shown to who confirms, as `seenOf` gives it: nothing is written where it is another one by now. */
  readonly seen?: string | undefined;
  /** Told once the change is made, before `finish`, which may still fail. */
  readonly onWritten?: ((written: WrittenChange) => void) | undefined;
}

export interface WrittenChange {
  /** As read after the change. */
  readonly user: User;
  readonly journalId: string;
}

/** What a kind of change needs before it can be made. */
export interface ChangeNeeds {
  /** One of them is enough. */
  readonly scopes: readonly string[];
  /** What config key `capabilities` calls that. */
  readonly capability: string;
  /** What the change is of: no other command on this machine changes it meanwhile. */
  readonly work: readonly TenantWork[];
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

/** What a change of the picture itself needs. */
export const changing: ChangeNeeds = { scopes: ["update:users"], capability: "change", work: ["users"] };

/** A command at work on the user that it found. */
interface Work {
  readonly people: People;
  readonly task: PictureTask;
  readonly user: User;
  readonly plan: Plan;
  /** What of the plan's change would change anything; undefined for nothing. */
  readonly change: PictureChange | undefined;
  readonly outlook: Outlook;
  /** See `faultNotes`. */
  readonly faults: readonly string[];
}

/** What a command says before it asks. */
export interface Foretelling {
  readonly user: User;
  /** What logins show now, and from the next one on. */
  readonly before: Decision;
  readonly after: Decision;
  readonly notes: readonly string[];
  /** What an audit will find then, and what has had no effect until now. */
  readonly faults: readonly string[];
  /** What becomes of tokens that are out; undefined where nothing of the profile is changed. */
  readonly tokens: string | undefined;
  readonly hasNothingToDo: boolean;
  /** All of it as the command line prints it, for people; the question itself is left out. */
  readonly lines: readonly string[];
  /** The picture that this is about: for `ChangeTask`. */
  readonly seen: string;
}

/**
 * What `changePicture` would say before its question. Nothing is written, and no other command is waited for.
 *
 * @throws ExpectedError as `changePicture` does.
 */
export async function foretell(people: People, task: PictureTask): Promise<Foretelling> {
  requireNeeds(people, task);
  return foretold(await planned(people, task));
}

/** What became of a task, for the programs that start one too. */
export interface ChangeReport extends CommandReport {
  /** As read last. */
  readonly user: User;
  readonly outlook: Outlook;
  /** Null where nothing was to be changed. */
  readonly journalId: string | null;
  /** What was done besides, or why nothing was. */
  readonly lines: readonly string[];
}

/** Finds the user, says what the next login will show, asks, and changes it. */
export async function changePicture(people: People, task: ChangeTask): Promise<ChangeReport> {
  requireNeeds(people, task);
  // What is planned under the lock is still true when it is done: another command is waited for before anything is read.
  if (task.yes === true) return locked(people, task, async () => carryOut(await planned(people, task), task));
  const work = await planned(people, task);
  if (hasNothingToDo(work)) return carryOut(work, task);
  const question = terminalLines([...foretold(work).lines, "Go on?"]);
  if (!(await confirm(question, task))) return unchanged(work, "Nothing was changed.");
  return locked(people, task, () => carryOut(work, task));
}

function requireNeeds(people: People, { needs }: PictureTask): void {
  const { scopes, capability } = needs ?? changing;
  requireScope(people, scopes, capability);
}

function foretold(work: Work): Foretelling {
  const { user, outlook, faults } = work;
  const [hasNothing, notes] = [hasNothingToDo(work), notesOf(work)];
  const tokens = work.change === undefined ? undefined : tokensNote;
  const told = [...notes, ...faults, ...(tokens === undefined ? [] : [tokens])];
  const lines = hasNothing ? unchangedLines(work, alreadySo) : describeChange(user, outlook, told);
  return { user, ...outlook, notes, faults, tokens, hasNothingToDo: hasNothing, lines, seen: seenOf(user) };
}

function locked<T>(people: People, { command, wait, needs }: ChangeTask, work: () => Promise<T>): Promise<T> {
  const request = { command: `pictures ${command}`, env: people.env, wait: wait ?? true };
  return withTenantLock(people.config.auth0Domain, (needs ?? changing).work, request, work);
}

function hasNothingToDo({ change, plan }: Work): boolean {
  return change === undefined && plan.finish === undefined;
}

async function planned(people: People, task: PictureTask): Promise<Work> {
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

const alreadySo = "It is already like this.";

async function carryOut(work: Work, task: ChangeTask): Promise<ChangeReport> {
  // Before anything is prepared, and once more right before the write.
  requireAsSeen(work.user, task.seen);
  if (hasNothingToDo(work)) return unchanged(work, alreadySo);
  const { people, plan } = work;
  await plan.prepare?.();
  const { user, journalId } = await written(work, task);
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
    user,
    outlook,
    journalId,
    lines: finished?.lines ?? [],
  };
}

/** The user after the change, as Auth0 gave it back. */
async function written(
  { people, task, user, plan, change }: Work,
  { seen, onWritten }: ChangeTask,
): Promise<{ user: User; journalId: string | null }> {
  const fresh = await unchangedSince(people, user, task.needs ?? changing, seen);
  if (change === undefined) return { user: fresh, journalId: null };
  const { command } = task;
  const done = await writeTaken(people, fresh, { ...plan, command, change }, plan.refusable);
  if (done === undefined) return { user: fresh, journalId: null };
  const made = { user: done.user, journalId: done.entry.id };
  onWritten?.(made);
  return made;
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

function unchanged(work: Work, why: string): ChangeReport {
  const { user, outlook } = work;
  const same = { before: outlook.before, after: outlook.before };
  return {
    text: terminalLines(unchangedLines(work, why)),
    json: document({ ...work, change: undefined, outlook: same }, null),
    user,
    outlook: same,
    journalId: null,
    lines: [why],
  };
}

function unchangedLines({ people, task, user, outlook: { before } }: Work, why: string): string[] {
  const faults = findFaults(user, before, people.settings, people.now());
  const notes = [...whose(task, user), ...faultNotes([], faults)];
  return [...describeChange(user, { before, after: before }, notes), why];
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

/**
 * Reads the user again: the picture may have been changed between the question and the answer. What only blocks is right for any
 * picture, so that an import under way never stops it.
 */
async function unchangedSince(
  people: People,
  user: User,
  { work }: ChangeNeeds,
  seen: string | undefined,
): Promise<User> {
  const fresh = await people.users.get(user.user_id);
  if (fresh === undefined) throw userNotFound(user.user_id);
  requireAsSeen(fresh, seen);
  // A folder is noted by our own preparation, and a review by a moderator.
  const ofPicture = pictureKeys.filter((key) => !noteKeys.includes(key));
  const keys = work.includes("users") ? ofPicture : blockKeys;
  if (isDeepStrictEqual(pictureValues(fresh, keys), pictureValues(user, keys))) return fresh;
  throw new ExpectedError(
    "changed-meanwhile",
    `The picture of ${user.user_id} was changed meanwhile, so nothing was written. Check it (pictures show), then try again.`,
  );
}

/** What a changing command does, on the stack and with the confirmation that its options give. */
export async function changePerson(
  { stack, yes, wait }: PersonChangeOptions,
  task: Omit<ChangeTask, "yes" | "wait">,
): Promise<CommandReport> {
  return changePicture(await openPeople(stack, process.env), { ...task, yes, wait });
}
