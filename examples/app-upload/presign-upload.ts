import { PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { checkPictureFile, type PictureFile } from "./picture-rules.ts";
import { newPictureKey, type PictureStore } from "./picture-store.ts";

/** Permission for one upload of one file. */
export interface PresignedUpload {
  /** Names the object in acceptUpload. */
  readonly key: string;
  /** Takes a PUT of the file for `lifetimeSeconds`. */
  readonly url: string;
  /** The browser must send exactly these; it adds content-length by itself. */
  readonly headers: Readonly<Record<string, string>>;
}

const lifetimeSeconds = 300;

/**
 * On the server, for a user who is logged in: checks what the browser says about the file and signs one
 * upload of just that. All of it is in the signature, so S3 refuses another type, length or key, and with
 * `if-none-match` a second upload to the same key.
 *
 * @throws UploadError `type-refused` or `size-refused`.
 */
export async function presignUpload(
  store: PictureStore,
  userId: string,
  file: PictureFile,
): Promise<PresignedUpload> {
  const { s3, bucket } = store;
  const key = newPictureKey(store, userId, checkPictureFile(file).extension);
  const headers = {
    "content-type": file.contentType,
    // The key is never used again, so what it names never changes.
    "cache-control": "public, max-age=31536000, immutable",
    "if-none-match": "*",
  };
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    ContentType: headers["content-type"],
    ContentLength: file.contentLength,
    CacheControl: headers["cache-control"],
    IfNoneMatch: headers["if-none-match"],
  });
  const url = await getSignedUrl(s3, command, {
    expiresIn: lifetimeSeconds,
    // Without this the SDK leaves them unsigned, and S3 would take any type and length.
    signableHeaders: new Set(["host", "content-length", ...Object.keys(headers)]),
  });
  return { key, url, headers };
}
