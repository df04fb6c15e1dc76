import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { requestManagementToken } from "../../auth0/management-token.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { readBundleHeader } from "../../stack/actions.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import type { SeedUser } from "../../tenant/state/user.ts";
import type { AccessToken } from "../page/management-client.ts";
import { registerPage } from "../page/register-page.ts";
import type { LocalWorld } from "./local-world.ts";
import { logInUsers, type LoginRow } from "./log-in-users.ts";
import { requirePulumi } from "./run-pulumi.ts";

/**
 * Seeds the users of a world that was just started, adds the page, deploys stack `local` and logs every user in.
 *
 * @throws ExpectedError where Pulumi fails, with what it said.
 */
export async function fillWorld(world: LocalWorld): Promise<LoginRow[]> {
  const { tenant, caFile, flows, s3, providers } = world;
  const samplePicture = ownPictureUrl(world);
  const users = seededUsers(samplePicture);
  for (const user of users) tenant.users.create(user);
  const configured = await settingsOf(world);
  const settings = (): PictureSettings => deployedSettings(world) ?? configured;
  const { origin: pictureOrigin } = new URL(s3.endpoint);
  const accessToken: AccessToken = async (send) =>
    (await requestManagementToken(tenant, { fetch: send })).accessToken;
  const app = registerPage(tenant, {
    caFile,
    accessToken,
    settings,
    pictureOrigin,
    samplePicture,
    flows,
    providers,
  });

  await requirePulumi(world, ["stack", "init", "local"]);
  await requirePulumi(world, ["up", "--yes", "--skip-preview"]);
  await publishOwnPicture(world);
  return await logInUsers(world, app, users, configured);
}

/** Undefined before the first deployment, and if the Actions are not ours. */
function deployedSettings({ tenant }: LocalWorld): PictureSettings | undefined {
  for (const code of tenant.flowCode()) {
    const header = readBundleHeader(code);
    if (header) return header.settings;
  }
  return undefined;
}

async function settingsOf({ folder }: LocalWorld): Promise<PictureSettings> {
  return (await readStackNamed("local", { PICTURES_STACK_FOLDER: folder.root })).settings;
}

// The SDK announces the end of Node 20 on standard error at every start; that is for us to know, not for users.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** The key of the picture that a seeded user set; its name says nothing about the user. */
const ownPictureKey = "users/7d1c9a50b2e84f63.png";

/** The address of that picture, known before it is there. */
function ownPictureUrl({ s3 }: Pick<LocalWorld, "s3">): string {
  return `${s3.endpoint}/${s3.bucket}/${ownPictureKey}`;
}

/** Puts the picture into the bucket, as an application would for its user. */
async function publishOwnPicture({ s3, caFile }: LocalWorld): Promise<void> {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">
    <rect width="256" height="256" fill="#f4b860"/><circle cx="128" cy="100" r="46" fill="#7a3b2e"/>
    <path d="M36 256c0-56 41-90 92-90s92 34 92 90z" fill="#2e5e7a"/></svg>`;
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
    forcePathStyle: true,
    requestHandler: { httpsAgent: new Agent({ ca: readFileSync(caFile) }) },
  });
  try {
    const body = await sharp(Buffer.from(drawing)).png().toBuffer();
    const object = { Bucket: s3.bucket, Key: ownPictureKey, Body: body, ContentType: "image/png" };
    await client.send(new PutObjectCommand(object));
  } finally {
    client.destroy();
  }
}

/** The users of a fresh local world: one for each thing that can happen to a picture. */
function seededUsers(ownPictureUrl: string): readonly SeedUser[] {
  const gravatar = (hash: string, initials: string) =>
    `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${encodeURIComponent(placeholder(initials))}`;
  return [
    {
      ...person("auth0|gravatar", "Grace Gravatar"),
      picture: gravatar("205e460b479e2e5b48aec07710c08d50", "gr"),
    },
    // Without user_metadata, as most users are.
    { ...person("auth0|placeholder", "Paul Placeholder"), picture: placeholder("pa") },
    {
      ...person("google-oauth2|social", "Sofia Social"),
      picture: "https://lh3.googleusercontent.com/a/sofia=s96-c",
    },
    {
      ...person("auth0|own-picture", "Olga Own-Picture"),
      picture: gravatar("0bc83cb571cd1c50ba6f3e8a78ef1346", "ol"),
      user_metadata: { picture: ownPictureUrl },
    },
    {
      ...person("google-oauth2|removed", "Remi Removed"),
      picture: "https://lh3.googleusercontent.com/a/remi=s96-c",
      user_metadata: { picture: "" },
    },
    {
      ...person("auth0|blocked", "Boris Blocked"),
      picture: placeholder("bo"),
      user_metadata: { picture: ownPictureUrl },
      app_metadata: { picture_blocked: true },
    },
    // Wrote a root picture at sign-up that no policy allows, and linked a Google account later.
    {
      ...person("auth0|linked", "Lina Linked"),
      picture: "https://photos.lan/lina.png",
      identities: [
        { provider: "auth0", user_id: "linked" },
        {
          provider: "google-oauth2",
          user_id: "lina",
          profileData: { name: "Lina", email: "lina@example.com" },
        },
      ],
    },
  ];
}

function person(userId: string, name: string): SeedUser {
  const nickname = userId.slice(userId.indexOf("|") + 1);
  return { user_id: userId, name, nickname, email: `${nickname}@example.com`, email_verified: true };
}

function placeholder(initials: string): string {
  return `https://cdn.auth0.com/avatars/${initials}.png`;
}
