import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { User } from "../../auth0/user.ts";
import { callerFolder } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { disablesGravatar } from "../../policy/login.ts";
import { originalLimits } from "../image/image-format.ts";
import { prepareUserImage } from "../image/prepare-user-image.ts";
import { probePictureUrl } from "../image/probe-picture-url.ts";
import { endNotes } from "./address-end.ts";
import { blockNote } from "./block-state.ts";
import type { Plan } from "./change-picture.ts";
import { openPictureStore, recordedFolder } from "./own-files.ts";
import type { People } from "./people.ts";
import { checkPictureUrl } from "./picture-fault.ts";
import { writeChange } from "./write-change.ts";

export interface SetSource {
  readonly url: string | undefined;
  /** A path, or what is in memory already. */
  readonly file: string | NamedBytes | undefined;
  readonly probe: boolean;
}

/** A file as a browser sends it. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Buffer;
}

/** @throws UsageError `picture-not-named` without, or with both of, URL and file. */
export function setPlan(people: People, user: User, { url, file, probe }: SetSource): Promise<Plan> {
  if (url !== undefined && file === undefined) return urlPlan(people, user, url, probe);
  if (file !== undefined && url === undefined) return filePlan(people, user, file);
  throw new UsageError("picture-not-named", "Pass either a URL or --file IMAGE.");
}

async function urlPlan({ settings, now }: People, user: User, text: string, probe: boolean): Promise<Plan> {
  const url = checkPictureUrl(text, settings, disablesGravatar({ user }));
  const notes = [...endNotes(url, now()), ...whileBlocked(user)];
  if (probe) await probePictureUrl(url);
  return { change: { "user_metadata.picture": url }, notes };
}

async function filePlan(people: People, user: User, file: string | NamedBytes): Promise<Plan> {
  const image = await prepareUserImage(await readImage(file));
  const recorded = recordedFolder(user);
  const folder = recorded ?? randomBytes(16).toString("hex");
  const { url } = await withStore(people, (store) => store.locate(image, folder));
  return {
    change: { "user_metadata.picture": url },
    notes: [
      `The file becomes a ${image.contentType === "image/png" ? "PNG" : "JPEG"} of ${image.width} × ${image.width} pixels, ${image.bytes.length} bytes, that everyone with its URL can see.`,
      ...whileBlocked(user),
    ],
    prepare: async () => {
      // First of all, so that no file is ever in a folder that is not recorded as this user's.
      if (recorded === undefined) await recordFolder(people, user, folder);
      await withStore(people, (store) => store.put(image, folder));
    },
  };
}

async function recordFolder(people: People, user: User, folder: string): Promise<void> {
  const change = { "app_metadata.picture_folder": folder };
  await writeChange(people, user, { command: "set", change, final: true });
}

type Store = ReturnType<typeof openPictureStore>;

async function withStore<T>(people: People, use: (store: Store) => T | Promise<T>): Promise<T> {
  const store = openPictureStore(people);
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

async function readImage(file: string | NamedBytes): Promise<Buffer> {
  if (typeof file !== "string") return checkedSize(`The file ${file.name}`, file.bytes.length, file.bytes);
  const path = resolve(callerFolder(), file);
  const { size, bytes } = await readAtMost(path, originalLimits.bytes).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("image-unreadable", `--file ${file} cannot be read: ${why}.`, { cause });
  });
  return checkedSize(`--file ${file}`, size, bytes);
}

/** @param bytes Undefined where there are too many of them. */
function checkedSize(what: string, size: number, bytes: Buffer | undefined): Buffer {
  if (bytes !== undefined && size <= originalLimits.bytes) return bytes;
  const message = `${what} has ${size} bytes; an image has at most ${originalLimits.bytes}. Scale it down, then try again.`;
  throw new ExpectedError("image-too-large", message);
}

/** No bytes where there are more: a disk image would fill the memory. */
async function readAtMost(path: string, limit: number): Promise<{ size: number; bytes?: Buffer }> {
  const { size } = await stat(path);
  return size > limit ? { size } : { size, bytes: await readFile(path) };
}

function whileBlocked(user: User): string[] {
  const block = blockNote(user);
  return block === undefined
    ? []
    : [`The picture is blocked (${block}): the new one is not shown until pictures unblock.`];
}
