import type { FastifyInstance } from "fastify";
import type { UserProfile } from "../state/user.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError, paged, queryValue, selectFields, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { newestFirst, sortedBy } from "./newest-users.ts";
import { userQuery } from "./user-query.ts";

/** Auth0's user search never gives more than this many results. */
const maxResults = 1000;

/** GET /api/v2/users and /users-by-email. */
export function registerUserSearch(app: FastifyInstance, context: TenantContext): void {
  const newest = newestFirst(context.state.users);
  app.get<{ Querystring: Query }>("/users", needs("read:users", "read:user_idp_tokens"), (request) => {
    const { query } = request;
    const { perPage, start } = paged([], query);
    if (start + perPage > maxResults) {
      throw new ManagementError(
        400,
        `You can only page through the first ${maxResults} records. See ` +
          "https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation",
        "invalid_paging",
      );
    }
    const withTotal = queryValue(query, "include_totals") === "true";
    const found = matchingProfiles(
      sortedProfiles(context, newest, query),
      query,
      withTotal ? Infinity : start + perPage,
    );
    const users = found.slice(start, start + perPage).map((profile) => selectFields(profile, query));
    if (!withTotal) return users;
    return { start, limit: perPage, length: users.length, users, total: found.length };
  });

  app.get<{ Querystring: Query }>("/users-by-email", needs("read:users"), (request) => {
    const email = queryValue(request.query, "email");
    if (email === undefined) {
      throw new ManagementError(
        400,
        "Query validation error: 'Missing required property: email'.",
        "invalid_query_string",
      );
    }
    return profiles(context)
      .filter((profile) => profile.email?.toLowerCase() === email.toLowerCase())
      .map((profile) => selectFields(profile, request.query));
  });
}

/** Everybody, in the order of creation. */
export function profiles(context: TenantContext): UserProfile[] {
  return [...context.state.users.values()].map(({ profile }) => profile);
}

/** In the order of `sort`, or of creation. */
function sortedProfiles(
  context: TenantContext,
  newest: () => readonly UserProfile[],
  query: Query,
): readonly UserProfile[] {
  const sort = queryValue(query, "sort");
  if (sort === undefined) return profiles(context);
  if (sort === "updated_at:-1") return newest();
  const [, field = "", direction] = /^(\w+):(1|-1)$/.exec(sort) ?? [];
  // The words are not known; that metadata cannot be sorted by is documented.
  if (direction === undefined) throw new ManagementError(400, "The sort is not supported.", "invalid_sort");
  return sortedBy(profiles(context), field, Number(direction));
}

/** The first ones that match, no more than are needed. */
function matchingProfiles(all: readonly UserProfile[], query: Query, needed: number): readonly UserProfile[] {
  const q = queryValue(query, "q");
  if (q === undefined || q.trim() === "") return all;
  const matches = userQuery(q);
  const found: UserProfile[] = [];
  for (const profile of all) {
    if (found.length >= needed) break;
    if (matches(profile)) found.push(profile);
  }
  return found;
}
