import { exportUsers } from "../../auth0/jobs.ts";
import { openUsersFile, usersIn } from "../../auth0/users-file.ts";
import type { User } from "../../auth0/user.ts";
import type { Environment } from "../../lib/environment.ts";
import { UsageError } from "../../lib/errors.ts";
import { createProgress } from "../../lib/progress.ts";
import { standardError } from "../../lib/terminal-output.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import type { CommandReport } from "../command.ts";
import { openPeople, requireScope, type People } from "../people/people.ts";
import { selectedStack } from "../pulumi/run-pulumi.ts";
import { networkOf } from "../image/local-names.ts";
import type { ProbeNetwork } from "../image/public-network.ts";
import { carryOut, openCopyStore } from "./carry-out.ts";
import { describeMirror } from "./describe-mirror.ts";
import { selectionBy, type SelectionOptions } from "./noted-copy.ts";
import { previewMirror, type PreviewTask } from "./preview-mirror.ts";

/** The options of `pictures mirror`. */
export interface MirrorOptions {
  readonly stack?: string;
  readonly users?: string;
  readonly connection?: string;
  readonly limit?: string;
  readonly maxAge?: string;
  readonly yes?: boolean;
  readonly prune?: boolean;
  /** With `prune`. */
  readonly olderThan?: string;
}

/**
 * Says what a run would do, or does it.
 *
 * @param ownNetwork Where pictures are fetched, in the place of the stack's own.
 */
export async function runMirror(
  options: MirrorOptions,
  env: Environment,
  ownNetwork?: ProbeNetwork,
): Promise<CommandReport> {
  if (options.olderThan !== undefined) {
    throw new UsageError("older-than-needs-prune", "--older-than is for --prune: add it.");
  }
  const selected = readSelection(options);
  const progress = createProgress(env, standardError);
  if (options.yes === true) {
    const { people, users } = await openedUsers(options, env);
    const network = ownNetwork ?? networkOf(people);
    const { stack, settings } = people;
    const selection = selectionBy(selected, settings, people.now());
    const store = openCopyStore(people);
    try {
      const found = await carryOut(people, { users, selection, progress, network, store });
      return describeMirror({ ...found, stack, dryRun: false, notes: notesOf({ settings }) });
    } finally {
      store.close();
    }
  }
  const { stack, ...source } = await usersToCopy(options, env);
  const selection = selectionBy(selected, source.settings, new Date());
  const found = await previewMirror({ ...source, selection, progress });
  return describeMirror({ ...found, stack, dryRun: true, notes: notesOf(source) });
}

/** @throws UsageError `limit-unclear` or `max-age-unclear`. */
export function readSelection({ connection, limit, maxAge }: MirrorOptions): SelectionOptions {
  return {
    connection,
    limit: limit === undefined ? undefined : readNumber("--limit", limit, 1),
    maxAge: maxAge === undefined ? undefined : readNumber("--max-age", maxAge, 0),
  };
}

/** @throws UsageError that names the option. */
export function readNumber(
  option: "--limit" | "--max-age" | "--older-than",
  text: string,
  least: number,
): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least) return number;
  const message = `${option} must be a whole number of at least ${least}, not ${text}.`;
  throw new UsageError(`${option.slice(2)}-unclear`, message);
}

type Source = Pick<PreviewTask, "users" | "share" | "settings"> & { readonly stack: string };

async function openedUsers(
  { stack, users: file }: MirrorOptions,
  env: Environment,
): Promise<{ readonly people: People; readonly users: AsyncIterable<User> }> {
  // First, so that a wrong name shows before anybody is asked.
  const opened = file === undefined ? undefined : openUsersFile(file);
  const people = await openPeople(stack, env);
  requireScope(people, ["read:users"], "mirror");
  return { people, users: opened === undefined ? exportUsers(people.access) : usersIn(opened) };
}

/** A file needs no credentials: what would be done is decided from the stack's file. */
async function usersToCopy({ stack: named, users }: MirrorOptions, env: Environment): Promise<Source> {
  if (users !== undefined) {
    const file = openUsersFile(users);
    const stack = await selectedStack(named, env);
    const { settings } = await readStackNamed(stack, env);
    return { stack, settings, users: usersIn(file), share: file.share };
  }
  const { people, users: exported } = await openedUsers(named === undefined ? {} : { stack: named }, env);
  return { stack: people.stack, settings: people.settings, users: exported };
}

function notesOf({ settings }: Pick<Source, "settings">): string[] {
  return settings.copies === "show"
    ? []
    : [
        "Logins show no copies yet: set config key copies to show (pictures impact foretells it), then run pulumi up.",
      ];
}
