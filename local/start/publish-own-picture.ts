import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import sharp from "sharp";
import type { LocalWorld } from "./local-world.ts";

// The SDK announces the end of Node 20 on standard error at every start; that is for us to know, not for users.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** The key of the picture that a seeded user set; its name says nothing about the user. */
const ownPictureKey = "users/7d1c9a50b2e84f63.png";

/** The address of that picture, known before it is there. */
export function ownPictureUrl({ s3 }: Pick<LocalWorld, "s3">): string {
  return `${s3.endpoint}/${s3.bucket}/${ownPictureKey}`;
}

/** Puts the picture into the bucket, as an application would for its user. */
export async function publishOwnPicture({ s3, caFile }: LocalWorld): Promise<void> {
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
