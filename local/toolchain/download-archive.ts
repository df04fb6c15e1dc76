import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../../lib/environment.ts";
import { ToolchainError, type Download } from "./artifact.ts";

/** Puts the files of an archive into a folder. Throws DOWNLOAD_FAILED or CHECKSUM_MISMATCH. */
export type DownloadArchive = (download: Download, folder: string) => Promise<void>;

/** All in milliseconds. */
export interface DownloadTimeouts {
  /** Until connected, the TLS handshake included. */
  readonly connect: number;
  /** Longest silence of a connected server. */
  readonly silence: number;
}

/**
 * Returns a downloader for one run: a host that could not be used once is not tried again. Goes through the
 * proxy of HTTPS_PROXY and its relatives where the environment names one.
 */
export function createDownloader(
  env: Environment,
  timeouts: DownloadTimeouts = { connect: 3000, silence: 20_000 },
): DownloadArchive {
  const failures = new Map<string, string>();
  return async (download, folder) => {
    const { host } = new URL(download.url);
    const earlier = failures.get(host);
    if (earlier !== undefined) throw new ToolchainError("DOWNLOAD_FAILED", earlier);
    const archive = join(folder, "archive.tar.gz");
    try {
      const sha256 = await fetchFile(download.url, archive, env, timeouts);
      if (sha256 !== download.sha256) throw mismatch(download, sha256);
    } catch (cause) {
      if (cause instanceof ToolchainError) throw cause;
      const message = `${host} could not be reached (${reason(cause)})`;
      failures.set(host, message);
      throw new ToolchainError("DOWNLOAD_FAILED", message, { cause });
    }
    await unpack(archive, download, folder);
  };
}

/** Returns the content's SHA-256. */
async function fetchFile(
  url: string,
  path: string,
  env: Environment,
  timeouts: DownloadTimeouts,
): Promise<string> {
  // Loaded only here: a run that finds everything in place has no use for it.
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: env["http_proxy"] ?? env["HTTP_PROXY"] ?? "",
    httpsProxy: env["https_proxy"] ?? env["HTTPS_PROXY"] ?? "",
    noProxy: env["no_proxy"] ?? env["NO_PROXY"] ?? "",
    connect: { timeout: timeouts.connect },
    headersTimeout: timeouts.silence,
    bodyTimeout: timeouts.silence,
  });
  const file = await open(path, "w");
  try {
    const response = await fetch(url, { dispatcher });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new ToolchainError("DOWNLOAD_FAILED", `${url} answered ${response.status}`);
    }
    const hash = createHash("sha256");
    for await (const chunk of response.body) {
      hash.update(chunk as Uint8Array);
      await file.appendFile(chunk as Uint8Array);
    }
    return hash.digest("hex");
  } finally {
    await file.close();
    await dispatcher.destroy();
  }
}

function mismatch(download: Download, found: string): ToolchainError {
  return new ToolchainError(
    "CHECKSUM_MISMATCH",
    `${download.url} is not the file that is pinned: its SHA-256 is ${found}, not ${download.sha256}`,
  );
}

/** What went wrong at the bottom: fetch itself only says "fetch failed". */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reason(error.cause) : error.message;
}

async function unpack(archive: string, download: Download, folder: string): Promise<void> {
  const unpacked = join(folder, "unpacked");
  await mkdir(unpacked);
  try {
    const members = new Set(Object.values(download.entries));
    await promisify(execFile)("tar", ["-xzo", "-f", archive, "-C", unpacked, ...members]);
  } catch (cause) {
    throw new ToolchainError("DOWNLOAD_FAILED", `${download.url} could not be unpacked by \`tar\``, {
      cause,
    });
  }
  for (const [file, member] of Object.entries(download.entries)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(unpacked, member), join(folder, file));
    await chmod(join(folder, file), 0o755);
  }
}
