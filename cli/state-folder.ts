import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { envVar, type Environment } from "../lib/environment.ts";
import { ExpectedError } from "../lib/errors.ts";

/**
 * Where these commands keep what they know on this machine: `$XDG_STATE_HOME/auth0-user-pictures`, by the XDG Base
 * Directory Specification, which has relative paths ignored.
 */
export function stateFolder(env: Environment): string {
  const named = envVar(env, "XDG_STATE_HOME");
  const home = named !== undefined && isAbsolute(named) ? named : join(homeFolder(), ".local", "state");
  return join(home, "auth0-user-pictures");
}

/** A container may run a command as a user whom its system does not know. */
function homeFolder(): string {
  try {
    return homedir();
  } catch (cause) {
    const message = "This user has no home folder. Set XDG_STATE_HOME to a folder that you can write to.";
    throw new ExpectedError("state-not-writable", message, { cause });
  }
}

/**
 * A folder in there which no other user of the machine can write to or look into; made where it is missing.
 *
 * @throws ExpectedError `state-not-writable`, or `state-not-private` where another user owns it.
 */
export function privateStateFolder(env: Environment, ...names: readonly string[]): string {
  const folder = join(stateFolder(env), ...names);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const status = lstatSync(folder);
    // Windows has no owners of this kind.
    const isOwn = process.getuid === undefined || status.uid === process.getuid();
    if (!status.isDirectory() || !isOwn) throw notPrivate(folder);
    if ((status.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return folder;
  } catch (cause) {
    throw cause instanceof ExpectedError ? cause : stateNotWritable(folder, cause);
  }
}

/** The error for a folder in there that cannot be made or written. */
export function stateNotWritable(folder: string, cause: unknown): ExpectedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${folder} cannot be written: ${why}. Make room there, or set XDG_STATE_HOME to a folder that you can write to.`;
  return new ExpectedError("state-not-writable", message, { cause });
}

function notPrivate(folder: string): ExpectedError {
  const message =
    `${folder} belongs to another user, or is a link, so that others could write there. Remove it, ` +
    "or set XDG_STATE_HOME to a folder of your own.";
  return new ExpectedError("state-not-private", message);
}
