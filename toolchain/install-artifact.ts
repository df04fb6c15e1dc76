import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Artifact, Environment, Origin, Progress } from "./artifact.ts";
import type { DownloadArchive } from "./download-archive.ts";
import { writeStamp } from "./stamp.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** Starts the names of the folders in which artifacts are prepared. */
export const preparationPrefix = "preparing-";

/** What installing one artifact needs. */
export interface InstallContext {
  readonly home: string;
  readonly env: Environment;
  readonly progress: Progress;
  readonly download: DownloadArchive;
}

/** Either how the artifact was got, or why none of the ways led to it (for people, one text a way). */
export type InstallResult = { readonly origin: Origin } | { readonly failures: readonly string[] };

interface Way {
  readonly origin: Origin;
  readonly label: string;
  readonly prepare: (folder: string) => Promise<void>;
}

/**
 * Gets one artifact, by download where its checksum is pinned and else by building it, and puts it in place. It
 * is prepared aside in the same file system and then renamed, so that nobody ever sees a half-written file.
 */
export async function installArtifact(artifact: Artifact, context: InstallContext): Promise<InstallResult> {
  const folder = await mkdtemp(join(context.home, preparationPrefix));
  const failures: string[] = [];
  try {
    for (const { origin, label, prepare } of waysTo(artifact, context)) {
      const prepared = join(folder, origin);
      await mkdir(prepared);
      try {
        await prepare(prepared);
        await checkFiles(prepared, artifact);
      } catch (error) {
        if (!(error instanceof ToolchainError)) throw error;
        failures.push(`${label}: ${error.message}`);
        continue;
      }
      await putInPlace(prepared, artifact, context.home);
      await writeStamp(context.home, artifact, origin);
      return { origin };
    }
    return { failures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function waysTo(artifact: Artifact, { download, env, progress }: InstallContext): readonly Way[] {
  return [
    {
      origin: "downloaded",
      label: "download",
      prepare: async (folder) => {
        if (artifact.download === undefined) {
          const platform = `${process.platform}-${process.arch}`;
          throw new ToolchainError("DOWNLOAD_FAILED", `no checksum for ${platform} in toolchain/pins.ts`);
        }
        progress(`Downloading ${artifact.title} from ${new URL(artifact.download.url).host} ...`);
        await download(artifact.download, folder).catch((error: unknown) => {
          if (error instanceof ToolchainError) progress(`Not downloaded: ${error.message}`);
          throw error;
        });
      },
    },
    {
      origin: "built",
      label: "build from Go",
      prepare: (folder) => artifact.build({ folder, env, progress }),
    },
  ];
}

async function checkFiles(folder: string, artifact: Artifact): Promise<void> {
  for (const file of artifact.files) {
    const found = await stat(join(folder, file)).catch(() => undefined);
    if (found === undefined || !found.isFile() || found.size === 0) {
      throw new ToolchainError("BUILD_FAILED", `it came without ${file}`);
    }
  }
}

async function putInPlace(prepared: string, artifact: Artifact, home: string): Promise<void> {
  for (const file of artifact.files) {
    await mkdir(dirname(join(home, file)), { recursive: true });
    await rename(join(prepared, file), join(home, file));
  }
}
