import type { PresignedUpload } from "./presign-upload.ts";
import { UploadError } from "./upload-error.ts";

/**
 * In the browser: uploads the file straight to S3, with what the server answered.
 *
 * @throws UploadError `upload-refused` where S3 does not take it.
 */
export async function sendFile({ url, headers }: PresignedUpload, file: Blob): Promise<void> {
  const { ok, status } = await fetch(url, { method: "PUT", headers, body: file });
  if (ok) return;
  throw new UploadError(
    "upload-refused",
    `S3 refused the file with status ${status}. Ask the server for a new permission, then try again.`,
  );
}
