import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { projectRoot } from "../lib/project.ts";

/** What of a commit is wanted. */
export interface CommitRequest {
  /** As git takes it: a hash, a tag, a branch. */
  readonly named: string;
  /** A folder in the repository that is meant; by default this one. */
  readonly root?: string | undefined;
  /** By default all. */
  readonly folders?: readonly string[];
}

/** A commit's files, in a temporary folder. */
export interface CommitFolder {
  /** The full hash. */
  readonly commit: string;
  readonly folder: string;
  /** Aborted just before the folder is removed by a signal: what was started there must end at once. */
  readonly signal: AbortSignal;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Unpacks a commit into a new folder, which is removed afterwards, also where a signal ends this process meanwhile.
 *
 * @throws Error where there is no such commit, or it lacks one of the folders; or what `use` throws.
 */
export async function withCommitFolder<T>(
  { named, root = projectRoot, folders = [] }: CommitRequest,
  use: (commit: CommitFolder) => T | Promise<T>,
): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "user-pictures-commit-")));
  const stopping = new AbortController();
  const remove = (): void => {
    for (const signal of signals) process.off(signal, end);
    stopping.abort();
    // What is being killed may still write a file.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const end = (signal: NodeJS.Signals): void => {
    remove();
    // Now it ends this process as if there were no listener.
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, end);
  try {
    return await use({ commit: unpack(named, root, folders, folder), folder, signal: stopping.signal });
  } finally {
    // A signal that came while the process was busy is told now; once nobody listens, it would be lost.
    await nextTurn();
    remove();
  }
}

/** The full hash of what is named; undefined where the repository has no such commit. */
export function commitNamed(named: string, root = projectRoot): string | undefined {
  try {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${named}^{commit}`];
    return git(root, args).toString().trim();
  } catch {
    return undefined;
  }
}

function unpack(named: string, root: string, folders: readonly string[], folder: string): string {
  const commit = commitNamed(named, root);
  if (commit === undefined) throw new Error("There is no such commit here.");
  const archive = git(root, ["archive", "--format=tar", commit, ...folders]);
  execFileSync("tar", ["-x", "-C", folder], { input: archive, stdio: ["pipe", "ignore", "pipe"] });
  return commit;
}

function git(root: string, args: readonly string[]): Buffer {
  return execFileSync("git", args, { cwd: root, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 });
}
