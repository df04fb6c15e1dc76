import { readStack } from "../../infra/read-stack.ts";
import { readStackFile } from "../../infra/read-stack-file.ts";
import { readBundleHeader } from "../../infra/bundle-header.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { registerPage } from "../page/register-page.ts";
import type { LocalWorld } from "./local-world.ts";
import { logInUsers, type LoginRow } from "./log-in-users.ts";
import { ownPictureUrl, publishOwnPicture } from "./publish-own-picture.ts";
import { requirePulumi } from "./run-pulumi.ts";
import { seededUsers } from "./seeded-users.ts";

/**
 * Seeds the users of a world that was just started, adds the page, deploys stack `local` and logs every user in.
 *
 * @throws LocalError where Pulumi fails, with what it said.
 */
export async function fillWorld(world: LocalWorld): Promise<LoginRow[]> {
  const { tenant, caFile, flows, s3 } = world;
  const samplePicture = ownPictureUrl(world);
  const users = seededUsers(samplePicture);
  for (const user of users) tenant.users.create(user);
  const configured = await settingsOf(world);
  const settings = (): PictureSettings => deployedSettings(world) ?? configured;
  const { origin: pictureOrigin } = new URL(s3.endpoint);
  const app = registerPage(tenant, { caFile, settings, pictureOrigin, samplePicture, flows });

  await requirePulumi(world, ["stack", "init", "local"]);
  await requirePulumi(world, ["up", "--yes", "--skip-preview"]);
  await publishOwnPicture(world);
  return await logInUsers(world, app, users, configured);
}

/** Undefined before the first deployment, and where the Actions are somebody else's. */
function deployedSettings({ tenant }: LocalWorld): PictureSettings | undefined {
  for (const code of tenant.flowCode()) {
    const header = readBundleHeader(code);
    if (header) return header.settings;
  }
  return undefined;
}

async function settingsOf({ folder }: LocalWorld): Promise<PictureSettings> {
  return (await readStack("local", readStackFile(folder.stackFile))).settings;
}
