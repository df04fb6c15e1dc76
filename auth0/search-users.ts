import type { ManagementClient } from "auth0";
import { ExpectedError } from "../lib/errors.ts";
import { isRecord, recordsOf } from "../lib/json.ts";
import {
  managementClient,
  managementFailure,
  statusOfFailure,
  withManagementRetry,
  withoutSdkRetries,
} from "./management-client.ts";
import type { ManagementAccess } from "./management-token.ts";
import { readUser, type User } from "./user.ts";

/** The most users on a page, and the most that any number of pages of one search give: Auth0 refuses the page that would go beyond. */
export const searchLimits = { perPage: 100, results: 1000 } as const;

/** A page of a search. https://auth0.com/docs/manage-users/user-search/user-search-query-syntax */
export interface UserSearch {
  /** In Lucene's syntax. */
  readonly q: string;
  /** From 0. */
  readonly page?: number;
  /** `searchLimits.perPage` at most, which is what it is where it is left out. */
  readonly perPage?: number;
  /** A field and 1 or -1, as in `updated_at:-1`; not of metadata. */
  readonly sort?: string;
  /** The root fields that are wanted; all where it is left out. */
  readonly fields?: readonly string[];
  /** Whether all that match are to be counted. */
  readonly counted?: boolean;
}

export interface FoundUsers {
  readonly users: readonly User[];
  /** How many match, where that was asked; whether Auth0 counts beyond `searchLimits.results` is not documented. */
  readonly total?: number;
}

/**
 * One page of what Auth0's search finds; it may miss what changed some seconds ago.
 *
 * @throws ExpectedError `auth0-search-too-slow` at the first answer 503: a search that takes more than two seconds, which takes as long
 *   when it is repeated as it is. Else `auth0-…`, after the retries of `withManagementRetry`.
 */
export type SearchPage = (search: UserSearch) => Promise<FoundUsers>;

/** Nothing is asked yet. */
export function userSearch(access: ManagementAccess): SearchPage {
  let client: Promise<ManagementClient> | undefined;
  return async (search) => {
    try {
      const sdk = await (client ??= managementClient(access, withoutSdkRetries));
      const answer = await withManagementRetry(() => answerOf(sdk, search));
      if (answer instanceof ExpectedError) throw answer;
      return foundIn(answer);
    } catch (error) {
      throw managementFailure(error, access.domain, "a search for users");
    }
  };
}

/** What Auth0 answers; a search that takes too long is no failure that a repetition could change. */
async function answerOf({ users }: ManagementClient, search: UserSearch): Promise<unknown> {
  const { q, page = 0, perPage = searchLimits.perPage, sort, fields, counted = false } = search;
  try {
    const { response } = await users.list({
      q,
      page,
      per_page: perPage,
      include_totals: counted,
      search_engine: "v3",
      ...(sort === undefined ? {} : { sort }),
      ...(fields === undefined ? {} : { fields: fields.join(","), include_fields: true }),
    });
    return response;
  } catch (cause) {
    if (statusOfFailure(cause) === 503) return tooSlow(cause);
    throw cause;
  }
}

/** A list, or with the count an object that has it. */
function foundIn(answer: unknown): FoundUsers {
  const users = recordsOf(isRecord(answer) ? answer["users"] : answer).map((user) => readUser(user));
  const total = isRecord(answer) ? answer["total"] : undefined;
  return typeof total === "number" ? { users, total } : { users };
}

function tooSlow(cause: unknown): ExpectedError {
  return new ExpectedError(
    "auth0-search-too-slow",
    "Auth0 ended a search for users, because it took too long (503). Search for fewer, or try again later.",
    { cause },
  );
}
