import type { Finished } from "./change-picture.ts";
import type { People } from "./people.ts";
import { openPictureStore } from "./picture-store.ts";
import { exitCode } from "../exit-code.ts";
import { ownFolders, unprovenPictures } from "./user-folders.ts";
import type { User } from "./user.ts";

/** Told before anybody says yes. */
export const purgeNote =
  "Every version of the user's files in the stack's bucket is deleted. That cannot be undone.";

/**
 * Deletes every version of everything in the user's own folders. Pictures that may be somebody else's are named and
 * left; the exit code then says that something was found.
 *
 * @param user As before the change, when the picture was still named.
 */
export async function purgeFiles(
  people: People,
  user: User,
  distributionId: string | undefined,
): Promise<Finished> {
  const store = openPictureStore(people, distributionId);
  try {
    let deleted = 0;
    for (const folder of ownFolders(user)) deleted += await store.deleteFolder(folder);
    // An undo would bring back the address of a file that is gone.
    people.journal.forget(user.user_id);
    const left = unprovenPictures(user, store);
    const lines = [
      `Deleted ${deleted} ${deleted === 1 ? "file or version" : "files and versions"} from bucket ${people.config.imageBucket}.`,
      ...left.map(
        (url) =>
          `Not deleted: ${url} is in the bucket, but not in a folder that is surely this user's; it may be somebody else's picture. ` +
          "Find out whose it is, then delete it by hand.",
      ),
    ];
    const json = { deletedFiles: deleted, notDeleted: left };
    return { lines, json, ...(left.length > 0 ? { exitCode: exitCode.found } : {}) };
  } finally {
    store.close();
  }
}
