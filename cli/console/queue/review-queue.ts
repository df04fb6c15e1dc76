import { setTimeout as sleep } from "node:timers/promises";
import { sha256 } from "../../../lib/hash.ts";
import type { User } from "../../../auth0/user.ts";
import { ownPicture } from "../../people/review-state.ts";
import {
  findOwnPictures,
  type FindingSource,
  type FindingState,
  type OwnPictureFinder,
} from "./find-own-pictures.ts";
import { packedUsers, type PackedUsers } from "./packed-users.ts";
import { pictureToJudge, queuedUser } from "./queued-user.ts";
import { timeOf } from "./search-windows.ts";

export interface QueuePage {
  /** As `queuedUser` keeps them, the latest reading of each. Whoever was judged since keeps the place in this walk. */
  readonly users: readonly User[];
  /** Whether nobody comes behind them. */
  readonly isEnd: boolean;
}

/** For a page as it is: it holds nobody's data. */
export interface QueueStatus {
  readonly finding: FindingState;
  /** Users in the queue so far: those of this walk who had a picture to judge when they were found. */
  readonly found: number;
  /** Whether more are being looked for. */
  readonly isReading: boolean;
  /** Why looking for more failed at last; undefined once it works again. */
  readonly error: unknown;
}

/**
 * The users whose own picture is to be judged, the latest change first: not blank, not blocked, and not judged as it is. It reads ahead
 * of what is taken.
 */
export interface ReviewQueue {
  /**
   * The users from a position on, from 0; fewer than `count` at the end, and where `withinMs` passed before so many were found: then it
   * goes on in the background.
   *
   * @throws as `OwnPictureFinder.next` where fewer are found yet and looking for more fails. The next call tries again.
   */
  readonly take: (from: number, count: number, withinMs?: number) => Promise<QueuePage>;
  /** A newer reading of a user: it takes the place of the one in the queue, and of what a search knows that is behind. */
  readonly put: (user: User) => void;
  /** The user's picture as the queue has it was judged: no other walk gives it. `put` of a user with a picture to judge takes this back. */
  readonly settle: (userId: string) => void;
  readonly status: () => QueueStatus;
  /** Looks again, from the latest change on: positions begin anew. */
  readonly restart: () => void;
  /** Ends reading ahead; the answer that is under way is thrown away. */
  readonly stop: () => void;
}

/** Users that are found before they are asked for. */
const readAhead = 200;

/** Nothing is asked before the first `take`. */
export function openReviewQueue(source: FindingSource, ahead = readAhead): ReviewQueue {
  const notes: Notes = { readings: new Map(), settled: new Map() };
  let walk = newWalk(source, notes);
  const isCurrent = (asked: Walk) => asked === walk && !asked.isStopped;

  return {
    take: async (from, count, withinMs = Infinity) => {
      const to = from + count;
      const deadline = performance.now() + withinMs;
      let asked = walk;
      while (asked.users.length() < to && !asked.isEnd) {
        if (!(await isDoneWithin(readMore(asked), deadline - performance.now()))) break;
        // Another walk may have begun meanwhile.
        asked = walk;
      }
      asked.wanted = Math.max(asked.wanted, to + ahead);
      void fill(asked, isCurrent);
      const users = asked.users.slice(from, to).map((user) => notes.readings.get(user.user_id) ?? user);
      return { users, isEnd: asked.isEnd && to >= asked.users.length() };
    },
    put: (user) => {
      notes.readings.set(user.user_id, queuedUser(user));
      if (pictureToJudge(user) !== undefined) notes.settled.delete(user.user_id);
    },
    settle: (userId) => {
      const user = notes.readings.get(userId) ?? walk.users.get(userId);
      const picture = user && ownPicture(user);
      if (picture !== undefined) notes.settled.set(userId, sha256(picture));
    },
    status: () => ({
      finding: walk.finder.state(),
      found: walk.users.length(),
      isReading: walk.reading !== undefined,
      error: walk.error,
    }),
    restart: () => {
      walk.isStopped = true;
      walk = newWalk(source, notes);
    },
    stop: () => {
      walk.isStopped = true;
    },
  };
}

/** What is known besides what a walk finds; it outlives walks. */
interface Notes {
  /** Newer readings of users. */
  readonly readings: Map<string, User>;
  /** By the user's id, the hash of the picture that was judged. */
  readonly settled: Map<string, string>;
}

interface Walk {
  readonly finder: OwnPictureFinder;
  readonly users: PackedUsers;
  /** So many are to be read. */
  wanted: number;
  reading: Promise<void> | undefined;
  isFilling: boolean;
  error: unknown;
  isEnd: boolean;
  isStopped: boolean;
}

function newWalk(source: FindingSource, notes: Notes): Walk {
  return {
    finder: findOwnPictures(source, (user) => toQueue(user, notes)),
    users: packedUsers(),
    wanted: 0,
    reading: undefined,
    isFilling: false,
    error: undefined,
    isEnd: false,
    isStopped: false,
  };
}

/** A search may be some seconds old: what is known to be newer counts. */
function toQueue(found: User, { readings, settled }: Notes): User | undefined {
  const reading = readings.get(found.user_id);
  const isNewer = reading !== undefined && timeOf(reading) > timeOf(found);
  if (!isNewer) readings.delete(found.user_id);
  const user = isNewer ? reading : found;
  const picture = pictureToJudge(user);
  if (picture === undefined || settled.get(user.user_id) === sha256(picture)) return undefined;
  return queuedUser(user);
}

/** One step; whoever asks while it is under way waits for the same. */
function readMore(walk: Walk): Promise<void> {
  walk.reading ??= step(walk).finally(() => {
    walk.reading = undefined;
  });
  return walk.reading;
}

/** False where the time passes first. */
async function isDoneWithin(work: Promise<void>, ms: number): Promise<boolean> {
  if (ms === Infinity) return work.then(() => true);
  const timer = new AbortController();
  try {
    const late = sleep(Math.max(ms, 0), false, { signal: timer.signal });
    return await Promise.race([work.then(() => true), late]);
  } finally {
    timer.abort();
  }
}

async function step(walk: Walk): Promise<void> {
  try {
    const users = await walk.finder.next();
    if (users === undefined) walk.isEnd = true;
    else walk.users.add(users);
    walk.error = undefined;
  } catch (error) {
    walk.error = error;
    throw error;
  }
}

/** In the background; a failure waits in the status for whoever takes next. */
async function fill(walk: Walk, isCurrent: (walk: Walk) => boolean): Promise<void> {
  if (walk.isFilling) return;
  walk.isFilling = true;
  try {
    while (isCurrent(walk) && walk.users.length() < walk.wanted && !walk.isEnd) await readMore(walk);
  } catch {
    // Kept in the walk.
  } finally {
    walk.isFilling = false;
  }
}
