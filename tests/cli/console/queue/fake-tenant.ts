import { searchLimits, type UserSearch } from "../../../../auth0/search-users.ts";
import type { User } from "../../../../auth0/user.ts";
import type { FindingSource } from "../../../../cli/console/queue/find-own-pictures.ts";
import { ExpectedError } from "../../../../lib/errors.ts";

/** A search as it was asked, its window taken apart. */
export interface AskedSearch extends UserSearch {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export interface FakeTenant extends FindingSource {
  readonly users: User[];
  readonly asked: readonly AskedSearch[];
  readonly exports: () => number;
  /** What happens instead of an answer; undefined where there is one. */
  failure: (search: AskedSearch) => Error | undefined;
  exportFailure: () => Error | undefined;
  /** No search is answered before. */
  slow: Promise<void>;
}

export const tooSlow = (): ExpectedError => new ExpectedError("auth0-search-too-slow", "503");

export function ownUser(id: string, updated_at: string, more: object = {}): User {
  const user_metadata = { picture: `https://img.acme.com/${id}.png` };
  return { user_id: `auth0|${id}`, updated_at, user_metadata, ...more };
}

/** One user a minute, the latest first. */
export function minutes(count: number, latest = "2026-11-20T12:00:00.000Z"): User[] {
  const last = Date.parse(latest);
  return Array.from({ length: count }, (_, n) => ownUser(`m${n}`, new Date(last - n * 60_000).toISOString()));
}

/** A tenant as far as the finder knows it, which answers by the rules of Auth0's search. */
export function fakeTenant(users: readonly User[]): FakeTenant {
  const asked: AskedSearch[] = [];
  let exports = 0;
  const tenant: FakeTenant = {
    users: [...users],
    asked,
    exports: () => exports,
    failure: () => undefined,
    exportFailure: () => undefined,
    slow: Promise.resolve(),
    now: () => Date.parse("2026-11-21T00:00:00.000Z"),
    searchPage: async (search) => {
      await tenant.slow;
      const [, from, to] = /updated_at:[[{](\S+) TO ([^\]]+)\]$/.exec(search.q) ?? [];
      const window = { from: from === "*" ? undefined : from, to: to === "*" ? undefined : to };
      asked.push({ ...search, ...window });
      const failure = tenant.failure({ ...search, ...window });
      if (failure !== undefined) throw failure;
      const { page = 0, perPage = searchLimits.perPage } = search;
      if ((page + 1) * perPage > searchLimits.results) throw new Error("only the first 1000 records");
      const found = tenant.users.filter((user) => isIn(user, window)).sort(newest);
      const part = found.slice(page * perPage, (page + 1) * perPage);
      return { users: part, ...(search.counted === true ? { total: found.length } : {}) };
    },
    exportUsers: (onShare) => {
      exports += 1;
      return exported(tenant, onShare);
    },
  };
  return tenant;
}

async function* exported(tenant: FakeTenant, onShare: (share: number) => void): AsyncGenerator<User> {
  await Promise.resolve();
  const failure = tenant.exportFailure();
  if (failure !== undefined) throw failure;
  // An export is in no order that is known.
  const users = [...tenant.users].sort((one, other) => (one.user_id < other.user_id ? -1 : 1));
  for (const [index, user] of users.entries()) {
    onShare((index + 1) / users.length);
    yield user;
  }
}

function isIn(user: User, { from, to }: Pick<AskedSearch, "from" | "to">): boolean {
  const { picture } = Object(user["user_metadata"]) as { picture?: unknown };
  const time = String(user["updated_at"]);
  return picture !== undefined && (from === undefined || time > from) && (to === undefined || time <= to);
}

function newest(one: User, other: User): number {
  const [time, otherTime] = [String(one["updated_at"]), String(other["updated_at"])];
  if (time !== otherTime) return time > otherTime ? -1 : 1;
  return one.user_id < other.user_id ? -1 : 1;
}
