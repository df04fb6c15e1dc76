import { createHmac } from "node:crypto";
import type { ForumAccount, ForumRecord, ForumState } from "./forum-state.ts";

export interface ForumAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * POST /admin/users/sync_sso as Discourse does it (discourse_connect_base.rb, discourse_connect.rb, user_avatar.rb):
 * a wrong signature is refused; without a record an account is matched by email, else created; an empty `avatar_url`
 * is ignored; the picture is fetched by a job.
 */
export function syncSso(state: ForumState, secret: string, sso: string, sig: string): ForumAnswer {
  if (!state.settings.enable_discourse_connect) return { status: 404 };
  const isBase64 = /^[A-Za-z0-9+/=\r\n]*$/.test(sso);
  if (!isBase64 || createHmac("sha256", secret).update(sso).digest("hex") !== sig) {
    return { status: 422, body: { failed: "FAILED", message: "There's a problem with your account." } };
  }
  const fields = new URLSearchParams(Buffer.from(sso, "base64").toString());
  const externalId = fields.get("external_id") ?? "";
  if (externalId.trim() === "")
    return { status: 422, body: { failed: "FAILED", message: "blank external id" } };
  const found = recordOf(state, externalId) ?? matchOrCreate(state, externalId, fields);
  if (found === undefined) {
    return {
      status: 403,
      body: { failed: "FAILED", message: "Validation failed: Primary email can't be blank" },
    };
  }
  change(state, found, fields);
  return { status: 200, body: found.account };
}

interface Found {
  readonly account: ForumAccount;
  readonly record: ForumRecord;
}

function recordOf(state: ForumState, externalId: string): Found | undefined {
  const record = state.records.get(externalId);
  const account = state.accounts.find(({ id }) => id === record?.accountId);
  return record === undefined || account === undefined ? undefined : { account, record };
}

/** The dangerous part: whoever sends an email gets the account that has it. */
function matchOrCreate(state: ForumState, externalId: string, fields: URLSearchParams): Found | undefined {
  const email = fields.get("email") ?? "";
  const byEmail = state.accounts.find((account) => account.email === email.toLowerCase());
  const matched = fields.get("require_activation") === "true" ? undefined : byEmail;
  if (matched === undefined && (email === "" || byEmail !== undefined)) return undefined;
  const account = matched ?? state.addAccount({ username: fields.get("username") ?? "user1", email });
  for (const [id, { accountId }] of state.records) if (accountId === account.id) state.records.delete(id);
  const record = { accountId: account.id, avatarUrl: undefined };
  state.records.set(externalId, record);
  return { account, record };
}

function change(state: ForumState, { account, record }: Found, fields: URLSearchParams): void {
  const { settings } = state;
  const field = (name: string) => (fields.get(name) ?? "").trim();
  const email = field("email").toLowerCase();
  if (settings.auth_overrides_email && email !== "") account.email = email;
  if (settings.auth_overrides_username && field("username") !== "") account.username = field("username");
  if (fields.get("require_activation") !== "true") account.active = true;
  changeAvatar(state, { account, record }, fields);
}

function changeAvatar(state: ForumState, { account, record }: Found, fields: URLSearchParams): void {
  const url = (fields.get("avatar_url") ?? "").trim();
  const isForced = fields.get("avatar_force_update") === "true";
  const isMissing = account.uploadedAvatarId === null;
  const isWanted = isMissing || isForced || state.settings.discourse_connect_overrides_avatar;
  const isNew = isForced || isMissing || record.avatarUrl !== url;
  if (url !== "" && isWanted && isNew) state.enqueue(() => fetchAvatar(state, account, url));
  record.avatarUrl = url;
}

/** Without the override, a picture that the user chose elsewhere (a Gravatar) stays. */
function fetchAvatar(state: ForumState, account: ForumAccount, url: string): void {
  const content = state.pictures.get(url);
  if (content === undefined) return;
  const id = state.upload(content);
  if (account.customUploadId === id || account.gravatarUploadId === id) return;
  account.customUploadId = id;
  const shown = account.uploadedAvatarId;
  const isKept = shown !== null && (shown === account.gravatarUploadId || shown === account.customUploadId);
  if (!isKept || state.settings.discourse_connect_overrides_avatar) account.uploadedAvatarId = id;
}
