import type { ManagementClient } from "auth0";
import { ExpectedError } from "../../infra/expected-error.ts";
import { managementClient } from "../management/management-client.ts";
import { managementFailure } from "../management/management-failure.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import { readUser, type User } from "./user.ts";

/** The tenant's users. Errors are ExpectedErrors `auth0-…`, or those that the functions name. */
export interface TenantUsers {
  /** Undefined where there is no such user. */
  readonly get: (id: string) => Promise<User | undefined>;
  readonly byEmail: (email: string) => Promise<readonly User[]>;
  /** The first few that Auth0's search finds; it may miss what changed some seconds ago. */
  readonly search: (q: string) => Promise<{ readonly users: readonly User[]; readonly total: number }>;
  /** @throws ExpectedError `user-not-found`, or `root-picture-synced` where Auth0 refuses the root picture. */
  readonly patch: (id: string, body: Readonly<Record<string, unknown>>) => Promise<User>;
}

/** How many matches of a search are listed. */
const listed = 20;

/** Nothing is asked yet. */
export function tenantUsers(access: ManagementAccess): TenantUsers {
  let client: Promise<ManagementClient> | undefined;
  const ask = async <T>(doing: string, run: (sdk: ManagementClient) => Promise<T>): Promise<T> => {
    try {
      return await run(await (client ??= managementClient(access)));
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
          throw refusalOf(error, id) ?? error;
        });
        return readUser(answer);
      }),
  };
}

function statusOf(error: unknown): unknown {
  return (Object(error) as { statusCode?: unknown }).statusCode;
}

function refusalOf(cause: unknown, id: string): ExpectedError | undefined {
  if (statusOf(cause) === 404) return userNotFound(id, { cause });
  const { errorCode } = Object((Object(cause) as { body?: unknown }).body) as { errorCode?: unknown };
  return errorCode === "operation_not_supported" ? rootPictureSynced(undefined, { cause }) : undefined;
}

/** The argument is not shown where it is an email: messages end in logs. */
export function userNotFound(wanted: string, options?: ErrorOptions): ExpectedError {
  const who = wanted.includes("@") && !wanted.includes("|") ? "with this email" : wanted;
  return new ExpectedError(
    "user-not-found",
    `There is no user ${who} in the tenant. Give the whole user id (auth0|…), the email or the exact name.`,
    options,
  );
}

/** @param connection Its name, where it is known. */
export function rootPictureSynced(connection: string | undefined, options?: ErrorOptions): ExpectedError {
  const which = connection === undefined ? "The user's connection" : `Connection ${connection}`;
  return new ExpectedError(
    "root-picture-synced",
    `${which} overwrites the root picture at each login, so Auth0 refuses another one. Use pictures set, which wins over the ` +
      "root picture; or have the connection set it at the first login only (config key connections, then pulumi up).",
    options,
  );
}
