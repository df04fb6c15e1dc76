import { textAt, type User } from "../../auth0/user.ts";
import type { CommandReport } from "../command.ts";
import { requireSuccess } from "../discourse/discourse-result.ts";
import type { Discourse } from "../discourse/discourse.ts";
import { discourseUser, openDiscourse } from "../discourse/open-discourse.ts";
import { clearDiscourseUser } from "../discourse/sync-discourse-user.ts";
import { blocking, blockPlan } from "./block-plans.ts";
import {
  changePicture,
  type ChangeNeeds,
  type Finished,
  type PictureTask,
  type Plan,
} from "./change-picture.ts";
import { copyForgotten, hasCopyNote } from "./copy-state.ts";
import {
  findOwnFiles,
  liesInOwnFolder,
  openPictureStore,
  purgeFiles,
  purgeNote,
  type OwnFiles,
} from "./own-files.ts";
import type { People } from "./people.ts";
import type { PictureChange } from "./picture-change.ts";
import { writeChange } from "./write-change.ts";

export interface BlockOptions {
  readonly reason: string;
  readonly purge?: boolean;
  readonly discourse?: boolean;
  readonly probe: boolean;
  readonly yes?: boolean;
  readonly wait?: boolean;
}

/** Blocks a user's picture; on request deletes its files and clears the avatar in Discourse. */
export async function blockUser(
  people: People,
  wanted: string,
  options: BlockOptions,
): Promise<CommandReport> {
  // Before anything is changed: missing settings must not stop it half-way.
  const discourse = options.discourse === true ? await openDiscourse(people, options.probe) : undefined;
  const { yes, wait } = options;
  return changePicture(people, { ...blockTask(wanted, options, discourse), yes, wait });
}

/**
 * {@link blockUser} as it is to be done.
 *
 * @param discourse The forum where the user's avatar is to be cleared too.
 */
export function blockTask(
  wanted: string,
  options: Pick<BlockOptions, "reason" | "purge">,
  discourse?: Discourse,
): PictureTask {
  const plan = async (people: People, user: User): Promise<Plan> => {
    const block = blockPlan(people, user, options.reason);
    const files = options.purge === true ? await findOwnFiles(people, user) : undefined;
    const purged = files === undefined ? { change: {}, notes: [] } : purgedPicture(people, user, files);
    return {
      change: { ...block.change, ...purged.change },
      notes: [...(block.notes ?? []), ...purged.notes, ...(discourse === undefined ? [] : [avatarNote])],
      final: options.purge === true,
      finish: async (current) =>
        together([
          ...(files === undefined ? [] : [await purge(people, user, current, files)]),
          ...(discourse === undefined ? [] : [await clearAvatar(people, discourse, current)]),
        ]),
    };
  };
  // The picture that is deleted goes out of the profile too.
  const needs: ChangeNeeds = options.purge === true ? { ...blocking, work: ["users", "blocks"] } : blocking;
  return { command: "block", wanted, needs, plan };
}

async function purge(people: People, before: User, current: User, files: OwnFiles): Promise<Finished> {
  const purged = await purgeFiles(people, before, files);
  if (hasCopyNote(current)) {
    await writeChange(people, current, { command: "block", change: copyForgotten, final: true });
  }
  return purged;
}

/** The address goes with the file, where the client may write it. */
function purgedPicture(
  people: People,
  user: User,
  { folders }: OwnFiles,
): { readonly change: PictureChange; readonly notes: readonly string[] } {
  const store = openPictureStore(people);
  try {
    if (!liesInOwnFolder(textAt(user, "user_metadata", "picture"), folders, store)) {
      return { change: {}, notes: [purgeNote] };
    }
  } finally {
    store.close();
  }
  if (people.access.scopes.includes("update:users")) {
    return { change: { "user_metadata.picture": null }, notes: [purgeNote] };
  }
  const note =
    "This client may not write user_metadata, so the deleted picture's URL stays there. Before pictures unblock, run " +
    "pictures clear with a client that may.";
  return { change: {}, notes: [purgeNote, note] };
}

/** Told before anybody says yes. */
const avatarNote = "The avatar in Discourse is cleared.";

/** Clears the user's avatar, once the change is made. */
export async function clearAvatar(people: People, discourse: Discourse, user: User): Promise<Finished> {
  const { pictureUrl: _pictureUrl, ...account } = discourseUser(people, discourse, user);
  const result = await clearDiscourseUser(discourse, account, people.settings.defaultUrl);
  const { message } = requireSuccess(result);
  return { lines: [`Discourse: ${message}`], json: { discourse: result } };
}

function together(parts: readonly Finished[]): Finished {
  const exitCode = parts.find((part) => part.exitCode !== undefined)?.exitCode;
  return {
    lines: parts.flatMap(({ lines }) => lines),
    json: Object.assign({}, ...parts.map(({ json }) => json)) as Readonly<Record<string, unknown>>,
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}
