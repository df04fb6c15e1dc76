import { once } from "node:events";
import { fillWorld } from "./fill-world.ts";
import { formatTable } from "./format-table.ts";
import { LocalError } from "../processes/local-error.ts";
import { startLocalWorld, type LocalWorld } from "./local-world.ts";
import { isAsDecided, type LoginRow } from "./log-in-users.ts";
import { writeRunFile, type RunFile } from "./run-file.ts";
import type { StartOptions } from "./start-options.ts";

export interface StartDependencies {
  readonly print: (text: string) => void;
  /** Aborted when the run is to end. */
  readonly stopping: AbortSignal;
}

/** The exit code of a run that was told to end before it was done, as a shell gives it for Ctrl-C. */
export const interrupted = 130;

/**
 * Starts everything, deploys stack `local`, logs every seeded user in and shows what they got.
 *
 * @returns The exit code: 0 where each picture is the one that the policy says.
 */
export async function runStart(
  options: StartOptions,
  { print, stopping }: StartDependencies,
): Promise<number> {
  const isEnding = () => stopping.aborted;
  if (isEnding()) return interrupted;
  const { port, folder } = options;
  const parts = { root: folder, tenantPort: port, s3Port: port + 1000, progress: print };
  const world = await startLocalWorld(parts).catch(namingTheOption);
  const stop = onceOnly(world.stop);
  // Also in the middle of a deployment: what is under way then fails, and that failure is not news.
  stopping.addEventListener("abort", () => void stop(), { once: true });
  try {
    if (isEnding()) return interrupted;
    const rows = await deployAndLogIn(world, print);
    if (!options.exit && !isEnding()) {
      print(
        `\nOpen https://${world.tenant.domain}/ (your browser does not know its certificate). Ctrl-C stops.`,
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
async function deployAndLogIn(world: LocalWorld, print: (text: string) => void): Promise<LoginRow[]> {
  print(`Deploying stack local to the tenant ${world.tenant.domain} with Pulumi ...`);
  const rows = await fillWorld(world);
  await writeRunFile(world.folder.runFile, runFileOf(world));
  print(`\n${describe(rows)}`);
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

function describe(rows: readonly LoginRow[]): string {
  const cells = rows.map((row) => [
    row.userId,
    row.root ?? "(none)",
    typeof row.shown === "string" ? row.shown : "(none)",
    isAsDecided(row) ? row.reason : `${row.reason}, but expected ${row.expected ?? "(none)"}`,
  ]);
  return formatTable(["user", "root picture", "picture shown", "reason"], cells);
}

/** The S3 server's port follows from the tenant's: nobody chose it, so its number alone would help nobody. */
function namingTheOption(error: unknown): never {
  if (!(error instanceof LocalError) || error.code !== "port-in-use") throw error;
  const hint = "The S3 server takes the port 1000 above --port, so another --port moves both.";
  throw new LocalError(error.code, `${error.message} ${hint}`, { cause: error });
}
