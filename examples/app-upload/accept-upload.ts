import { GetObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import { checkPictureFile } from "./picture-rules.ts";
import { isPictureKeyOf, type PictureStore } from "./picture-store.ts";
import { UploadError } from "./upload-error.ts";

/**
 * On the server, when the browser says that its upload is done: checks what is really there.
 *
 * @returns the picture's public URL.
 * @throws UploadError `key-refused` for a key that was not presigned for this user, `upload-missing` where
 * nothing was uploaded, `not-a-picture` where the bytes are of another type, `type-refused`, `size-refused`.
 */
export async function acceptUpload(store: PictureStore, userId: string, key: string): Promise<string> {
  if (!isPictureKeyOf(store, userId, key)) {
    throw new UploadError("key-refused", "This upload was not permitted to this user. Start a new one.");
  }
  const { ContentType = "", ContentLength = 0, Body } = await getObject(store, key);
  const { magic } = checkPictureFile({ contentType: ContentType, contentLength: ContentLength });
  const bytes = await Body?.transformToByteArray();
  if (bytes === undefined || !magic.equals(bytes.subarray(0, magic.length))) {
    throw new UploadError("not-a-picture", `The file is not of type ${ContentType}. Choose another file.`);
  }
  return `${store.baseUrl}/${key}`;
}

async function getObject({ s3, bucket }: PictureStore, key: string) {
  try {
    return await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  } catch (cause) {
    if (!(cause instanceof S3ServiceException) || cause.name !== "NoSuchKey") throw cause;
    throw new UploadError("upload-missing", "Nothing was uploaded. Upload the file, then try again.", {
      cause,
    });
  }
}
