import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { isPictureKeyOf, type PictureStore } from "./picture-store.ts";

/**
 * Deletes the object of a picture that the user no longer has. Metadata may contain any URL, another user's
 * picture too: only one of this user's own objects is deleted.
 *
 * @returns whether there was one to delete.
 */
export async function deleteFormerPicture(
  { s3, bucket, baseUrl }: PictureStore,
  userId: string,
  formerUrl: unknown,
): Promise<boolean> {
  if (typeof formerUrl !== "string" || !formerUrl.startsWith(`${baseUrl}/`)) return false;
  const key = formerUrl.slice(baseUrl.length + 1);
  if (!isPictureKeyOf(userId, key)) return false;
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  return true;
}
