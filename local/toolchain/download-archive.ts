import { execFile } from "node:child_process";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../../lib/environment.ts";
import { sha256OfFile } from "../../lib/hash.ts";
import { ToolchainError, type Artifact, type Download, type Progress } from "./artifact.ts";
import { downloadFile, megabytes, UnreachableError, type DownloadLimits } from "./download-file.ts";
import { archiveUrl } from "./mirror.ts";
import { elapsed } from "./run-supervised.ts";

/** Puts the files of an artifact's archive into a folder. Throws DOWNLOAD_FAILED or CHECKSUM_MISMATCH. */
export type DownloadArchive = (artifact: Archived, folder: string) => Promise<void>;

/** What of an artifact a download needs. */
export type Archived = Pick<Artifact, "title"> & { readonly download: Download };

export interface DownloaderOptions {
  readonly env: Environment;
  /** Where what arrived of an archive waits for the rest, also for that of another run. Made when it is not there. */
  readonly parts: string;
  readonly progress: Progress;
  readonly limits?: DownloadLimits;
}

const defaultLimits: DownloadLimits = {
  connect: 10_000,
  silence: 30_000,
  pauses: [500, 1000, 2000, 4000, 8000],
};

const progressInterval = 3000;

/** Returns a downloader for one run: a host that could not be reached once is not asked again. */
export function createDownloader(options: DownloaderOptions): DownloadArchive {
  const unreachable = new Map<string, UnreachableError>();
  return async ({ title, download }, folder) => {
    const url = archiveUrl(download.url, options.env);
    const { host } = new URL(url);
    const earlier = unreachable.get(host);
    if (earlier !== undefined) throw earlier;
    const part = join(options.parts, `${download.sha256}.part`);
    try {
      await mkdir(options.parts, { recursive: true });
      await fetchPinned({ title, url, part, sha256: download.sha256 }, options);
    } catch (error) {
      if (error instanceof UnreachableError) unreachable.set(host, error);
      throw error;
    }
    await unpack(part, url, download.entries, folder);
    await rm(part);
  };
}

interface PinnedFile {
  readonly title: string;
  readonly url: string;
  readonly part: string;
  readonly sha256: string;
}

async function fetchPinned(file: PinnedFile, options: DownloaderOptions): Promise<void> {
  const { part, sha256 } = file;
  if ((await hashIfThere(part)) === sha256) return;
  const { isPatched } = await fetchShowing(file, options);
  let found = await sha256OfFile(part);
  if (found !== sha256 && isPatched) {
    // Its pieces may be of different files, or an earlier run left something else: one try from the beginning.
    await rm(part);
    await fetchShowing(file, options);
    found = await sha256OfFile(part);
  }
  if (found === sha256) return;
  await rm(part);
  throw new ToolchainError(
    "CHECKSUM_MISMATCH",
    `${file.url} is not the file that is pinned: its SHA-256 is ${found}, not ${sha256}. ` +
      "Either what is there was replaced, or something on the way answers in its place, such as a network's login page.",
  );
}

async function hashIfThere(file: string): Promise<string | undefined> {
  return sha256OfFile(file).catch(() => undefined);
}

async function fetchShowing(
  { title, url, part }: PinnedFile,
  { env, progress, limits = defaultLimits }: DownloaderOptions,
): Promise<{ readonly isPatched: boolean }> {
  let arrived = "";
  let bytes = 0;
  const started = Date.now();
  const ticker = setInterval(() => {
    if (arrived !== "") progress(`... ${title}: ${arrived}`);
  }, progressInterval);
  try {
    const result = await downloadFile(url, part, {
      env,
      limits,
      onBytes: (count, total) => {
        bytes = count;
        arrived = total === undefined ? megabytes(count) : `${megabytes(count)} of ${megabytes(total)}`;
      },
      onBreak: (why) =>
        progress(`... ${title}: ${why}; trying again${arrived === "" ? "" : ` at ${arrived}`}`),
    });
    progress(`Downloaded ${title} (${megabytes(bytes)} in ${elapsed(started)})`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

async function unpack(
  archive: string,
  url: string,
  entries: Download["entries"],
  folder: string,
): Promise<void> {
  const unpacked = join(folder, "unpacked");
  await mkdir(unpacked);
  try {
    await promisify(execFile)("tar", ["-xzo", "-f", archive, "-C", unpacked, ...Object.values(entries)]);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.trim().split("\n").at(-1) : "";
    throw new ToolchainError("DOWNLOAD_FAILED", `${url} could not be unpacked by \`tar\`: ${why}`, { cause });
  }
  for (const [file, member] of Object.entries(entries)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await rename(join(unpacked, member), join(folder, file));
    await chmod(join(folder, file), 0o755);
  }
}
