import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { LocalError } from "../processes/local-error.ts";
import { pollUntil } from "../processes/poll-until.ts";
import { spawnMarked } from "../processes/spawn-marked.ts";
import { answersOk } from "./answers-ok.ts";
import type { S3Options } from "./s3-options.ts";

/** What one server process needs. */
export interface ServerSettings extends Pick<S3Options, "versitygw" | "certificates"> {
  readonly bucketsDir: string;
  readonly versionsDir: string;
  readonly port: number;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly runId: string;
}

export interface LaunchedServer {
  readonly port: number;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const startLimitMs = 60_000;
const stopLimitMs = 3000;

/** Starts one server process and waits until it answers; errors as for startS3. */
export async function launchServer(settings: ServerSettings): Promise<LaunchedServer> {
  const { port } = settings;
  // Nobody else's server on that port answers this path, so an answer is this server's.
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

function startFailure({ versitygw, port }: ServerSettings, why: string): LocalError {
  if (why === "ENOENT" || why === "EACCES") {
    return new LocalError(
      "s3-missing",
      `There is no S3 server to run at ${versitygw} (${why}). Run \`npm run toolchain\`, then try again.`,
    );
  }
  if (why.includes("address already in use")) {
    return new LocalError(
      "port-in-use",
      `Port ${port} is in use, so the S3 server cannot listen there. End the program that has it, or choose another port.`,
    );
  }
  return new LocalError("s3-failed", `The S3 server did not start: ${why}`);
}
