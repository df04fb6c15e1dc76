import { textAt, type User } from "../../auth0/user.ts";
import { exitCode } from "../command.ts";
import type { Finished, Plan } from "./change-picture.ts";
import { copyForgotten, hasCopyNote } from "./copy-state.ts";
import {
  findOwnFiles,
  liesInOwnFolder,
  openPictureStore,
  purgeFiles,
  purgeNote,
  recordedFolder,
  type OwnFiles,
} from "./own-files.ts";
import type { People } from "./people.ts";
import { keysOf, type PictureChange } from "./picture-change.ts";
import { hasReviewNote } from "./review-state.ts";
import { writeChange } from "./write-change.ts";

/**
 * What a deletion request takes away: the user's own picture, the copy of the root picture, their files, their addresses in the journal, and a moderator's mark of a review. What keeps a picture
 * from being shown stays: a removal, a Gravatar that is switched off, and a block.
 */
export async function forgetPlan(people: People, user: User): Promise<Plan> {
  const files = await findOwnFiles(people, user);
  const change = forgetChange(people, user, files);
  return {
    change,
    // Two of Auth0's documents contradict each other about a database user's root attributes.
    refusable: ["picture"],
    notes: [purgeNote, "What undo would need is also removed from the journal on this machine."],
    final: true,
    finish: async (current) => {
      const purged = await purgeFiles(people, user, files);
      const root = textAt(current, "picture");
      const isKept = "picture" in change && root !== undefined;
      // As long as the root picture's address stays, the folder that it lies in must be known: a later run takes it up again.
      await forgetFolders(people, current, isKept);
      const lines = [
        ...purged.lines,
        ...(isKept ? [keptNote(root)] : rootNote(people, current)),
        ...copyNote(user),
      ];
      if (!isKept) return { ...purged, lines };
      return { lines, json: { ...purged.json, rootPictureKept: root }, exitCode: exitCode.found };
    },
  };
}

function forgetChange(people: People, user: User, files: OwnFiles): PictureChange {
  const own = textAt(user, "user_metadata", "picture");
  return {
    // Blank is what the user wants not to be shown: no data about a picture.
    ...(own?.trim() === "" ? {} : { "user_metadata.picture": null }),
    ...(isOwnFile(people, user, files) ? { picture: null } : {}),
    ...(hasReviewNote(user) ? { "app_metadata.picture_reviewed": null } : {}),
  };
}

function isOwnFile(people: People, user: User, { folders }: OwnFiles): boolean {
  const store = openPictureStore(people);
  try {
    return liesInOwnFolder(user["picture"], folders, store);
  } finally {
    store.close();
  }
}

/** Last: as long as files may be left, their folders must be known. */
async function forgetFolders(people: People, user: User, isKept: boolean): Promise<void> {
  const change = {
    ...(isKept || recordedFolder(user) === undefined ? {} : { "app_metadata.picture_folder": null }),
    ...(hasCopyNote(user) ? copyForgotten : {}),
  };
  if (keysOf(change).length > 0) await writeChange(people, user, { command: "forget", change, final: true });
}

/** Auth0 refused to remove it. */
function keptNote(root: string): string {
  return (
    `Not removed: the root picture stays in the profile (${root}), because Auth0 refused to remove it. Its file is deleted, so the ` +
    "address leads nowhere. Replace it (pictures set-root), or delete the user in Auth0."
  );
}

/** @param user As before the change. */
function copyNote(user: User): Finished["lines"] {
  if (!hasCopyNote(user)) return [];
  return [
    "The copy of the root picture is deleted too. The next pictures mirror makes another one, unless the picture is removed (pictures clear) " +
      "or the user is deleted in Auth0.",
  ];
}

/** The root picture belongs to Auth0 or the provider. */
function rootNote({ settings }: People, user: User): Finished["lines"] {
  const root = textAt(user, "picture");
  if (root === undefined || root === settings.defaultUrl) return [];
  return [
    `The root picture is not ours and stays in the profile (${root}). Delete the user in Auth0 to delete that too.`,
  ];
}
