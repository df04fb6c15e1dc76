import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { wasPictureKeyOf, type PictureStore } from "./picture-store.ts";

/**
 * Deletes the object of a picture that the user no longer has. Metadata may contain any URL, another user's
 * picture too: only one of this user's own objects is deleted.
 *
 * @returns whether there was one to delete.
 */
export async function deleteFormerPicture(
  store: PictureStore,
  userId: string,
  formerUrl: unknown,
): Promise<boolean> {
  const { s3, bucket, baseUrl } = store;
  if (typeof formerUrl !== "string" || !formerUrl.startsWith(`${baseUrl}/`)) return false;
  const key = formerUrl.slice(baseUrl.length + 1);
  if (!wasPictureKeyOf(store, userId, key)) return false;
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  return true;
}
