import { exportUsers } from "../../auth0/jobs.ts";
import { openUsersFile, usersIn } from "../../auth0/users-file.ts";
import type { Environment } from "../../lib/environment.ts";
import { UsageError } from "../../lib/errors.ts";
import { createProgress } from "../../lib/progress.ts";
import { standardError } from "../../lib/terminal-output.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import type { CommandReport } from "../command.ts";
import { openPeople, requireScope } from "../people/people.ts";
import { selectedStack } from "../pulumi/run-pulumi.ts";
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
}

/** Says what a run would do. */
export async function runMirror(options: MirrorOptions, env: Environment): Promise<CommandReport> {
  const selected = readSelection(options);
  const { stack, ...source } = await usersToCopy(options, env);
  const selection = selectionBy(selected, source.settings, new Date());
  const progress = createProgress(env, standardError);
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
export function readNumber(option: "--limit" | "--max-age", text: string, least: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least) return number;
  const message = `${option} must be a whole number of at least ${least}, not ${text}.`;
  throw new UsageError(`${option.slice(2)}-unclear`, message);
}

type Source = Pick<PreviewTask, "users" | "share" | "settings"> & { readonly stack: string };

/** A file needs no credentials: what would be done is decided from the stack's file. */
async function usersToCopy({ stack: named, users }: MirrorOptions, env: Environment): Promise<Source> {
  if (users !== undefined) {
    const file = openUsersFile(users);
    const stack = await selectedStack(named, env);
    const { settings } = await readStackNamed(stack, env);
    return { stack, settings, users: usersIn(file), share: file.share };
  }
  const people = await openPeople(named, env);
  requireScope(people, ["read:users"], "mirror");
  const { stack, settings, access } = people;
  return { stack, settings, users: exportUsers(access) };
}

function notesOf({ settings }: Pick<Source, "settings">): string[] {
  return settings.copies === "show"
    ? []
    : [
        "Logins show no copies yet: set config key copies to show (pictures impact foretells it), then run pulumi up.",
      ];
}
