import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, relative } from "node:path";
import type { Environment } from "../../lib/environment.ts";
import { ToolchainError, type Progress } from "./artifact.ts";
import { pulumiArtifact, toolchainArtifacts } from "./artifacts.ts";
import { installedOrigin } from "./install-artifact.ts";
import { installToolchain, type InstalledArtifact } from "./install-toolchain.ts";
import { findOwnPulumi, type OwnPulumi } from "./own-pulumi.ts";
import { isPlatform, versions, type Platform } from "./pins.ts";

/** For whom to install. */
export interface EnsureToolchainOptions {
  /** Says where the cache is, which Go and which proxy to use. Default: this process's. */
  readonly env?: Environment;
  /** Told what takes time, and which Pulumi of the user's is used; hears nothing when everything is in place. */
  readonly progress: Progress;
  /** Whether the user's own Pulumi may stand in for the pinned one where that is not in place. Default: false. */
  readonly mayUseOwnPulumi?: boolean;
}

/** A toolchain that is in place. */
export interface EnsuredToolchain extends ToolchainPaths {
  readonly installed: readonly InstalledArtifact[];
  /** Missing where `pulumi` is the pinned one. */
  readonly ownPulumi?: OwnPulumi;
}

/**
 * Makes the toolchain available: what is missing is downloaded or built, once for all clones. Throws a ToolchainError with code
 * TOOLCHAIN_INCOMPLETE, TOOLCHAIN_MIRROR or TOOLCHAIN_PLATFORM.
 */
export async function ensureToolchain(options: EnsureToolchainOptions): Promise<EnsuredToolchain> {
  const { env = process.env, progress, mayUseOwnPulumi = false } = options;
  const platform = currentPlatform();
  const paths = toolchainPaths(env);
  const { home } = paths;
  const pinned = pulumiArtifact(platform);
  const needsPulumi = mayUseOwnPulumi && (await installedOrigin(home, pinned)) === undefined;
  const search = { env, pinned: versions.pulumi, ours: dirname(home), progress };
  const ownPulumi = needsPulumi ? await findOwnPulumi(search) : undefined;
  const pulumi = ownPulumi?.path ?? paths.pulumi;
  const all = toolchainArtifacts(platform, pulumi);
  if (ownPulumi === undefined) {
    return { ...paths, installed: await installToolchain({ home, artifacts: all, env, progress }) };
  }
  progress(
    `Using your own Pulumi ${ownPulumi.version}, ${pulumi}, with a PULUMI_HOME of ours (--pinned: not).`,
  );
  const artifacts = all.filter(({ id }) => id !== pinned.id);
  return {
    ...paths,
    pulumi,
    ownPulumi,
    installed: await installToolchain({ home, artifacts, env, progress }),
  };
}

/** Throws TOOLCHAIN_PLATFORM where this is none of those that the pins are for. */
export function currentPlatform(): Platform {
  const platform = `${process.platform}-${process.arch}`;
  if (isPlatform(platform)) return platform;
  throw new ToolchainError(
    "TOOLCHAIN_PLATFORM",
    `There is no toolchain for ${platform}: use Linux or macOS on x64 or arm64 (on Windows: WSL).`,
  );
}

/** Absolute paths into one toolchain; nothing says that they exist (see `ensureToolchain`). */
export interface ToolchainPaths {
  /** Usable as PULUMI_HOME: holds `bin/` and `plugins/`. */
  readonly home: string;
  /** To be first in PATH: the pinned `pulumi` and its language host find each other there. */
  readonly binDir: string;
  readonly pulumi: string;
  readonly versitygw: string;
}

/**
 * Where the toolchain of this version of the project belongs: a folder in the user's cache (`XDG_CACHE_HOME`, or
 * `~/.cache`), named by what it is built from. Clones at the same version share it. Writes nothing.
 */
export function toolchainPaths(env: Environment = process.env): ToolchainPaths {
  const home = join(cacheFolder(env), "auth0-user-pictures", `toolchain-${toolchainKey()}`);
  const binDir = join(home, "bin");
  return { home, binDir, pulumi: join(binDir, "pulumi"), versitygw: join(binDir, "versitygw") };
}

function cacheFolder(env: Environment): string {
  const configured = env["XDG_CACHE_HOME"];
  // The XDG specification: a relative path is invalid and is to be ignored.
  if (configured !== undefined && isAbsolute(configured)) return configured;
  return join(env["HOME"] ?? homedir(), ".cache");
}

function toolchainKey(): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify({ versions, platform: process.platform, arch: process.arch }));
  for (const file of buildInputs()) {
    hash.update(`\0${relative(__dirname, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Not whatever else lies there: an editor's or a build's left-overs must not start a build of minutes. */
function buildInputs(): string[] {
  const goFiles = readdirSync(join(__dirname, "go"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:go|mod|sum)$/.test(name))
    .map((name) => join(__dirname, "go", name))
    .sort();
  const launchers = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
  return [...goFiles, ...launchers.map((name) => join(__dirname, "launcher", name))];
}
