import { once } from "node:events";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { callerFolder } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { below, term, type TerminalText } from "../../lib/terminal-text.ts";
import { formatTable } from "../../lib/terminal.ts";
import { fillWorld } from "./fill-world.ts";
import { ownFolder, writeRunFile, type RunFile } from "./local-folder.ts";
import { startLocalWorld, type LocalWorld } from "./local-world.ts";
import { isAsDecided, type LoginRow } from "./log-in-users.ts";

export interface StartDependencies {
  readonly print: (text: TerminalText) => void;
  /** Aborted when the run is to end. */
  readonly stopping: AbortSignal;
}

/** The exit code of a run that was told to end before it was done, as a shell gives it for Ctrl-C. */
export const interrupted = 130;

/**
 * Starts everything, deploys stack `local`, logs every seeded user in and shows their pictures.
 *
 * @returns The exit code: 0 where each picture is the one that the policy says.
 */
export async function runStart(
  options: StartOptions,
  { print, stopping }: StartDependencies,
): Promise<number> {
  const isEnding = () => stopping.aborted;
  if (isEnding()) return interrupted;
  const { port, folder, pinned } = options;
  const parts = {
    root: folder,
    tenantPort: port,
    s3Port: port + 1000,
    progress: (line: string) => print(term`${line}`),
    mayUseOwnPulumi: !pinned,
  };
  const world = await startLocalWorld(parts).catch(namingTheOption);
  const stop = onceOnly(world.stop);
  // Also in the middle of a deployment: what is under way then fails, and that failure is not news.
  stopping.addEventListener("abort", () => void stop(), { once: true });
  try {
    if (isEnding()) return interrupted;
    const weakness = world.tenant.sandboxWeakness();
    if (weakness !== undefined) print(term`${weakness}`);
    const rows = await deployAndLogIn(world, print);
    if (!options.exit && !isEnding()) {
      print(
        term`\nOpen https://${world.tenant.domain}/ (your browser will warn about its certificate). Ctrl-C stops.`,
      );
      await once(stopping, "abort");
    }
    return rows.every(isAsDecided) ? 0 : 1;
  } catch (error) {
    if (isEnding()) return interrupted;
    throw error;
  } finally {
    await stop();
  }
}

function onceOnly(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}

/** Everything that `npm start` does with a world that runs. */
async function deployAndLogIn(world: LocalWorld, print: (text: TerminalText) => void): Promise<LoginRow[]> {
  print(term`Deploying stack local to the tenant ${world.tenant.domain} with Pulumi ...`);
  const rows = await fillWorld(world);
  await writeRunFile(world.folder.runFile, runFileOf(world));
  print(below(term``, describe(rows)));
  return rows;
}

function runFileOf({ tenant, s3, caFile }: LocalWorld): RunFile {
  const { domain, clientId, clientSecret } = tenant;
  const { endpoint, region, accessKeyId, secretAccessKey, bucket } = s3;
  return {
    page: `https://${domain}/`,
    tenant: { domain, caFile, clientId, clientSecret },
    s3: { endpoint, region, accessKeyId, secretAccessKey, bucket },
  };
}

function describe(rows: readonly LoginRow[]): TerminalText {
  const cells = rows.map((row) => [
    row.userId,
    row.root ?? "(none)",
    typeof row.shown === "string" ? row.shown : "(none)",
    isAsDecided(row) ? row.reason : `${row.reason}, but expected ${row.expected ?? "(none)"}`,
  ]);
  return formatTable(["user", "root picture", "picture shown", "reason"], cells);
}

/** The S3 server's port follows from the tenant's: the user did not choose it, so its number by itself does not help. */
function namingTheOption(error: unknown): never {
  if (!(error instanceof ExpectedError) || error.code !== "port-in-use") throw error;
  const hint = "The S3 server uses the port 1000 above --port, so another --port changes both.";
  throw new ExpectedError(error.code, `${error.message} ${hint}`, { cause: error });
}

interface StartOptions {
  /** Where the local world's files live. */
  readonly folder: string;
  /** The tenant's port; the S3 server uses the one 1,000 above. */
  readonly port: number;
  /** Stop after the table. */
  readonly exit: boolean;
  /** Use the pinned Pulumi only. */
  readonly pinned: boolean;
}

/** Fixed, since the addresses are part of the Actions' code and of what a browser remembers. */
const defaultPort = 8443;

const usage = "npm start -- [--port N] [--exit] [--pinned] [--folder DIR]";

/** Whether only the help text is requested. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/** What each option does, for people. */
export const help = `Usage: ${usage}

Runs the whole system on this machine: an Auth0 tenant, S3 and a deployment by Pulumi. Logs seven users in and shows their pictures.

  --port N      the tenant's port; the S3 server uses the one 1,000 above (default: ${defaultPort})
  --exit        stop after the table; the exit code says whether every picture is right
  --pinned      use the pinned Pulumi, also where you have one of your own that would do
  --folder DIR  where its files are; each run creates them again (default: .local)`;

/** @throws UsageError `bad-usage`, naming the option. */
export function startOptions(args: readonly string[]): StartOptions {
  const { port, exit, pinned, folder } = parse(args);
  return { port: portNumber(port), exit, pinned, folder: resolve(callerFolder(), folder) };
}

function parse(args: readonly string[]): {
  port: string;
  exit: boolean;
  pinned: boolean;
  folder: string;
} {
  try {
    const options = {
      port: { type: "string", default: String(defaultPort) },
      exit: { type: "boolean", default: false },
      pinned: { type: "boolean", default: false },
      folder: { type: "string", default: ownFolder },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("bad-usage", `${why}\nUsage: ${usage}`, { cause });
  }
}

/** Between the ports that need rights and those that leave no room for the S3 server's. */
function portNumber(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (port >= 1024 && port <= 64_535) return port;
  throw new UsageError("bad-usage", `--port ${text} is not a port from 1024 to 64535.\nUsage: ${usage}`);
}
