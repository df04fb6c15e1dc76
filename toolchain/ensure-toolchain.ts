import type { Environment, Progress } from "./artifact.ts";
import { toolchainArtifacts } from "./artifacts.ts";
import { type InstalledArtifact, installToolchain } from "./install-toolchain.ts";
import { isPlatform } from "./pins.ts";
import { ToolchainError } from "./toolchain-error.ts";
import { toolchainPaths, type ToolchainPaths } from "./toolchain-paths.ts";

/** For whom to install. */
export interface EnsureToolchainOptions {
  /** Says where the cache is, which Go and which proxy to use. Default: this process's. */
  readonly env?: Environment;
  /** Told what takes time; hears nothing when everything is in place. */
  readonly progress: Progress;
}

/** A toolchain that is in place. */
export interface EnsuredToolchain extends ToolchainPaths {
  readonly installed: readonly InstalledArtifact[];
}

/**
 * Makes the toolchain available: what is missing is downloaded or built, which takes minutes once and is shared
 * by all clones. Throws a ToolchainError with code TOOLCHAIN_INCOMPLETE or TOOLCHAIN_PLATFORM.
 */
export async function ensureToolchain(options: EnsureToolchainOptions): Promise<EnsuredToolchain> {
  const { env = process.env, progress } = options;
  const platform = `${process.platform}-${process.arch}`;
  if (!isPlatform(platform)) {
    throw new ToolchainError(
      "TOOLCHAIN_PLATFORM",
      `There is no toolchain for ${platform}: use Linux or macOS on x64 or arm64 (on Windows: WSL).`,
    );
  }
  const paths = toolchainPaths(env);
  const artifacts = toolchainArtifacts(platform);
  return { ...paths, installed: await installToolchain({ home: paths.home, artifacts, env, progress }) };
}
