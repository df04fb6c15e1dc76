import { S3Client } from "@aws-sdk/client-s3";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { acceptUpload } from "./accept-upload.ts";
import { deleteFormerPicture } from "./delete-former-picture.ts";
import type { PictureStore } from "./picture-store.ts";
import { presignUpload } from "./presign-upload.ts";
import { sendFile } from "./send-file.ts";
import { setUserPicture } from "./set-user-picture.ts";
import { UploadError } from "./upload-error.ts";

/** Plays the browser and the server for one upload: see docs/app-upload.md for the variables that it reads. */
async function main([userId, file]: readonly string[]): Promise<void> {
  if (userId === undefined || file === undefined) {
    throw new UploadError("usage", "Usage: main.ts <user id> <file.png or file.jpg>");
  }
  const region = variable("AWS_REGION");
  const bucket = variable("IMAGE_BUCKET");
  const baseUrl = process.env["IMAGE_BASE_URL"] ?? `https://${bucket}.s3.${region}.amazonaws.com`;
  const access = {
    domain: variable("AUTH0_DOMAIN"),
    clientId: variable("AUTH0_CLIENT_ID"),
    clientSecret: variable("AUTH0_CLIENT_SECRET"),
  };
  // Another endpoint than AWS is a local one, which has no name for each bucket.
  const forcePathStyle = process.env["AWS_ENDPOINT_URL_S3"] !== undefined;
  const s3 = new S3Client({ region, forcePathStyle, requestChecksumCalculation: "WHEN_REQUIRED" });
  const store = { s3, bucket, baseUrl, uploadKeys: uploadKeysIn(variable("UPLOAD_KEY")) };

  const content = readFileSync(file);
  const contentType = extname(file) === ".png" ? "image/png" : "image/jpeg";
  const upload = await presignUpload(store, userId, { contentType, contentLength: content.length });
  await sendFile(upload, new Blob([content]));
  const picture = await acceptUpload(store, userId, upload.key);
  const former = await setUserPicture(access, userId, picture);
  // A real server waits: applications show the former picture until their next login or refresh.
  await deleteFormerPicture(store, userId, former);
  process.stdout.write(`${picture}\n`);
}

function uploadKeysIn(text: string): PictureStore["uploadKeys"] {
  const [key = "", ...former] = text.trim().split(/\s+/);
  if (Buffer.from(key, "base64").length < 32) {
    throw new UploadError("usage", "UPLOAD_KEY is not a key: use what openssl rand -base64 32 prints.");
  }
  return [key, ...former];
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new UploadError("usage", `Set the variable ${name}.`);
  return value;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  // A server's words may hold what a terminal obeys.
  process.stderr.write(`${message.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\uFFFD")}\n`);
  process.exitCode = 1;
});
