import { exportUsers } from "../../../auth0/jobs.ts";
import type { ManagementAccess } from "../../../auth0/management-token.ts";
import { userSearch, type SearchPage } from "../../../auth0/search-users.ts";
import type { User } from "../../../auth0/user.ts";
import { ownPicture } from "../../people/review-state.ts";
import { newestOf } from "./newest-exported.ts";
import { queuedFields } from "./queued-user.ts";
import { searchWindows, timeOf, type Cursor, type SearchEnd, type SearchWindows } from "./search-windows.ts";

/** The tenant, as far as users are found in it. */
export interface FindingSource {
  readonly searchPage: SearchPage;
  /** Everybody by a new export job, with `queuedFields`. `onShare` is told how much of its file was read, from 0 to 1. */
  readonly exportUsers: (onShare: (share: number) => void) => AsyncIterable<User>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Which way users are found, how far that is, and when the tenant was asked. For a page as it is: it holds nobody's data. */
export interface FindingState {
  readonly way: "search" | "export";
  /** Why it takes an export job; undefined with way `search`. */
  readonly exportReason: SearchEnd | undefined;
  /** ISO 8601: everybody who was changed later was given; undefined at the beginning. */
  readonly cameTo: string | undefined;
  /** Milliseconds of change that one search spans; undefined where it is all of the past, and with way `export`. */
  readonly windowMs: number | undefined;
  /** Users with an own picture who were looked at, those that the receiver had no use for too. */
  readonly looked: number;
  /** How many users have the key `user_metadata.picture`, as Auth0 counted them at the first answer; undefined where it did not. */
  readonly total: number | undefined;
  /** How much of the export's file was read, from 0 to 1; undefined while the job runs, where that is not known, and with way `search`. */
  readonly exportShare: number | undefined;
  /** Users whom the export under way, or the last one, has given so far. */
  readonly exported: number;
  /** When the tenant was asked first, in milliseconds since 1970: what changed later is found by another walk. */
  readonly startedAt: number | undefined;
  /** When the answer that the latest users are from was asked for. */
  readonly askedAt: number | undefined;
  readonly isEnd: boolean;
}

export interface OwnPictureFinder {
  /**
   * Some users with an own picture, behind those given before; there may be none among them. Undefined after the last. One call at a
   * time; after an error the next call goes on from where it failed.
   *
   * @throws ExpectedError `auth0-…`, `export-failed` or `job-too-slow`.
   */
  readonly next: () => Promise<readonly User[] | undefined>;
  readonly state: () => FindingState;
}

/** The tenant that a token is for. Nothing is asked yet. */
export function findingSource(access: ManagementAccess): FindingSource {
  return {
    searchPage: userSearch(access),
    exportUsers: (onShare) => exportUsers(access, { fields: queuedFields, onShare }),
    now: () => Date.now(),
  };
}

/** How many users of an export are given at once. */
const batch = 100;

/**
 * Walks over all users who have an own picture (`user_metadata.picture`, a text that is not blank), the latest `updated_at` first: by
 * search, and where that does not get further, by an export job. Who is changed on the way moves to the front: the walk may miss
 * what changed after it began, never what did not change.
 *
 * @param pick Undefined for users who are of no use, else what is to be given: only that is kept of an export.
 */
export function findOwnPictures(
  source: FindingSource,
  pick: (user: User) => User | undefined,
): OwnPictureFinder {
  const windows = searchWindows(source.searchPage, source.now);
  const walk: Walk = {
    exportReason: undefined,
    behind: undefined,
    waiting: [],
    looked: 0,
    exported: 0,
    exportShare: undefined,
    startedAt: undefined,
    askedAt: undefined,
    cameTo: undefined,
    isEnd: false,
  };
  const pickOwn = (user: User) => {
    if (ownPicture(user) === undefined) return undefined;
    walk.looked += 1;
    return pick(user);
  };
  return {
    next: async () => {
      if (walk.waiting.length === 0 && walk.exportReason === undefined && !walk.isEnd) {
        const found = await searched(windows, walk, source);
        if (found !== undefined) return found.flatMap((user) => pickOwn(user) ?? []);
      }
      if (walk.waiting.length === 0 && walk.behind !== undefined) await readExport(source, walk, pickOwn);
      walk.isEnd ||= walk.waiting.length === 0 && walk.behind === undefined;
      if (walk.isEnd) return undefined;
      const users = walk.waiting.splice(0, batch);
      walk.cameTo = users.length > 0 ? timeOf(users.at(-1)) : walk.cameTo;
      return users;
    },
    state: () => stateOf(walk, windows),
  };
}

interface Walk {
  exportReason: SearchEnd | undefined;
  /** Where the next export begins; undefined while users are searched, and where no more is to be exported. */
  behind: Cursor | undefined;
  /** Of the last export, those who were not given yet. */
  waiting: User[];
  looked: number;
  exported: number;
  exportShare: number | undefined;
  startedAt: number | undefined;
  askedAt: number | undefined;
  cameTo: string | undefined;
  isEnd: boolean;
}

/** Undefined at the end of what a search finds. */
async function searched(
  windows: SearchWindows,
  walk: Walk,
  { now }: FindingSource,
): Promise<readonly User[] | undefined> {
  const askedAt = now();
  walk.startedAt ??= askedAt;
  const found = await windows.next();
  walk.askedAt = askedAt;
  walk.cameTo = windows.cursor().upTo;
  if (typeof found !== "string") return found;
  if (found === "end") {
    walk.isEnd = true;
    return undefined;
  }
  walk.exportReason = found;
  walk.behind = windows.cursor();
  return undefined;
}

/** Once more over all users, for the next ones behind the cursor. */
async function readExport(
  source: FindingSource,
  walk: Walk,
  pick: (user: User) => User | undefined,
): Promise<void> {
  const from = walk.behind;
  if (from === undefined) return;
  const askedAt = source.now();
  walk.exported = 0;
  walk.exportShare = undefined;
  const users = source.exportUsers((share) => {
    walk.exportShare = share;
  });
  const { users: newest, rest } = await newestOf(counted(users, walk), from, pick);
  walk.askedAt = askedAt;
  walk.waiting = [...newest];
  walk.behind = rest;
}

async function* counted(users: AsyncIterable<User>, walk: Walk): AsyncGenerator<User, void, undefined> {
  for await (const user of users) {
    walk.exported += 1;
    yield user;
  }
}

function stateOf(walk: Walk, windows: SearchWindows): FindingState {
  const { exportReason, cameTo, looked, exported, exportShare, startedAt, askedAt, isEnd } = walk;
  const isExport = exportReason !== undefined;
  return {
    way: isExport ? "export" : "search",
    exportReason,
    cameTo,
    windowMs: isExport ? undefined : windows.windowMs(),
    looked,
    total: windows.total(),
    exportShare,
    exported,
    startedAt,
    askedAt,
    isEnd,
  };
}
