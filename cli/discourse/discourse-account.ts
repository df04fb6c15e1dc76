import { ExpectedError } from "../../lib/errors.ts";
import { readPath } from "../../policy/login.ts";
import type { SendToDiscourse } from "./send-to-discourse.ts";
import type { SignInWay } from "./sign-in-way.ts";

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
 * The account that the way of signing in knows by this external id, or undefined where there is none. By a provider, only
 * an administrator's key may look it up.
 *
 * @throws ExpectedError `discourse-answer-unexpected`, or what `send` throws.
 */
export async function findAccount(
  { send, signInWay }: AccountLookup,
  externalId: string,
): Promise<DiscourseAccount | undefined> {
  const way = await signInWay();
  const below = way.kind === "provider" ? `${way.provider}/` : "";
  const path = `/u/by-external/${below}${encodeURIComponent(externalId)}.json`;
  const { status, body } = await send({ method: "GET", path, purpose: "look an account up" });
  if (status === 404) return undefined;
  const account = status === 200 ? parseAccount(readPath(body, "user")) : undefined;
  if (account !== undefined) return account;
  throw new ExpectedError(
    "discourse-answer-unexpected",
    `GET /u/by-external/… answered ${status} and no account. Is DISCOURSE_URL (or discourse:url) the address of a Discourse forum?`,
  );
}

interface AccountLookup {
  readonly send: SendToDiscourse;
  readonly signInWay: () => Promise<SignInWay>;
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
