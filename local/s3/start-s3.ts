import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { get } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { pollUntil } from "../../lib/clock.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { newRunId, spawnMarked } from "../processes/marked-processes.ts";
import { startReaper } from "../processes/start-reaper.ts";

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
 * @throws ExpectedError `s3-missing` (no such executable), `port-in-use` or `s3-failed`.
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
      const taken = error instanceof ExpectedError && error.code === "port-in-use";
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

export interface S3Options {
  /** Path of the versitygw executable. */
  readonly versitygw: string;
  /** Folder that holds the buckets; made when missing. Its file system needs extended attributes. */
  readonly dataDir: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM files; the certificate is for localhost, and `caFile` vouches for it. */
  readonly certificates: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
  /** The server takes signatures for this region only. */
  readonly region?: string;
  /** The run that it belongs to; without one it gets a watcher of its own (startReaper). */
  readonly runId?: string;
}

/** What one server process needs. */
interface ServerSettings extends Pick<S3Options, "versitygw" | "certificates"> {
  readonly bucketsDir: string;
  readonly versionsDir: string;
  readonly port: number;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly runId: string;
}

interface LaunchedServer {
  readonly port: number;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const startLimitMs = 60_000;
const stopLimitMs = 3000;

/** Starts one server process and waits until it answers; errors as for startS3. */
async function launchServer(settings: ServerSettings): Promise<LaunchedServer> {
  const { port } = settings;
  // No other server on that port answers this path, so an answer is from this server.
  const healthPath = `/${randomBytes(12).toString("hex")}`;
  const ca = await readFile(settings.certificates.caFile);
  const child = spawnServer(settings, healthPath);
  const ended = outcome(child);
  let over: string | undefined;
  void ended.then((how) => (over = how));
  const url = `https://localhost:${port}${healthPath}`;
  const healthy = () => Promise.race([answersOk(url, ca), ended.then(() => false)]);
  const answered = await pollUntil(async () => over !== undefined || (await healthy()), {
    withinMs: startLimitMs,
  });
  if (over !== undefined) throw startFailure(settings, over);
  const stop = () => stopServer(child, ended);
  if (!answered) {
    await stop();
    throw startFailure(settings, `it did not answer within ${startLimitMs / 1000} s`);
  }
  return { port, ended, stop };
}

function spawnServer(settings: ServerSettings, healthPath: string): ChildProcess {
  const { certificates, port, region, runId } = settings;
  const network = ["--port", `127.0.0.1:${port}`, "--health", healthPath, "--keep-alive", "--quiet"];
  const tls = ["--cert", resolve(certificates.certFile), "--key", resolve(certificates.keyFile)];
  const backend = ["posix", "--versioning-dir", settings.versionsDir, settings.bucketsDir];
  return spawnMarked(settings.versitygw, [...network, ...tls, "--region", region, ...backend], {
    runId,
    // Nothing of the surroundings: they could hold settings of another versitygw. The keys go in here, since
    // everybody on the machine can read command lines.
    env: { ROOT_ACCESS_KEY: settings.accessKeyId, ROOT_SECRET_KEY: settings.secretAccessKey },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** How the process ended, with the last line that it wrote. Never rejects. */
function outcome(child: ChildProcess): Promise<string> {
  let lastLine = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastLine = text.trim().split("\n").at(-1) ?? lastLine;
  });
  return new Promise((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once("close", (code, signal) => {
      resolve(`it ended with ${signal ?? `status ${code ?? "?"}`}${lastLine === "" ? "" : `: ${lastLine}`}`);
    });
  });
}

async function stopServer(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill("SIGTERM");
  const deadline = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
  await ended;
  clearTimeout(deadline);
}

function startFailure({ versitygw, port }: ServerSettings, why: string): ExpectedError {
  if (why === "ENOENT" || why === "EACCES") {
    return new ExpectedError(
      "s3-missing",
      `There is no S3 server to run at ${versitygw} (${why}). Run \`npm run toolchain\`, then try again.`,
    );
  }
  if (why.includes("address already in use")) {
    return new ExpectedError(
      "port-in-use",
      `Port ${port} is in use, so the S3 server cannot listen there. Stop the program that uses it, or choose another port.`,
    );
  }
  return new ExpectedError("s3-failed", `The S3 server did not start: ${why}`);
}

/** Whether a GET of that https URL answers 200 at once, over TLS that `ca` (PEM) vouches for. */
function answersOk(url: string, ca: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { ca, agent: false, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}

/** A free port of the loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
