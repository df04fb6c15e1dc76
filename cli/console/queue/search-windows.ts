import { searchLimits, type FoundUsers, type SearchPage } from "../../../auth0/search-users.ts";
import { textAt, type User } from "../../../auth0/user.ts";
import { valueIn } from "../../../lib/json.ts";
import { queuedFields } from "./queued-user.ts";

/** How far a walk from the latest change back into the past came. */
export interface Cursor {
  /** Nobody who was changed later is still to come; undefined at the beginning. */
  readonly upTo: string | undefined;
  /** Who of those that were changed exactly then were given already. */
  readonly given: ReadonlySet<string>;
}

/** Why a search cannot go on from here. */
export type SearchEnd = "search-too-slow" | "many-at-one-time" | "search-finds-too-few";

/** A search in windows of `updated_at`. */
export interface SearchWindows {
  /** The next users, the latest change first; `"end"` after the last, or why a search cannot find the rest. A failed one can be repeated. */
  readonly next: () => Promise<readonly User[] | "end" | SearchEnd>;
  readonly cursor: () => Cursor;
  /** Milliseconds that a window spans; undefined for all of the past. */
  readonly windowMs: () => number | undefined;
  /** As Auth0 counted them at the first answer. */
  readonly total: () => number | undefined;
}

const hourMs = 60 * 60_000;

/** From the widest to the narrowest. */
const widths = [undefined, 30 * 24 * hourMs, 24 * hourMs, hourMs] as const;

/** No tenant is older than Auth0. */
const auth0Begins = Date.parse("2013-01-01T00:00:00Z");

/** So many windows in a row without anybody, and an export is faster. */
const mostEmptyWindows = 200;

const ownPictures = "_exists_:user_metadata.picture";

/** Where a search is. */
interface Walk {
  cursor: Cursor;
  /** Above 0 only among those of one instant. */
  page: number;
  /** Of the widths. */
  level: number;
  /** Everybody of the window was changed later; undefined where it has no beginning. */
  floor: string | undefined;
  isWindowEmpty: boolean;
  emptyWindows: number;
  /** Windows since the width was last changed, and how many it takes to try a wider one. */
  calm: number;
  calmNeeded: number;
  total: number | undefined;
  end: "end" | SearchEnd | undefined;
}

/**
 * Finds those with a key `user_metadata.picture`, whatever it holds. Each page begins where the last one ended, so that users who move
 * to the front while they are judged leave no gap; further pages of one search are for those of one instant. A search that takes
 * too long is repeated over a narrower window, and windows grow again once they work.
 *
 * @param now Milliseconds since 1970.
 */
export function searchWindows(searchPage: SearchPage, now: () => number): SearchWindows {
  const walk: Walk = {
    cursor: { upTo: undefined, given: new Set() },
    page: 0,
    level: 0,
    floor: undefined,
    isWindowEmpty: true,
    emptyWindows: 0,
    calm: 0,
    calmNeeded: 1,
    total: undefined,
    end: undefined,
  };
  return {
    next: async () => {
      while (walk.end === undefined) {
        const answer = await pageOf(searchPage, walk);
        const users = answer === undefined ? narrow(walk, now()) : take(walk, answer, now());
        if (users.length > 0) return users;
      }
      return walk.end;
    },
    cursor: () => walk.cursor,
    windowMs: () => widths[walk.level],
    total: () => walk.total,
  };
}

/** Undefined where it takes too long. */
async function pageOf(searchPage: SearchPage, walk: Walk): Promise<FoundUsers | undefined> {
  const { cursor, floor, page, total } = walk;
  const q = queryOf(cursor.upTo, floor);
  const counted = q === ownPictures && total === undefined;
  try {
    return await searchPage({ q, page, sort: "updated_at:-1", fields: queuedFields, counted });
  } catch (error) {
    if (valueIn(error, "code") === "auth0-search-too-slow") return undefined;
    throw error;
  }
}

/** Those of the page who were not given yet; the walk goes on behind them. */
function take(walk: Walk, { users, total }: FoundUsers, now: number): readonly User[] {
  walk.total ??= total;
  const { upTo, given } = walk.cursor;
  const fresh = users.filter((user) => !(timeOf(user) === upTo && given.has(user.user_id)));
  if (fresh.length > 0) walk.isWindowEmpty = false;
  if (users.length >= searchLimits.perPage) move(walk, users);
  else close(walk, now);
  return fresh;
}

/** After a full page. */
function move(walk: Walk, users: readonly User[]): void {
  const { cursor } = walk;
  const last = timeOf(users.at(-1));
  const isTime = !Number.isNaN(Date.parse(last));
  const upTo = isTime ? last : cursor.upTo;
  const ids = users.filter((user) => !isTime || timeOf(user) === last).map(({ user_id: id }) => id);
  const isSameInstant = upTo === cursor.upTo;
  walk.cursor = { upTo, given: new Set([...(isSameInstant ? cursor.given : []), ...ids]) };
  walk.page = isSameInstant ? walk.page + 1 : 0;
  // The search cannot tell apart what comes behind.
  const isBeyond = (walk.page + 1) * searchLimits.perPage > searchLimits.results;
  if (isBeyond || !isTime) walk.end = "many-at-one-time";
}

/** After the last page of a window. */
function close(walk: Walk, now: number): void {
  const { floor } = walk;
  walk.emptyWindows = walk.isWindowEmpty ? walk.emptyWindows + 1 : 0;
  if (floor === undefined) walk.end = "end";
  else walk.cursor = { upTo: floor, given: new Set() };
  if (walk.emptyWindows >= mostEmptyWindows) walk.end ??= "search-finds-too-few";
  walk.calm += 1;
  if (walk.calm >= walk.calmNeeded && walk.level > 0) {
    walk.level -= 1;
    walk.calm = 0;
  }
  open(walk, now);
}

/** The rest of the window in a narrower one. */
function narrow(walk: Walk, now: number): readonly User[] {
  if (walk.level === widths.length - 1) walk.end = "search-too-slow";
  else walk.level += 1;
  walk.calm = 0;
  // What failed a while ago is tried again ever more seldom: each failure takes seconds.
  walk.calmNeeded = Math.min(walk.calmNeeded * 2, 64);
  open(walk, now);
  return [];
}

function open(walk: Walk, now: number): void {
  const { upTo } = walk.cursor;
  const from = (upTo === undefined ? now : Date.parse(upTo)) - (widths[walk.level] ?? Infinity);
  walk.floor = from < auth0Begins ? undefined : new Date(from).toISOString();
  walk.page = 0;
  walk.isWindowEmpty = true;
}

function queryOf(upTo: string | undefined, floor: string | undefined): string {
  if (upTo === undefined && floor === undefined) return ownPictures;
  const from = floor === undefined ? "[*" : `{${floor}`;
  return `${ownPictures} AND updated_at:${from} TO ${upTo ?? "*"}]`;
}

/** As Auth0 writes it, which sorts as text; empty where it is missing, as no user's is. */
export function timeOf(user: User | undefined): string {
  return textAt(user, "updated_at") ?? "";
}
