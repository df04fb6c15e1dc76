import { hostname } from "node:os";
import { join } from "node:path";
import type { Environment } from "../lib/environment.ts";
import { ExpectedError } from "../lib/errors.ts";
import { waitForLock } from "../lib/lock-queue.ts";
import type { FoundLock, Lock } from "../lib/lock.ts";
import { visible } from "../lib/terminal.ts";
import { standardError } from "../lib/terminal-output.ts";
import { term, type TerminalText } from "../lib/terminal-text.ts";
import { privateStateFolder, stateNotWritable } from "./state-folder.ts";

/**
 * What a command changes of a tenant; one command on this machine does so at a time.
 *
 * - `blocks`: whose picture is blocked (`app_metadata`). Held for one change, or for a few seconds of a run over many users:
 *   a moderator does not wait for an import, which never carries blocks.
 * - `users`: everything else of users. A run over many users holds it for one wave (from the export that is read to the
 *   imports' end), or for a few changes by PATCH, and lets others in between.
 * - `deployment`: the code that logins run, pins, the stack's state and its client.
 * - `certificate`: what `pictures certify` makes, and removes of earlier runs of it.
 */
export type TenantWork = "blocks" | "users" | "deployment" | "certificate";

export interface LockRequest {
  /** As people typed it: `pictures block`. */
  readonly command: string;
  readonly env: Environment;
  /** Whether to wait for another command, however long it takes; without it `tenant-busy` is thrown at once. */
  readonly wait: boolean;
  /** Told, in one line, for whom this command waits; standard error where it is left out. */
  readonly say?: (text: TerminalText) => void;
}

/** What a lock's work is told. */
export interface LockedWork {
  /** Whether another command was at work first: what was read before the lock may not be true any more. */
  readonly waited: boolean;
}

/**
 * Does the work while no other command on this machine changes the same of the tenant. Read what the change depends on
 * inside. A lock of a process that was killed does not count.
 *
 * The locks are the user's, not the project's: two clones of the project work on one tenant. They are not in a folder that
 * users of the machine share, such as `/tmp`, where any of them could hold every tenant up or pretend to be at
 * work. So commands of two users of one machine are kept apart no more than those of two machines are: what was written is
 * looked at afterwards in any case. The machine's name is part of the path, since a home may be on a network disk, where another
 * machine's process ids say nothing.
 *
 * @param domain The tenant's, as `auth0Domain` has it.
 * @param kinds Where there are several, they are taken in a fixed order.
 * @throws ExpectedError `tenant-busy`, `state-not-writable`, `state-not-private`, or what the work throws.
 */
export async function withTenantLock<T>(
  domain: string,
  kinds: readonly TenantWork[],
  request: LockRequest,
  work: (told: LockedWork) => Promise<T>,
): Promise<T> {
  const { say = standardError.print } = request;
  const taken: Lock[] = [];
  let waited = false;
  const onHeld = (kind: TenantWork) => (holder: FoundLock) => {
    if (!request.wait) throw busy(domain, kind, holder);
    if (!waited) say(term`${waitingFor(domain, kind, holder)}`);
    waited = true;
  };
  try {
    for (const kind of lockOrder.filter((each) => kinds.includes(each))) {
      taken.push(await take(domain, kind, request, onHeld(kind)));
    }
    return await work({ waited });
  } finally {
    for (const lock of taken.reverse()) lock.release();
  }
}

/** The same for all commands, so that no two can wait for each other. */
const lockOrder: readonly TenantWork[] = ["deployment", "users", "blocks", "certificate"];

async function take(
  domain: string,
  kind: TenantWork,
  { command, env }: LockRequest,
  onHeld: (holder: FoundLock) => void,
): Promise<Lock> {
  const folder = privateStateFolder(env, "locks", encodeURIComponent(hostname()), encodeURIComponent(domain));
  const note: LockNote = { command, since: new Date().toISOString() };
  try {
    return await waitForLock(join(folder, kind), { note, onHeld });
  } catch (error) {
    const isOfSystem = error instanceof Error && !(error instanceof ExpectedError) && "code" in error;
    throw isOfSystem ? stateNotWritable(folder, error) : error;
  }
}

/** What a command says of itself in its lock. */
interface LockNote {
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

const changes: Readonly<Record<TenantWork, string>> = {
  blocks: "blocks of pictures",
  users: "users",
  deployment: "what is deployed",
  certificate: "what certify makes",
};

function waitingFor(domain: string, kind: TenantWork, holder: FoundLock): string {
  const refusal = kind === "deployment" ? "" : ", and with --no-wait there is none";
  return (
    `Waiting for ${described(holder)}, which changes ${changes[kind]} of ${domain}. ` +
    `This goes on as soon as it can. Ctrl-C ends the wait${refusal}.`
  );
}

function busy(domain: string, kind: TenantWork, holder: FoundLock): ExpectedError {
  const message =
    `Nothing was done: ${described(holder)} changes ${changes[kind]} of ${domain}. ` +
    `Run this again when it has ended. If that process is not one of these commands, remove ${holder.file}.`;
  return new ExpectedError("tenant-busy", message);
}

function described({ process, note }: FoundLock): string {
  const { command, since } = Object(note) as Partial<Record<keyof LockNote, unknown>>;
  const name = typeof command === "string" ? visible(command) : "another command";
  const start = typeof since === "string" ? `, since ${visible(since)}` : "";
  return `${name} (process ${process?.pid ?? "unknown"}${start})`;
}
