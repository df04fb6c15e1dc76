import type { User } from "../../../auth0/user.ts";
import type { ChangesUnderWay } from "../changes-under-way.ts";
import type { Decisions, Judgement } from "../decisions/decide.ts";
import type { Decided } from "../decisions/decided.ts";
import type { PeopleSource } from "../people-source.ts";
import { pictureToJudge } from "./queued-user.ts";
import type { ReviewQueue } from "./review-queue.ts";

/** A decision that this console was asked for, for a page that is opened later. */
export interface DeskEntry {
  readonly userId: string;
  readonly judgement: Judgement;
  /** Undefined while it is carried out. */
  readonly decided: Decided | undefined;
}

export interface JudgeRequest {
  readonly userId: string;
  /** Of the picture that was judged. */
  readonly seen: string;
  readonly judgement: Judgement;
}

/** The queue, and the decisions about it: who is judged leaves it at once, and comes back where nothing was written. */
export interface ReviewDesk {
  /** As `ReviewQueue.take`. */
  readonly take: ReviewQueue["take"];
  /** Does not reject with an ExpectedError. It is carried out also where nobody waits for the answer. */
  readonly judge: (request: JudgeRequest) => Promise<Decided>;
  /** Takes the last decision back; the user is in the queue again. */
  readonly undo: () => Promise<Decided>;
  /** The user as last read; undefined for one who was not shown. */
  readonly shown: (userId: string) => User | undefined;
  /** Whether there is something to judge: no decision about the picture is made, or under way. */
  readonly isOpen: (user: User) => boolean;
  /** The latest first. */
  readonly latest: () => readonly DeskEntry[];
}

export interface DeskParts {
  readonly people: PeopleSource;
  readonly changes: Pick<ChangesUnderWay, "add">;
  readonly queue: Pick<ReviewQueue, "take" | "put" | "settle">;
  readonly decisions: Decisions;
  readonly discourse: boolean;
}

/** How many are remembered: of decisions, and of users that were shown. */
const most = { latest: 5, shown: 5000 };

export function createReviewDesk({ people, changes, queue, decisions, discourse }: DeskParts): ReviewDesk {
  let latest: readonly DeskEntry[] = [];
  const shown = new Map<string, User>();
  const pending = new Map<string, number>();
  /** Who is not there any more: a walk that found them before still has them. */
  const gone = new Set<string>();
  const note = (user: User): void => {
    shown.delete(user.user_id);
    shown.set(user.user_id, user);
    for (const oldest of shown.keys()) {
      if (shown.size <= most.shown) break;
      shown.delete(oldest);
    }
  };
  const read = (user: User): void => {
    note(user);
    queue.put(user);
  };
  const carriedOut = async ({ userId, seen, judgement: decision }: JudgeRequest): Promise<Decided> => {
    const before = shown.get(userId);
    pending.set(userId, (pending.get(userId) ?? 0) + 1);
    queue.settle(userId);
    let decided: Decided | undefined;
    try {
      decided = await decisions.decide(await people(), { userId, seen, decision, discourse });
      return decided;
    } finally {
      const left = (pending.get(userId) ?? 1) - 1;
      if (left === 0) pending.delete(userId);
      else pending.set(userId, left);
      const isGone = decided?.outcome === "refused" && decided.code === "user-not-found";
      const current = decided !== undefined && "user" in decided ? decided.user : before;
      // Nothing was written to one who was refused: the picture is still to be judged.
      if (isGone) gone.add(userId);
      else if (current !== undefined) read(current);
    }
  };

  return {
    take: async (from, count, withinMs) => {
      const found = await queue.take(from, count, withinMs);
      found.users.forEach(note);
      return found;
    },
    judge: async (request) => {
      const entry = { userId: request.userId, judgement: request.judgement };
      const pending: DeskEntry = { ...entry, decided: undefined };
      latest = [pending, ...latest].slice(0, most.latest);
      const decided = await changes.add(carriedOut(request));
      latest = latest.map((each) => (each === pending ? { ...entry, decided } : each));
      return decided;
    },
    undo: async () => {
      const undone = await changes.add(people().then(decisions.undoLast));
      if ("user" in undone) read(undone.user);
      return undone;
    },
    isOpen: (user) =>
      !pending.has(user.user_id) && !gone.has(user.user_id) && pictureToJudge(user) !== undefined,
    shown: (userId) => shown.get(userId),
    latest: () => latest,
  };
}
