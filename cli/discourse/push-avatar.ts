import { createHmac } from "node:crypto";
import { ExpectedError } from "../../lib/errors.ts";
import { readPath } from "../../policy/login.ts";
import {
  findAccount,
  parseAccount,
  readSignOnRecord,
  type DiscourseAccount,
  type SignOnRecord,
} from "./discourse-account.ts";
import { changed, failed, refused, unchanged, type DiscourseResult } from "./discourse-result.ts";
import type { SyncableUser } from "./discourse-user.ts";
import type { Discourse } from "./discourse.ts";
import type { DiscourseAnswer } from "./send-to-discourse.ts";
import type { Switch } from "./site-settings.ts";

/**
 * What an avatar means that stays, where the same picture was sent before. Discourse cannot be asked whether it is that
 * picture. For a picture that must go away, a wrong success is worse than a wrong failure.
 */
export type WhenSame = "same-picture" | "not-confirmed";

/** How long a picture is waited for that was sent before and is probably shown already. */
const sameWaitMs = 10_000;

/**
 * Sends a picture to an account that exists, by `sync_sso`, and looks whether the account shows another one then.
 *
 * @throws ExpectedError for what concerns every user: `discourse-connect-off`, `discourse-secret-refused`, or what
 *   `send` throws.
 */
export async function pushAvatar(
  discourse: Discourse,
  user: SyncableUser,
  account: DiscourseAccount,
  { secret, whenSame }: { readonly secret: string; readonly whenSame: WhenSame },
): Promise<DiscourseResult> {
  const named = { userId: user.userId, username: account.username };
  const unreachable = await whyUnreachable(discourse, user.pictureUrl);
  if (unreachable !== undefined) return refused(named, "picture-unreachable", unreachable);
  const record = await readSignOnRecord(discourse.send, account);
  if (record !== undefined && record.externalId !== user.externalId) {
    return refused(
      named,
      "other-account",
      `In Discourse, ${account.username} has another external id. Check the mapping.`,
    );
  }
  const refusal = refusalOf(discourse, await sendSync(discourse, user, secret), account);
  if (refusal !== undefined) return failed(named, ...refusal);
  return look(discourse, user, account, record, whenSame);
}

async function look(
  discourse: Discourse,
  user: SyncableUser,
  account: DiscourseAccount,
  record: SignOnRecord | undefined,
  whenSame: WhenSame,
): Promise<DiscourseResult> {
  const named = { userId: user.userId, username: account.username };
  const wasSent = record?.avatarUrl === user.pictureUrl && showsUploaded(account);
  const waitMs = wasSent ? Math.min(sameWaitMs, discourse.avatarWaitMs) : discourse.avatarWaitMs;
  if (await waitForAvatar(discourse, user.externalId, account, waitMs)) {
    return changed(named, "synced", `${account.username} shows the picture.`);
  }
  const { url } = discourse.settings;
  if (wasSent) {
    const message =
      `${account.username} was sent this picture before, and its avatar is the same as before this sync: this picture, if Discourse ` +
      `could fetch it then. See ${url}/u/${encodeURIComponent(account.username)}.`;
    return whenSame === "same-picture"
      ? unchanged(named, "same-picture", message)
      : failed(named, "not-confirmed", message);
  }
  const message = explainSameAvatar({
    url,
    username: account.username,
    pictureUrl: user.pictureUrl,
    override: await discourse.avatarOverride(),
    waitedMs: waitMs,
  });
  return failed(named, "avatar-not-changed", message);
}

function showsUploaded({ uploadId, customUploadId }: DiscourseAccount): boolean {
  return typeof uploadId === "number" && uploadId === customUploadId;
}

async function whyUnreachable({ probe }: Discourse, pictureUrl: string): Promise<string | undefined> {
  try {
    await probe?.(pictureUrl);
    return undefined;
  } catch (error) {
    if (error instanceof ExpectedError)
      return `The picture cannot be fetched, so Discourse could not either: ${error.message}`;
    throw error;
  }
}

/**
 * The payload updates one account and can do nothing else. Without an email Discourse can neither match an account
 * by it nor create one, nor change anybody's; `require_activation` keeps it from activating one that was deactivated.
 * See docs/decisions/0016.
 */
function sendSync({ send }: Discourse, user: SyncableUser, secret: string): Promise<DiscourseAnswer> {
  const form = signPayload(
    {
      external_id: user.externalId,
      avatar_url: user.pictureUrl,
      avatar_force_update: "true",
      require_activation: "true",
    },
    secret,
  );
  return send({
    method: "POST",
    path: "/admin/users/sync_sso.json",
    purpose: "sync an account",
    form: { ...form },
  });
}

/** Statuses as admin/users_controller.rb of Discourse gives them. */
function refusalOf(
  { settings: { url } }: Discourse,
  { status, body }: DiscourseAnswer,
  account: DiscourseAccount,
): ["sync-refused" | "other-account", string] | undefined {
  if (status === 200) return refusalOfAnswer(body, account);
  if (status === 404) {
    throw new ExpectedError(
      "discourse-connect-off",
      `${url} has no sync_sso for this key: DiscourseConnect is off there (site setting enable_discourse_connect), or the ` +
        `key's user is not an administrator (DISCOURSE_API_USERNAME).`,
    );
  }
  if (status === 422) {
    throw new ExpectedError(
      "discourse-secret-refused",
      `${url} does not accept the signature. DISCOURSE_CONNECT_SECRET (or discourse:connectSecret) must be its site setting ` +
        `discourse_connect_secret.`,
    );
  }
  // Not the message of the answer: it may hold personal data.
  const message = `Discourse refuses the sync of ${account.username} (status ${status}). Check ${url}/logs with verbose discourse connect logging on.`;
  return ["sync-refused", message];
}

function refusalOfAnswer(body: unknown, account: DiscourseAccount): ["other-account", string] | undefined {
  const synced = parseAccount(body);
  if (synced === undefined || synced.id === account.id) return undefined;
  return [
    "other-account",
    `Discourse synced account ${synced.id}, not ${account.id} (${account.username}): the external id moved meanwhile. Check ` +
      `both accounts' avatars there${readPath(body, "active") === false ? "; the first is not active" : ""}.`,
  ];
}

/** The two form fields of a DiscourseConnect message. */
interface SignedPayload {
  /** The fields as a query string, in Base64 without line breaks. */
  readonly sso: string;
  /** HMAC-SHA256 of `sso` in hexadecimal. */
  readonly sig: string;
}

/** Signs a DiscourseConnect message with the secret that the forum shares (`discourse_connect_secret`). */
export function signPayload(fields: Readonly<Record<string, string>>, secret: string): SignedPayload {
  const sso = Buffer.from(new URLSearchParams(fields).toString()).toString("base64");
  return { sso, sig: createHmac("sha256", secret).update(sso).digest("hex") };
}

/** The job runs within seconds on an idle forum. Each look counts against its rate limit, so they get rarer. */
const delaysMs = [1000, 2000, 4000, 8000];

/**
 * Looks at an account until it shows another avatar.
 *
 * @returns Whether it does; false after `waitMs`.
 */
export async function waitForAvatar(
  discourse: Discourse,
  externalId: string,
  before: DiscourseAccount,
  waitMs: number,
): Promise<boolean> {
  const { clock } = discourse;
  const end = clock.now() + waitMs;
  for (let look = 0; ; look += 1) {
    const left = end - clock.now();
    if (left <= 0) return false;
    await clock.sleep(Math.min(left, delaysMs[look] ?? 10_000));
    const account = await findAccount(discourse, externalId);
    if (account?.id === before.id && account.avatarTemplate !== before.avatarTemplate) return true;
  }
}

interface SameAvatar {
  readonly url: string;
  readonly username: string;
  readonly pictureUrl: string;
  readonly override: Switch;
  readonly waitedMs: number;
}

const bySetting: Readonly<Record<Switch, string>> = {
  off: "The site setting discourse_connect_overrides_avatar is off there: the user's own choice may take precedence. Turn it on.",
  unknown: "The key may not read the site setting discourse_connect_overrides_avatar: it must be on.",
  on: "The site setting discourse_connect_overrides_avatar is on, so that is not the reason.",
};

/** Why an accepted sync may have changed nothing, the likeliest cause first. */
function explainSameAvatar({ url, username, pictureUrl, override, waitedMs }: SameAvatar): string {
  return [
    `Discourse accepted the sync of ${username}, but its avatar is the same after ${Math.round(waitedMs / 1000)} s.`,
    `  - ${bySetting[override]}`,
    `  - The forum's server must be able to fetch ${pictureUrl}: a public address, a valid certificate, an image below max_image_size_kb.`,
    `  - The forum may be busy: look at ${url}/sidekiq, then at the avatar again.`,
    `  - Or the account already shows this picture: Discourse recognises the same file and keeps it.`,
    `  To find out, turn on verbose discourse connect logging and verbose upload logging there, sync again and read ${url}/logs.`,
  ].join("\n");
}
