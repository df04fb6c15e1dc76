import type { ForumAccount, ForumState } from "./forum-state.ts";
import type { ForumAnswer } from "./forum-sync.ts";

/** Discourse corrects a name by what the file is: without an extension it is taken for a PNG here. */
function extensionOf(name: string): string {
  return /\.([a-z]+)$/.exec(name)?.[1] ?? "png";
}

export interface Upload {
  readonly type: string;
  /** Empty where it is not sent. */
  readonly url: string;
  readonly file?: { readonly name: string; readonly content: string };
}

const failure = (...errors: string[]): ForumAnswer => ({ status: 422, body: { failed: "FAILED", errors } });

/**
 * POST /uploads.json as Discourse does it (uploads_controller.rb, upload_creator.rb): a type is needed; a key may name a URL
 * instead of a file, which the forum's server fetches at once; types and sizes are refused by settings; the same content is
 * the same upload, for everybody.
 */
export function uploadPicture(state: ForumState, { type, url, file }: Upload): ForumAnswer {
  if (type === "") {
    return { status: 400, body: { errors: ["invalid parameters"], error_type: "invalid_parameters" } };
  }
  const content = file?.content ?? state.pictures.get(url);
  if (content === undefined) return failure("Sorry, there was an error: file missing");
  const name = file?.name ?? new URL(url).pathname;
  const { authorized_extensions: allowed, max_image_size_kb: limit } = state.settings;
  if (!allowed.split("|").includes(extensionOf(name))) {
    return failure(`Sorry, the file is not authorized (authorized extensions: ${allowed}).`);
  }
  if (content.length >= limit * 1024)
    return failure(`Sorry, the image is too big (maximum size is ${limit}KB).`);
  return { status: 200, body: { id: state.upload(content), original_filename: name } };
}

/**
 * PUT /u/{username}/preferences/avatar/pick as Discourse does it (users_controller.rb): only while no login overrides
 * avatars, and an upload only for members of the groups that may have one. The account needs no activation.
 */
export function pickAvatar(state: ForumState, account: ForumAccount, form: URLSearchParams): ForumAnswer {
  const { discourse_connect_overrides_avatar, auth_overrides_avatar } = state.settings;
  const type = form.get("type") ?? "";
  const isUpload = ["uploaded", "custom", "gravatar"].includes(type);
  if (discourse_connect_overrides_avatar || auth_overrides_avatar) return failure();
  if (!isUpload && !["", "system"].includes(type)) return failure();
  if (!isUpload) {
    account.uploadedAvatarId = null;
    return success;
  }
  const groups = state.settings.uploaded_avatars_allowed_groups.split("|");
  if (!["0", "10"].some((group) => groups.includes(group))) return failure();
  const id = Number(form.get("upload_id"));
  if (!state.hasUpload(id)) return failure("Sorry, the avatar you selected is not present on the server.");
  if (type === "gravatar") account.gravatarUploadId = id;
  else account.customUploadId = id;
  account.uploadedAvatarId = id;
  return success;
}

const success: ForumAnswer = { status: 200, body: { success: "OK" } };
