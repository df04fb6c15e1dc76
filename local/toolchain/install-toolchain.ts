import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../../lib/environment.ts";
import { ToolchainError, type Artifact, type Origin, type Progress } from "./artifact.ts";
import { createDownloader, type DownloadArchive } from "./download-archive.ts";
import {
  installArtifact,
  installedOrigin,
  preparationPrefix,
  type InstallContext,
} from "./install-artifact.ts";
import { withInstallLock, type LockTimes } from "./install-lock.ts";
import { archiveUrl, mirrorOf, mirrorVariable } from "./mirror.ts";
import { versions } from "./pins.ts";

/** What an installation works on. */
export interface InstallOptions {
  /** The toolchain's folder; made when it is not there. */
  readonly home: string;
  readonly artifacts: readonly Artifact[];
  readonly env: Environment;
  readonly progress: Progress;
  /** Default: the real one, with the environment's proxy. */
  readonly download?: DownloadArchive;
  readonly lockTimes?: LockTimes;
}

/** One artifact that is in place now. */
export interface InstalledArtifact {
  readonly artifact: Artifact;
  readonly origin: Origin;
  /** False when it was there before. */
  readonly isNew: boolean;
}

/** A preparation folder that old belongs to no running installation any more. */
const abandonedAfter = 60 * 60 * 1000;

/**
 * Makes all artifacts available. What is there and intact stays untouched, without any network access or lock.
 * Throws TOOLCHAIN_INCOMPLETE when some could not be had; the others are installed nevertheless.
 */
export async function installToolchain(options: InstallOptions): Promise<readonly InstalledArtifact[]> {
  const { home, artifacts, env, progress } = options;
  const present = await Promise.all(artifacts.map((artifact) => lookUp(home, artifact)));
  if (present.every((found) => found !== undefined)) return present;

  await mkdir(home, { recursive: true });
  // One that cannot be used is a mistake to correct, not a reason to build for minutes.
  mirrorOf(env);
  const parts = join(home, "downloads");
  const install = async (): Promise<readonly InstalledArtifact[]> => {
    await removeAbandoned(home);
    const download = options.download ?? createDownloader({ env, parts, progress });
    const installed = await installMissing(artifacts, { home, env, progress, download });
    // Nothing is missing any more, in whichever way it came.
    await rm(parts, { recursive: true, force: true });
    return installed;
  };
  return withInstallLock(join(home, "install.lock"), progress, install, options.lockTimes);
}

async function installMissing(
  artifacts: readonly Artifact[],
  context: InstallContext,
): Promise<readonly InstalledArtifact[]> {
  const installed: InstalledArtifact[] = [];
  const failed: FailedArtifact[] = [];
  // One after the other: a single `go build` keeps all cores busy and takes gigabytes of memory.
  for (const artifact of artifacts) {
    const found = await lookUp(context.home, artifact);
    if (found !== undefined) {
      installed.push(found);
      continue;
    }
    const result = await installArtifact(artifact, context);
    if ("origin" in result) installed.push({ artifact, origin: result.origin, isNew: true });
    else failed.push({ artifact, failures: result.failures });
  }
  if (failed.length > 0)
    throw new ToolchainError("TOOLCHAIN_INCOMPLETE", describeFailures(failed, context.env));
  return installed;
}

async function lookUp(home: string, artifact: Artifact): Promise<InstalledArtifact | undefined> {
  const origin = await installedOrigin(home, artifact);
  return origin === undefined ? undefined : { artifact, origin, isNew: false };
}

/** Removes what installations that were killed left behind. */
export async function removeAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(preparationPrefix)) continue;
    const folder = join(home, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > abandonedAfter) await rm(folder, { recursive: true, force: true });
  }
}

/** An artifact that could not be had, and why each way failed. */
interface FailedArtifact {
  readonly artifact: Artifact;
  readonly failures: readonly string[];
}

/** The one message for people: what is missing, why, and what to do about it. */
function describeFailures(failed: readonly FailedArtifact[], env: Environment): string {
  return [
    "The toolchain is incomplete. Missing:",
    ...failed.flatMap(({ artifact, failures }) => [
      `  ${artifact.title}`,
      ...failures.map((failure) => `      ${failure}`),
    ]),
    "Do one of these, then run the command again; what is there already is kept:",
    ...downloadAdvice(failed, env),
    `  - install Go ${versions.go} or newer (https://go.dev/dl/) and make sure that its module proxy can be reached: ` +
      "everything that is missing is then built from source, in some minutes.",
  ].join("\n");
}

function downloadAdvice(failed: readonly FailedArtifact[], env: Environment): string[] {
  const mirror = mirrorOf(env);
  const hosts = [...new Set(failed.flatMap(({ artifact }) => hostsOf(artifact, env)))];
  if (hosts.length === 0) return [];
  if (mirror !== undefined) {
    return [
      `  - make sure that ${mirror} can be reached and has the archives under their own names: docs/toolchain.md lists them;`,
    ];
  }
  return [
    `  - let this machine reach ${hosts.join(" and ")} for the download; behind a proxy set HTTPS_PROXY, and ` +
      "NODE_EXTRA_CA_CERTS if it has a certificate authority of its own;",
    `  - copy the archives to a server that this machine can reach, and set ${mirrorVariable}: docs/toolchain.md;`,
  ];
}

function hostsOf({ download, installer }: Artifact, env: Environment): readonly string[] {
  return download === undefined ? (installer?.hosts ?? []) : [new URL(archiveUrl(download.url, env)).host];
}
