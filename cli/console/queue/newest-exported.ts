import type { User } from "../../../auth0/user.ts";
import { timeOf, type Cursor } from "./search-windows.ts";

/** So many are kept of an export at most, twice that while it is read: those who come behind them are taken from the next one. */
export const mostKept = 5_000;

export interface NewestUsers {
  /** The latest change first. */
  readonly users: readonly User[];
  /** Where the next export has to begin; undefined where these are the rest. */
  readonly rest: Cursor | undefined;
}

/**
 * The latest changed of the users, from the cursor on. Bounded memory, whatever their number.
 *
 * @param pick Asked about those from the cursor on; undefined for users who are of no use, else what is to be kept.
 */
export async function newestOf(
  users: AsyncIterable<User>,
  { upTo, given }: Cursor,
  pick: (user: User) => User | undefined,
  limit = mostKept,
): Promise<NewestUsers> {
  let kept: User[] = [];
  let found = 0;
  for await (const user of users) {
    if (given.has(user.user_id) || (upTo !== undefined && timeOf(user) > upTo)) continue;
    const picked = pick(user);
    if (picked === undefined) continue;
    found += 1;
    kept.push(picked);
    if (kept.length >= limit * 2) kept = kept.sort(compareNewest).slice(0, limit);
  }
  kept = kept.sort(compareNewest).slice(0, limit);
  return { users: kept, rest: found > kept.length ? cursorBehind(kept, { upTo, given }) : undefined };
}

function compareNewest(one: User, other: User): number {
  const [time, otherTime] = [timeOf(one), timeOf(other)];
  if (time !== otherTime) return time > otherTime ? -1 : 1;
  return one.user_id < other.user_id ? -1 : 1;
}

function cursorBehind(users: readonly User[], { upTo, given }: Cursor): Cursor {
  const last = timeOf(users.at(-1));
  const ids = users.filter((user) => timeOf(user) === last).map(({ user_id: id }) => id);
  return { upTo: last, given: new Set([...(last === upTo ? given : []), ...ids]) };
}
