import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LocalError } from "../processes/local-error.ts";
import { newRunId } from "../processes/run-mark.ts";
import { startReaper } from "../processes/start-reaper.ts";
import { freePort } from "./free-port.ts";
import { launchServer, type LaunchedServer, type ServerSettings } from "./launch-server.ts";
import type { S3Options } from "./s3-options.ts";

export interface S3Server {
  /** `https://localhost:PORT`, path-style. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Resolves when the server has ended, to how; before stop() that is a crash. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** The server notes it as the owner of buckets and objects, so it stays the same when the data is used again. */
const accessKeyId = "LOCALUSERPICTURES";
const defaultRegion = "eu-central-1";

/**
 * Starts an S3 server (versitygw, posix backend, TLS) on the loopback address and waits until it answers.
 * Buckets and objects in `dataDir` outlive it; its secret key does not.
 *
 * @throws LocalError `s3-missing` (no such executable), `port-in-use` or `s3-failed`.
 */
export async function startS3(options: S3Options): Promise<S3Server> {
  const region = options.region ?? defaultRegion;
  const secretAccessKey = randomBytes(30).toString("base64url");
  const folders = await dataFolders(options.dataDir);
  const runId = options.runId ?? newRunId();
  const reaper = options.runId === undefined ? await startReaper(runId) : undefined;

  try {
    const server = await launchOn(options.port, {
      ...options,
      ...folders,
      runId,
      region,
      accessKeyId,
      secretAccessKey,
    });
    const stop = async () => {
      await server.stop();
      await reaper?.stop();
    };
    const endpoint = `https://localhost:${server.port}`;
    return { endpoint, region, accessKeyId, secretAccessKey, ended: server.ended, stop };
  } catch (error) {
    await reaper?.stop();
    throw error;
  }
}

/** A free port may be taken by another process before the server takes it: then the next one is tried. */
async function launchOn(port: number, settings: Omit<ServerSettings, "port">): Promise<LaunchedServer> {
  if (port !== 0) return launchServer({ ...settings, port });
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchServer({ ...settings, port: await freePort() });
    } catch (error) {
      const taken = error instanceof LocalError && error.code === "port-in-use";
      if (!taken || attempt === 3) throw error;
    }
  }
}

async function dataFolders(dataDir: string): Promise<{ bucketsDir: string; versionsDir: string }> {
  // The server wants absolute paths: it changes into the folder of the buckets.
  const bucketsDir = join(resolve(dataDir), "buckets");
  const versionsDir = join(resolve(dataDir), "versions");
  await mkdir(bucketsDir, { recursive: true });
  await mkdir(versionsDir, { recursive: true });
  return { bucketsDir, versionsDir };
}
