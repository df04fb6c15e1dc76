import { mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { replaceFile } from "../../lib/durable-file.ts";
import type { Environment } from "../../lib/environment.ts";
import { sha256OfFile } from "../../lib/hash.ts";
import { ToolchainError, type Artifact, type Origin, type Progress } from "./artifact.ts";
import type { Archived, DownloadArchive } from "./download-archive.ts";
import { archiveUrl } from "./mirror.ts";

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
 * Gets one artifact by the first way that works, and puts it in place. It is prepared aside in the same file system and then
 * renamed, so that no process ever sees a half-written file.
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
        await checkFiles(prepared, filesOf(artifact, origin));
      } catch (error) {
        if (!(error instanceof ToolchainError)) throw error;
        failures.push(`${label}: ${error.message}`);
        if (origin !== "built") context.progress(`${artifact.title}: not ${origin}: ${error.message}`);
        continue;
      }
      await putInPlace(prepared, filesOf(artifact, origin), context.home);
      await writeStamp(context.home, artifact, origin);
      return { origin };
    }
    return { failures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function waysTo(artifact: Artifact, context: InstallContext): readonly Way[] {
  const build: Way = {
    origin: "built",
    label: "build from Go",
    prepare: (folder) => artifact.build({ ...context, folder }),
  };
  const { title, download } = artifact;
  return [
    download === undefined ? installation(artifact, context) : downloading({ title, download }, context),
    build,
  ];
}

function downloading(archived: Archived, { download, env, progress }: InstallContext): Way {
  return {
    origin: "downloaded",
    label: "download",
    prepare: async (folder) => {
      const { host } = new URL(archiveUrl(archived.download.url, env));
      progress(`Downloading ${archived.title} from ${host} ...`);
      await download(archived, folder);
    },
  };
}

function installation({ installer }: Artifact, context: InstallContext): Way {
  return {
    origin: "installed",
    label: installer?.command ?? "download",
    prepare: async (folder) => {
      if (installer === undefined) {
        const platform = `${process.platform}-${process.arch}`;
        const why = `no checksum for ${platform} in local/toolchain/pins.ts`;
        throw new ToolchainError("DOWNLOAD_FAILED", why);
      }
      await installer.install({ ...context, folder });
    },
  };
}

/** The built files may be others than the official ones. */
function filesOf({ files, download }: Artifact, origin: Origin): readonly string[] {
  return origin === "downloaded" && download !== undefined ? Object.keys(download.entries) : files;
}

async function checkFiles(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const found = await stat(join(folder, file)).catch(() => undefined);
    if (found === undefined || !found.isFile() || found.size === 0) {
      throw new ToolchainError("BUILD_FAILED", `it came without ${file}`);
    }
  }
}

async function putInPlace(prepared: string, files: readonly string[], home: string): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(home, file)), { recursive: true });
    await rename(join(prepared, file), join(home, file));
  }
}

/** What one installed file looked like when it was complete. */
interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

interface Stamp {
  readonly origin: Origin;
  /** By path relative to the toolchain's home. */
  readonly files: Readonly<Record<string, FileStamp>>;
}

/** Records that the artifact's files in `home` are complete. Called last, so that its absence means "not so". */
async function writeStamp(home: string, artifact: Artifact, origin: Origin): Promise<void> {
  const files: Record<string, FileStamp> = {};
  for (const file of filesOf(artifact, origin)) {
    const { size, mtimeMs } = await stat(join(home, file));
    files[file] = { size, mtimeMs, sha256: await sha256OfFile(join(home, file)) };
  }
  const path = stampPath(home, artifact);
  await mkdir(join(home, "stamps"), { recursive: true });
  await replaceFile(path, `${JSON.stringify({ origin, files } satisfies Stamp, null, 2)}\n`);
}

/** How the artifact came here, or undefined when it is not here or any of its files is not what was installed. */
export async function installedOrigin(home: string, artifact: Artifact): Promise<Origin | undefined> {
  const stamp = await readStamp(stampPath(home, artifact));
  if (stamp === undefined) return undefined;
  for (const file of filesOf(artifact, stamp.origin)) {
    const expected = stamp.files[file];
    if (expected === undefined || !(await isIntact(join(home, file), expected))) return undefined;
  }
  return stamp.origin;
}

async function isIntact(path: string, expected: FileStamp): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size !== expected.size || (found.mode & 0o100) === 0) return false;
  // Reading 300 MB at every start is not worth it; a copied cache has other times and is read.
  return found.mtimeMs === expected.mtimeMs || (await sha256OfFile(path)) === expected.sha256;
}

async function readStamp(path: string): Promise<Stamp | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isStamp(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isStamp(value: unknown): value is Stamp {
  if (!isRecord(value) || !isRecord(value["files"])) return false;
  if (!["downloaded", "installed", "built"].includes(String(value["origin"]))) return false;
  return Object.values(value["files"]).every(isFileStamp);
}

function isFileStamp(value: unknown): value is FileStamp {
  return (
    isRecord(value) &&
    typeof value["size"] === "number" &&
    typeof value["mtimeMs"] === "number" &&
    typeof value["sha256"] === "string"
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function stampPath(home: string, artifact: Artifact): string {
  return join(home, "stamps", `${artifact.id}.json`);
}
