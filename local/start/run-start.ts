import { once } from "node:events";
import { loadDefaultImage } from "../../infra/default-image.ts";
import { pictureSettings } from "../../infra/picture-settings.ts";
import { readConfig } from "../../infra/read-config.ts";
import { readStackFile } from "../../infra/read-stack-file.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { registerPage } from "../page/register-page.ts";
import { formatTable } from "./format-table.ts";
import { startLocalWorld, type LocalWorld } from "./local-world.ts";
import { isAsDecided, logInUsers, type LoginRow } from "./log-in-users.ts";
import { ownPictureUrl, publishOwnPicture } from "./publish-own-picture.ts";
import { writeRunFile, type RunFile } from "./run-file.ts";
import { requirePulumi } from "./run-pulumi.ts";
import { seededUsers } from "./seeded-users.ts";
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
  const world = await startLocalWorld(parts);
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
  const { tenant, folder } = world;
  const users = seededUsers(ownPictureUrl(world));
  for (const user of users) tenant.users.create(user);
  const settings = await settingsOf(world);
  const app = registerPage(tenant, { caFile: world.caFile, settings });

  print(`Deploying stack local to the tenant ${tenant.domain} with Pulumi ...`);
  await requirePulumi(world, ["stack", "init", "local"]);
  await requirePulumi(world, ["up", "--yes", "--skip-preview"]);
  await publishOwnPicture(world);
  await writeRunFile(folder.runFile, runFileOf(world));

  const rows = await logInUsers(world, app, users, settings);
  print(`\n${describe(rows)}`);
  return rows;
}

async function settingsOf({ folder }: LocalWorld): Promise<PictureSettings> {
  const config = readConfig("local", readStackFile(folder.stackFile));
  return pictureSettings("local", config, await loadDefaultImage(config.defaultImage));
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
