import { identitiesOf, textAt, type User } from "../../auth0/user.ts";
import { envVar } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { cloudFrontDelivery } from "../../stack/image-delivery.ts";
import { imageBaseUrl } from "../../stack/picture-settings.ts";
import { uploadFolders } from "../../stack/upload-folders.ts";
import { exitCode } from "../command.ts";
import { runPulumi, type RunPulumi } from "../pulumi/run-pulumi.ts";
import { stackOutputs } from "../pulumi/stack-config.ts";
import { invalidateCloudFront } from "../storage/invalidate-cloudfront.ts";
import { copyFolder, folderPrefix, type StoreLocation } from "../storage/picture-addresses.ts";
import { createPictureStore, type PictureStore } from "../storage/picture-store.ts";
import type { Finished } from "./change-picture.ts";
import type { People } from "./people.ts";
import { findUploadKeys } from "./upload-keys.ts";

/** The folder that `pictures set --file` recorded for this user, where users cannot write. */
export function recordedFolder(user: User): string | undefined {
  const folder = textAt(user, "app_metadata", "picture_folder");
  return folder !== undefined && /^[0-9a-f]{20,64}$/.test(folder) ? folder : undefined;
}

/**
 * Every folder that is this user's for sure: the recorded one, and those that an application's uploads go to by
 * docs/app-upload.md, which follow from the ids of the user and of the linked identities.
 *
 * @param keys As findUploadKeys() finds them.
 */
export function ownFolders(user: User, keys: readonly string[]): string[] {
  const recorded = recordedFolder(user);
  const ids = new Set([user.user_id, ...identitiesOf(user).map(({ userId }) => userId)]);
  return [
    ...(recorded === undefined ? [] : [recorded]),
    ...[...ids].flatMap((id) => uploadFolders(id, keys)),
  ];
}

/**
 * The user's pictures in the stack's bucket of which nothing proves that they are this user's: in another folder, or in
 * none. Users write their own metadata: it may be another user's picture.
 */
export function unprovenPictures(
  user: User,
  folders: readonly string[],
  store: Pick<PictureStore, "keyOf">,
): string[] {
  const urls = [textAt(user, "user_metadata", "picture"), textAt(user, "picture")];
  return urls.filter(
    (url): url is string => store.keyOf(url) !== undefined && !liesInOwnFolder(url, folders, store),
  );
}

/** Whether a value is the address of a picture that goes when these folders of the user are deleted. */
export function liesInOwnFolder(
  url: unknown,
  folders: readonly string[],
  store: Pick<PictureStore, "keyOf">,
): boolean {
  const key = store.keyOf(url);
  return key !== undefined && folders.some((folder) => key.startsWith(folderPrefix(folder)));
}

/** What has to be known before any file is deleted. */
export interface OwnFiles {
  /** As ownFolders() lists them. */
  readonly folders: readonly string[];
  /** Of the delivery network that serves them too. */
  readonly distributionId: string | undefined;
}

/** @throws ExpectedError as `findUploadKeys` and `findDistribution` do, so that nothing is changed half-way. */
export async function findOwnFiles(people: People, user: User): Promise<OwnFiles> {
  // Users cannot write app_metadata: the folder of the copy is as much the user's as the recorded one.
  const ofCopy = copyFolder(textAt(user, "app_metadata", "picture_copy", "url"), storeLocation(people));
  const others = ownFolders(user, await findUploadKeys(people));
  const folders = ofCopy === undefined ? others : [...new Set([...others, ofCopy])];
  return { folders, distributionId: await findDistribution(people) };
}

/** Told before anybody says yes. */
export const purgeNote =
  "Every version of the user's files in the stack's bucket is deleted. This cannot be undone.";

/**
 * Deletes every version of everything in the user's own folders. Pictures that may be another user's are named and
 * left; the exit code then says that something was found.
 *
 * @param user As before the change, when the picture was still named.
 */
export async function purgeFiles(
  people: People,
  user: User,
  { folders, distributionId }: OwnFiles,
): Promise<Finished> {
  const store = openPictureStore(people, distributionId);
  try {
    let deleted = 0;
    for (const folder of folders) deleted += await store.deleteFolder(folder);
    // An undo would bring back the address of a file that is gone.
    people.journal.forget(user.user_id);
    const left = unprovenPictures(user, folders, store);
    const lines = [
      `Deleted ${deleted} ${deleted === 1 ? "file or version" : "files and versions"} from bucket ${people.config.imageBucket}.`,
      ...left.map(
        (url) =>
          `Not deleted: ${url} is in the bucket, but not in a folder that certainly belongs to this user; it may be another user's picture. ` +
          "Find out whose it is, then delete it manually if it is this user's.",
      ),
    ];
    const json = { deletedFiles: deleted, notDeleted: left };
    return { lines, json, ...(left.length > 0 ? { exitCode: exitCode.found } : {}) };
  } finally {
    store.close();
  }
}

/**
 * The store of the stack's users' pictures, with the AWS credentials of the environment.
 *
 * @param distributionId The delivery network that forgets what is deleted, if there is one.
 */
export function openPictureStore({ config, env }: People, distributionId?: string): PictureStore {
  const location = storeLocation({ config });
  if (distributionId === undefined) return createPictureStore(location);
  const invalidate = (paths: readonly string[]) => invalidateCloudFront(distributionId, paths, env);
  return createPictureStore({ ...location, invalidate });
}

/** Where the stack's users' pictures are. */
export function storeLocation({ config }: Pick<People, "config">): StoreLocation {
  const { imageBucket: bucket, awsRegion: region } = config;
  // A valid configuration always has one.
  return { bucket, region, baseUrl: imageBaseUrl(config) ?? "" };
}

/**
 * The id of the CloudFront distribution that serves the stack's pictures: `PICTURES_DISTRIBUTION_ID`, else the stack's
 * output; undefined where the bucket serves them itself.
 *
 * @throws ExpectedError `distribution-unknown`, or what `stackOutputs` throws.
 */
export async function findDistribution(
  { config, stack, env }: Pick<People, "config" | "stack" | "env">,
  pulumi: RunPulumi = runPulumi,
): Promise<string | undefined> {
  if (cloudFrontDelivery(config) === undefined) return undefined;
  const named = envVar(env, "PICTURES_DISTRIBUTION_ID");
  if (named !== undefined) return named;
  const { imageDistributionId: id } = await stackOutputs(stack, pulumi);
  if (typeof id === "string" && id !== "") return id;
  throw new ExpectedError(
    "distribution-unknown",
    `Stack ${stack} does not say which CloudFront distribution serves its pictures, so nothing was changed. ` +
      "Run pulumi up, or set PICTURES_DISTRIBUTION_ID.",
  );
}
