import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleSources } from "../../infra/bundle-sources.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { projectRoot } from "../../infra/project-root.ts";

export interface CommitSources {
  /** The full hash of the commit. */
  readonly commit: string;
  /** By the Action's name: as its header says it. */
  readonly hashes: Readonly<Record<string, string>>;
}

/**
 * The source hashes of the Actions at a commit. Its sources are unpacked into a temporary folder, since esbuild must
 * say which files go in.
 *
 * @param root A folder in the repository whose sources are meant.
 * @throws ExpectedError `commit-unusable`.
 */
export function commitSources(named: string, root = projectRoot): CommitSources {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "user-pictures-commit-")));
  try {
    const commit = git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${named}^{commit}`])
      .toString()
      .trim();
    const archive = git(root, ["archive", "--format=tar", commit, "actions", "policy"]);
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    const sources = bundleSources(folder);
    return {
      commit,
      hashes: Object.fromEntries(sources.map(({ name, sourceHash }) => [name, sourceHash])),
    };
  } catch (cause) {
    const message =
      `${named} cannot be used: it must be a commit of this repository whose actions/ and policy/ hold all Actions. ` +
      "Name versions by their numbers where git is not there: pictures rollback ACTION --to NUMBER.";
    throw new ExpectedError("commit-unusable", message, { cause });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function git(root: string, args: readonly string[]): Buffer {
  return execFileSync("git", args, { cwd: root, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 });
}
