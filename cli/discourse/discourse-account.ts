import { ExpectedError } from "../../lib/errors.ts";
import { readPath } from "../../policy/login.ts";
import type { DiscourseAnswer, SendToDiscourse } from "./send-to-discourse.ts";

/** What a forum shows of an account. */
export interface DiscourseAccount {
  readonly id: number;
  readonly username: string;
  /** The avatar's address with `{size}` in it; it holds the id of the uploaded picture. */
  readonly avatarTemplate: string;
  /** Which picture is shown; null for the letter that Discourse draws, undefined where the key may not see it. */
  readonly uploadId: number | null | undefined;
  /** The last picture that the user, or single sign-on, uploaded. */
  readonly customUploadId: number | null | undefined;
}

/** What single sign-on recorded about an account. */
export interface SignOnRecord {
  readonly externalId: string;
  /** The picture that was sent last, whether Discourse could fetch it or not. */
  readonly avatarUrl: string | undefined;
}

/**
 * The account that single sign-on knows by this external id, or undefined where there is none.
 *
 * @throws ExpectedError `discourse-answer-unexpected`, or what `send` throws.
 */
export async function findAccount(
  send: SendToDiscourse,
  externalId: string,
): Promise<DiscourseAccount | undefined> {
  const path = `/u/by-external/${encodeURIComponent(externalId)}.json`;
  const { status, body } = await send({ method: "GET", path, purpose: "look an account up" });
  if (status === 404) return undefined;
  const account = status === 200 ? parseAccount(readPath(body, "user")) : undefined;
  if (account !== undefined) return account;
  throw new ExpectedError(
    "discourse-answer-unexpected",
    `GET /u/by-external/… answered ${status} and no account. Is DISCOURSE_URL (or discourse:url) the address of a Discourse forum?`,
  );
}

/** Reads an account from a serialized user; undefined where it is none. */
export function parseAccount(user: unknown): DiscourseAccount | undefined {
  const id = readPath(user, "id");
  const username = readPath(user, "username");
  const avatarTemplate = readPath(user, "avatar_template");
  if (typeof id !== "number" || typeof username !== "string" || typeof avatarTemplate !== "string") {
    return undefined;
  }
  return {
    id,
    username,
    avatarTemplate,
    uploadId: uploadId(readPath(user, "uploaded_avatar_id")),
    customUploadId: uploadId(readPath(user, "custom_avatar_upload_id")),
  };
}

function uploadId(value: unknown): number | null | undefined {
  return typeof value === "number" || value === null ? value : undefined;
}

/** The record of single sign-on, undefined where the key may not read it (a granular one) or there is none. */
export async function readSignOnRecord(
  send: SendToDiscourse,
  account: DiscourseAccount,
): Promise<SignOnRecord | undefined> {
  const path = `/admin/users/${account.id}.json`;
  try {
    const { body } = await send({ method: "GET", path, purpose: "read an account's sign-on record" });
    const externalId = readPath(body, "single_sign_on_record", "external_id");
    const avatarUrl = readPath(body, "single_sign_on_record", "external_avatar_url");
    if (typeof externalId !== "string") return undefined;
    return { externalId, avatarUrl: typeof avatarUrl === "string" ? avatarUrl : undefined };
  } catch (error) {
    if (error instanceof ExpectedError && error.code === "discourse-key-refused") return undefined;
    throw error;
  }
}

/** `discourse_connect_overrides_avatar`, or `unknown` where the key may not read it. */
export type AvatarOverride = "on" | "off" | "unknown";

const settingName = "discourse_connect_overrides_avatar";

/**
 * Reads the site setting: from the settings that browsers get, else from the list for administrators. A granular key
 * may lack both; that is not an error, because the avatar is checked in any case.
 *
 * @throws ExpectedError `discourse-unreachable`, `discourse-redirects` or `discourse-rate-limited`.
 */
export async function readAvatarOverride(send: SendToDiscourse): Promise<AvatarOverride> {
  const forBrowsers = await ask(send, "/site/settings.json");
  const value = readPath(forBrowsers?.body, settingName);
  if (typeof value === "boolean") return value ? "on" : "off";
  const filter = new URLSearchParams({ filter: settingName }).toString();
  const all = readPath((await ask(send, `/admin/site_settings.json?${filter}`))?.body, "site_settings");
  const list: unknown[] = Array.isArray(all) ? all : [];
  const found = list.find((one) => readPath(one, "setting") === settingName);
  const text = String(readPath(found, "value"));
  if (text === "true") return "on";
  return text === "false" ? "off" : "unknown";
}

async function ask(send: SendToDiscourse, path: string): Promise<DiscourseAnswer | undefined> {
  try {
    const answer = await send({ method: "GET", path, purpose: "read the site settings" });
    return answer.status === 200 ? answer : undefined;
  } catch (error) {
    const isHarmless =
      error instanceof ExpectedError && ["discourse-key-refused", "discourse-error"].includes(error.code);
    if (isHarmless) return undefined;
    throw error;
  }
}
