import { ExpectedError } from "../../lib/errors.ts";
import { displayText } from "../../lib/display-text.ts";
import { readPath } from "../../policy/login.ts";
import { findAccount, type DiscourseAccount } from "./discourse-account.ts";
import { changed, failed, refused, unchanged, type DiscourseResult } from "./discourse-result.ts";
import type { SyncableUser } from "./discourse-user.ts";
import type { Discourse, PictureFile } from "./discourse.ts";
import type { DiscourseAnswer } from "./send-to-discourse.ts";
import { readSwitch } from "./site-settings.ts";

interface Named {
  readonly userId: string;
  readonly username: string;
}

/**
 * Gives an account that exists a picture, as an administrator does in the account's preferences: the file is uploaded and
 * picked, and looked for until it shows. Nothing else of the account can change by that.
 *
 * @throws ExpectedError for what concerns every user, as `send` does.
 */
export async function giveAvatar(
  discourse: Discourse,
  user: SyncableUser,
  account: DiscourseAccount,
): Promise<DiscourseResult> {
  const named = { userId: user.userId, username: account.username };
  const atLogin = await atNextLogin(discourse, named);
  if (atLogin !== undefined) return atLogin;
  let file: PictureFile | undefined;
  try {
    file = await discourse.fetchPicture?.(user.pictureUrl);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return refused(
      named,
      "picture-unreachable",
      `The picture cannot be fetched, so it was not sent: ${error.message}`,
    );
  }
  const uploaded = await upload(discourse, user.pictureUrl, file);
  const uploadId = readPath(uploaded.body, "id");
  if (uploaded.status !== 200 || typeof uploadId !== "number") {
    return failed(named, "upload-refused", whyNotUploaded(uploaded));
  }
  // The same file has the same id, for everybody.
  if (account.uploadId === uploadId) {
    return unchanged(named, "same-picture", `${account.username} shows this picture already.`);
  }
  const form = { upload_id: String(uploadId), type: "uploaded" } as const;
  const { status } = await pick(discourse, account, form);
  if (status !== 200) return failed(named, "pick-refused", whyNotPicked(named, status));
  return lookForUpload(discourse, user, account, uploadId);
}

/**
 * The refusal of any change where the forum lets logins alone decide; undefined where it does not, or the key may not see.
 */
export async function atNextLogin(discourse: Discourse, named: Named): Promise<DiscourseResult | undefined> {
  if ((await readSwitch(discourse.siteSetting, "auth_overrides_avatar")) !== "on") return undefined;
  const message =
    `The forum lets nobody pick an avatar: its site setting auth_overrides_avatar is on, so that the next login of ${named.username} ` +
    `there brings the picture. To change it now, turn the setting off.`;
  return refused(named, "next-login", message);
}

/** `POST /uploads.json` as uploads_controller.rb takes it; with a URL alone, which a key may send, the forum's server fetches it. */
function upload(
  { send }: Discourse,
  pictureUrl: string,
  file: PictureFile | undefined,
): Promise<DiscourseAnswer> {
  const form = { upload_type: "avatar", type: "avatar" };
  const request = { method: "POST", path: "/uploads.json", purpose: "upload a picture" } as const;
  if (file === undefined) return send({ ...request, form: { ...form, url: pictureUrl } });
  const { content, contentType } = file;
  // The name says the type: users must not read anything else out of it.
  const name = `avatar.${contentType.replace(/^image\//, "").replace("jpeg", "jpg")}`;
  return send({ ...request, form, file: { name, contentType, content } });
}

function whyNotUploaded({ status, body }: DiscourseAnswer): string {
  const errors = readPath(body, "errors");
  const first = Array.isArray(errors) ? (errors as readonly unknown[])[0] : undefined;
  const said = typeof first === "string" ? `: ${displayText(first).slice(0, 200)}` : "";
  return (
    `Discourse does not take the picture (status ${status})${said}. Its type must be among the site setting authorized_extensions, its ` +
    `size below max_image_size_kb; without a file of ours (--no-probe), the forum's server must be able to fetch it.`
  );
}

function whyNotPicked({ username }: Named, status: number): string {
  return (
    `Discourse refuses to pick an avatar for ${username} (status ${status}). Is the key's user an administrator, are ` +
    `discourse_connect_overrides_avatar and auth_overrides_avatar off, and is the account in uploaded_avatars_allowed_groups? ` +
    `pictures discourse check reads these settings.`
  );
}

/** `PUT /u/{username}/preferences/avatar/pick.json`: there is no granular scope for it. */
export function pick(
  { send }: Discourse,
  { username }: DiscourseAccount,
  form: { readonly upload_id: string; readonly type: "uploaded" | "system" },
): Promise<DiscourseAnswer> {
  const path = `/u/${encodeURIComponent(username)}/preferences/avatar/pick.json`;
  return send({ method: "PUT", path, purpose: "pick an account's avatar", form });
}

/** It shows at once, unless the forum is several servers. */
const delaysMs = [0, 2000, 8000];

async function lookForUpload(
  discourse: Discourse,
  user: SyncableUser,
  before: DiscourseAccount,
  uploadId: number,
): Promise<DiscourseResult> {
  const named = { userId: user.userId, username: before.username };
  for (const delay of delaysMs) {
    await discourse.clock.sleep(delay);
    const account = await findAccount(discourse, user.externalId);
    if (account?.id !== before.id) return failed(named, "other-account", moved(before));
    const isOther = account.avatarTemplate !== before.avatarTemplate;
    if (account.uploadId === uploadId || (account.uploadId === undefined && isOther)) {
      return changed(named, "synced", `${account.username} shows the picture.`);
    }
  }
  const message = `Discourse answered that ${before.username} has the picture now, but shows another avatar. Check it there.`;
  return failed(named, "avatar-not-changed", message);
}

function moved({ id, username }: DiscourseAccount): string {
  return (
    `The external id moved from account ${id} (${username}) meanwhile, which has the picture now. Check both accounts' avatars ` +
    `there.`
  );
}
