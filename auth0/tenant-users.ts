import type { ManagementClient } from "auth0";
import { ExpectedError } from "../lib/errors.ts";
import { valueIn } from "../lib/json.ts";
import { describeStrayCharacter, findStrayCharacter } from "../lib/stray-characters.ts";
import { visible } from "../lib/terminal.ts";
import {
  managementClient,
  managementFailure,
  withManagementRetry,
  withoutSdkRetries,
} from "./management-client.ts";
import type { ManagementAccess } from "./management-token.ts";
import {
  hasIdentity,
  isWholeUserId,
  labelOf,
  primaryIdentity,
  readUser,
  splitUserId,
  textAt,
  wholeUserId,
  type Identity,
  type User,
} from "./user.ts";

/** The tenant's users. Errors are ExpectedErrors `auth0-…`, or those that the functions name. */
export interface TenantUsers {
  /** Undefined where there is no such user. */
  readonly get: (id: string) => Promise<User | undefined>;
  readonly byEmail: (email: string) => Promise<readonly User[]>;
  /** The first few that Auth0's search finds; it may miss what changed some seconds ago. */
  readonly search: (q: string) => Promise<{ readonly users: readonly User[]; readonly total: number }>;
  /** @throws ExpectedError `user-not-found`, or `root-picture-synced` or `root-picture-kept` where Auth0 refuses the root picture. */
  readonly patch: (id: string, body: Readonly<Record<string, unknown>>) => Promise<User>;
}

/** How many matches of a search are listed. */
const listed = 20;

/** Nothing is asked yet. */
export function tenantUsers(access: ManagementAccess): TenantUsers {
  return usersBy(
    access,
    () => managementClient(access),
    (request) => request(),
  );
}

/** For runs of hours: each request is repeated until Auth0 takes it, as `withManagementRetry` does. */
export function patientTenantUsers(access: ManagementAccess): TenantUsers {
  return usersBy(access, () => managementClient(access, withoutSdkRetries), withManagementRetry);
}

function usersBy(
  access: ManagementAccess,
  open: () => Promise<ManagementClient>,
  send: <T>(request: () => Promise<T>) => Promise<T>,
): TenantUsers {
  let client: Promise<ManagementClient> | undefined;
  const ask = async <T>(doing: string, run: (sdk: ManagementClient) => Promise<T>): Promise<T> => {
    try {
      const sdk = await (client ??= open());
      return await send(() => run(sdk));
    } catch (error) {
      throw managementFailure(error, access.domain, doing);
    }
  };
  return {
    get: (id) =>
      ask("reading a user", async ({ users }) => {
        const answer: unknown = await users.get(id).catch((error: unknown) => {
          if (statusOf(error) === 404) return undefined;
          throw error;
        });
        return answer === undefined ? undefined : readUser(answer);
      }),
    byEmail: (email) =>
      ask("looking for an email", async ({ users }) =>
        (await users.listUsersByEmail({ email })).map((user) => readUser(user)),
      ),
    search: (q) =>
      ask("a search for users", async ({ users }) => {
        const page = await users.list({ q, per_page: listed, include_totals: true, search_engine: "v3" });
        const { total = page.data.length } = page.response;
        return { users: page.data.map((user) => readUser(user)), total };
      }),
    patch: (id, body) =>
      ask("changing a user", async ({ users }) => {
        const answer: unknown = await users.update(id, body).catch((error: unknown) => {
          throw refusalOf(error, id, body) ?? error;
        });
        return readUser(answer);
      }),
  };
}

function statusOf(error: unknown): unknown {
  return (Object(error) as { statusCode?: unknown }).statusCode;
}

function refusalOf(
  cause: unknown,
  id: string,
  body: Readonly<Record<string, unknown>>,
): ExpectedError | undefined {
  if (statusOf(cause) === 404) return userNotFound(id, { cause });
  const isRemoval = body["picture"] === null && id.startsWith("auth0|");
  if (isRemoval && statusOf(cause) === 400) return rootPictureKept({ cause });
  const { errorCode } = Object((Object(cause) as { body?: unknown }).body) as { errorCode?: unknown };
  return errorCode === "operation_not_supported" ? rootPictureSynced(undefined, { cause }) : undefined;
}

/**
 * The argument is not shown where it is an email: messages end in logs.
 *
 * @param tried What else was tried to find the user, as a sentence.
 */
export function userNotFound(wanted: string, options?: ErrorOptions, tried?: string): ExpectedError {
  const who = wanted.includes("@") && !wanted.includes("|") ? "with this email" : visible(wanted);
  const sentences = [
    `There is no user ${who} in the tenant.`,
    ...(tried === undefined ? [] : [tried]),
    "Use the whole user id (auth0|…), the email or the exact name.",
  ];
  return new ExpectedError("user-not-found", sentences.join(" "), options);
}

/** Documented for database users; which `errorCode` comes with it is not, and another text says that null removes it. */
function rootPictureKept(options: ErrorOptions): ExpectedError {
  return new ExpectedError(
    "root-picture-kept",
    "Auth0 refused to remove the root picture of this database user, so nothing was changed. Replace it (pictures set-root), or " +
      "delete the user in Auth0.",
    options,
  );
}

/** @param connection Its name, where it is known. */
export function rootPictureSynced(connection: string | undefined, options?: ErrorOptions): ExpectedError {
  const which = connection === undefined ? "The user's connection" : `Connection ${connection}`;
  return new ExpectedError(
    "root-picture-synced",
    `${which} overwrites the root picture at each login, so Auth0 refuses another one. Use pictures set, which takes precedence over the ` +
      "root picture; or let the connection set it at the first login only (config key connections, then pulumi up).",
    options,
  );
}

/**
 * The one user that is meant: by the whole id (with a bar, or `%7C` for it), that of a linked identity too, the email, or
 * the exact name, nickname or user name.
 *
 * @throws ExpectedError `user-not-found`, or `user-ambiguous` listing everybody who is meant.
 */
export async function findUser(users: TenantUsers, wanted: string): Promise<User> {
  const { found, total } = await findUsers(users, wanted);
  const [first] = found;
  if (first === undefined) throw nobodyFound(wanted);
  if (total > 1) throw ambiguous(found, total);
  return first;
}

/** Users who are meant: the first few of `total`. */
export interface MatchingUsers {
  readonly found: readonly User[];
  readonly total: number;
}

/** Everybody whom `findUser` may mean; of one, what is true now. */
export async function findUsers(users: TenantUsers, wanted: string): Promise<MatchingUsers> {
  const text = wholeUserId(wanted);
  const byId = isWholeUserId(text) ? await byIdOf(users, text) : undefined;
  if (byId !== undefined) return { found: [byId], total: 1 };
  const { found, total } = await matches(users, text);
  const [first] = found;
  if (first === undefined || total > 1) return { found, total };
  // A search may be some seconds old.
  const current = await users.get(first.user_id);
  return current === undefined ? nobody : { found: [current], total };
}

const nobody: MatchingUsers = { found: [], total: 0 };

/** What a search takes for a word as it stands: in other texts, Lucene's syntax would need escapes. */
const plainWord = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{2,}$/u;

/** Users whose name, nickname, user name or email begins with the text; nobody for one with spaces, or of less than three characters. */
export async function findUsersBeginning(users: TenantUsers, text: string): Promise<MatchingUsers> {
  const start = text.trim();
  if (!plainWord.test(start)) return nobody;
  const q = [...nameFields, "email"].map((field) => `${field}:${start}*`).join(" OR ");
  const { users: found, total } = await users.search(q);
  return { found, total };
}

async function byIdOf(users: TenantUsers, id: string): Promise<User | undefined> {
  const user = await users.get(id);
  if (user !== undefined) return user;
  const primary = (await findLinked(users, [id])).get(id);
  // The search may be some seconds old, and another user may have the identity now, or it may be a user of its own.
  const current = primary === undefined ? undefined : await users.get(primary);
  return current !== undefined && hasIdentity(current, id) ? current : undefined;
}

/** What `findUser` throws where nobody is meant: what was tried. */
export function nobodyFound(wanted: string): ExpectedError {
  const text = wholeUserId(wanted);
  const stray = findStrayCharacter(text);
  const tried = [
    ...(stray === undefined ? [] : [`What was given holds ${describeStrayCharacter(stray)}: take it out.`]),
    isWholeUserId(text)
      ? "No user has it as a linked identity either, as far as Auth0's search shows, which may miss the last few seconds."
      : text.includes("@")
        ? "The email was looked up as written and in lower case; that of a linked identity is not found."
        : "It was compared with names, nicknames and user names.",
  ];
  return userNotFound(text, undefined, tried.join(" "));
}

const nameFields = ["name", "nickname", "username"];

async function matches(users: TenantUsers, text: string): Promise<MatchingUsers> {
  if (text === "") return nobody;
  if (text.includes("@") && !isWholeUserId(text)) {
    // Auth0 matches by letter case here, and writes a database user's email in lower case.
    const spellings = [...new Set([text, text.toLowerCase()])];
    const lists = await Promise.all(spellings.map((email) => users.byEmail(email)));
    const found = [...new Map(lists.flat().map((user) => [user.user_id, user])).values()];
    if (found.length > 0) return { found, total: found.length };
  }
  const q = nameFields.map((field) => `${field}:${quoted(text)}`).join(" OR ");
  const { users: similar, total } = await users.search(q);
  const found = similar.filter((user) => isNamed(user, text));
  return { found, total: total > similar.length ? total : found.length };
}

/** How many ids one search looks for: its text stays well below what a URL may have. */
export const idsPerSearch = 20;

/**
 * The primary ids of the users who have these ids as identities, the primary identity too: one search for each
 * `idsPerSearch` of them. A search may be some seconds old; who is in none of the answers may still exist.
 *
 * @param ids Whole ids.
 * @returns By the id that was looked for.
 */
export async function findLinked(
  users: Pick<TenantUsers, "search">,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const primaryOf = new Map<string, string>();
  for (let start = 0; start < ids.length; start += idsPerSearch) {
    const some = ids.slice(start, start + idsPerSearch);
    const { users: found, total } = await users.search(identityQuery(some));
    noteIdentities(found, some, primaryOf);
    if (total <= found.length) continue;
    // Other providers' users with the same ids crowd them out: one by one they do not.
    for (const id of some.filter((each) => !primaryOf.has(each))) {
      noteIdentities((await users.search(identityQuery([id]))).users, [id], primaryOf);
    }
  }
  return primaryOf;
}

/** One id with its provider; of several the ids alone, since AND and OR do not mix without a doubt in Lucene's syntax. */
function identityQuery(ids: readonly string[]): string {
  const [only, ...others] = ids.map(splitUserId);
  if (only !== undefined && others.length === 0) {
    return `identities.user_id:${quoted(only.id)} AND identities.provider:${quoted(only.provider)}`;
  }
  return ids.map((id) => `identities.user_id:${quoted(splitUserId(id).id)}`).join(" OR ");
}

/** Auth0 searches lists field by field, so that a user may have the provider of one identity and the id of another. */
function noteIdentities(
  found: readonly User[],
  ids: readonly string[],
  primaryOf: Map<string, string>,
): void {
  for (const user of found) {
    for (const id of ids) if (hasIdentity(user, id)) primaryOf.set(id, user.user_id);
  }
}

/** A value of a search, as Lucene takes it. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
}

/** A search may be more generous than we are. */
function isNamed(user: User, text: string): boolean {
  const names = nameFields.map((field) => textAt(user, field));
  return names.some((name) => name?.toLowerCase() === text.toLowerCase());
}

function ambiguous(found: readonly User[], total: number): ExpectedError {
  const lines = found.map((user) => {
    const lastLogin = textAt(user, "last_login")?.slice(0, 10) ?? "never";
    return `  ${labelOf(user)}, connection ${primaryIdentity(user).connection}, last login ${lastLogin}`;
  });
  const rest = total > found.length ? [`  and ${total - found.length} more`] : [];
  const list = [...lines, ...rest].join("\n");
  return new ExpectedError("user-ambiguous", `${total} users match. Use the id of one:\n${list}\n`);
}

/**
 * When a login overwrites root attributes from the connection's provider: `never` also where the connection has none,
 * `unknown` where the token may not read it.
 */
export type ConnectionSync = "each-login" | "first-login" | "never" | "unknown";

/** These keep their users at Auth0 itself. */
const ownStrategies = new Set(["auth0", "sms", "email"]);

/** Auth0's `set_user_root_attributes`, whose default is the first. */
const bySetting: Readonly<Record<string, ConnectionSync>> = {
  on_each_login: "each-login",
  on_first_login: "first-login",
  never_on_login: "never",
};

/**
 * Whether the identity's connection overwrites the root picture. It takes `read:connections` and
 * `read:connections_options`: without the second, an answer has no options at all.
 *
 * @throws ExpectedError `auth0-failed` or `auth0-unreachable`.
 */
export async function readConnectionSync(
  access: ManagementAccess,
  { connection, provider }: Identity,
): Promise<ConnectionSync> {
  if (ownStrategies.has(provider)) return "never";
  const scopes = ["read:connections", "read:connections_options"];
  if (!scopes.every((scope) => access.scopes.includes(scope))) return "unknown";
  try {
    const { connections } = await managementClient(access);
    const { data } = await connections.list({ name: connection });
    const options = valueIn(data[0], "options");
    if (options === undefined) return "unknown";
    const setting = valueIn(options, "set_user_root_attributes") ?? "on_each_login";
    return typeof setting === "string" ? (bySetting[setting] ?? "unknown") : "unknown";
  } catch (error) {
    throw managementFailure(error, access.domain, "reading the connection");
  }
}
