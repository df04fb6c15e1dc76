import { createHash } from "node:crypto";
import type { PictureStore } from "../storage/create-picture-store.ts";
import { folderPrefix } from "../storage/picture-addresses.ts";
import { identitiesOf, textAt, type User } from "./user.ts";

/** The folder that `pictures set --file` recorded for this user, where users cannot write. */
export function recordedFolder(user: User): string | undefined {
  const folder = textAt(user, "app_metadata", "picture_folder");
  return folder !== undefined && /^[0-9a-f]{20,64}$/.test(folder) ? folder : undefined;
}

/**
 * Every folder that is this user's for sure: the recorded one, and those that an application's uploads go to by
 * docs/app-upload.md, which follow from the ids of the user and of the linked identities.
 */
export function ownFolders(user: User): string[] {
  const recorded = recordedFolder(user);
  const ids = new Set([user.user_id, ...identitiesOf(user).map(({ userId }) => userId)]);
  return [...(recorded === undefined ? [] : [recorded]), ...[...ids].map(uploadFolder)];
}

function uploadFolder(userId: string): string {
  return createHash("sha256").update(userId).digest("hex").slice(0, 20);
}

/**
 * The user's pictures in the stack's bucket of which nothing proves that they are this user's: in another folder, or in
 * none. Users write their own metadata: it may be somebody else's picture.
 */
export function unprovenPictures(user: User, store: Pick<PictureStore, "keyOf">): string[] {
  const urls = [textAt(user, "user_metadata", "picture"), textAt(user, "picture")];
  return urls.filter(
    (url): url is string => store.keyOf(url) !== undefined && !liesInOwnFolder(url, user, store),
  );
}

/** Whether a value is the address of a picture that goes when the user's folders are deleted. */
export function liesInOwnFolder(url: unknown, user: User, store: Pick<PictureStore, "keyOf">): boolean {
  const key = store.keyOf(url);
  return key !== undefined && ownFolders(user).some((folder) => key.startsWith(folderPrefix(folder)));
}
