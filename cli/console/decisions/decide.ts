import { userNotFound } from "../../../auth0/tenant-users.ts";
import type { Discourse } from "../../discourse/discourse.ts";
import { openDiscourse } from "../../discourse/open-discourse.ts";
import { blocking } from "../../people/block-plans.ts";
import { blockTask, clearAvatar } from "../../people/block-user.ts";
import { changing, type PictureTask } from "../../people/change-picture.ts";
import type { People } from "../../people/people.ts";
import { hashOf, pictureValues } from "../../people/picture-change.ts";
import { clearPlan } from "../../people/plain-plans.ts";
import { reviewPlan } from "../../people/review-plan.ts";
import { isUndoable, undoEntry, type Undoable } from "../../people/undo.ts";
import type { TenantWork } from "../../tenant-lock.ts";
import { carryOutTask, failureOf, type Decided, type Refused } from "./decided.ts";

/** What a moderator finds of a picture. */
export type Judgement =
  | { readonly kind: "fine" }
  | { readonly kind: "block"; readonly reason: string }
  | { readonly kind: "clear" };

export interface DecisionRequest {
  readonly userId: string;
  /** Of the picture that was judged, as `seenOf` gives it. */
  readonly seen: string;
  readonly decision: Judgement;
  /** Whether `block` and `clear` clear the forum's avatar too. */
  readonly discourse?: boolean;
}

/** The decisions of one console, for as long as it runs. */
export interface Decisions {
  /**
   * Carries a decision out: those of one kind in the order in which they are asked for. Does not reject with an ExpectedError.
   */
  readonly decide: (people: People, request: DecisionRequest) => Promise<Decided>;
  /**
   * Takes back the last decision of this console that is still in effect, once all that were asked for before are done;
   * called again, the one before it. Several that were made together are taken back one by one. The forum's avatar stays as it is, which
   * `lines` says.
   *
   * @param userId Of this user only.
   * @returns `refused` as `pictures undo` refuses, by `nothing-to-undo`, `changed-since` and others.
   */
  readonly undoLast: (people: People, userId?: string) => Promise<Decided>;
}

export interface DecisionOptions {
  /** True where it is left out. Whether the default image is fetched before it is sent to the forum: not if it is on a host in the own network. */
  readonly probe?: boolean;
}

/** A decision of this console, in the order in which they were asked for. */
interface Made {
  readonly userId: string;
  readonly discourse: boolean;
  /** Undefined until it is done. */
  journalId?: string;
}

export function createDecisions({ probe = true }: DecisionOptions = {}): Decisions {
  const inTurn = createTurns();
  const made: Made[] = [];
  const forget = (decision: Made) => {
    made.splice(made.indexOf(decision), 1);
  };
  let forum: Promise<Discourse> | undefined;
  const openForum = (people: People): Promise<Discourse> => {
    // Settings that are missing may be there the next time.
    forum ??= openDiscourse(people, probe).catch((error: unknown) => {
      forum = undefined;
      throw error;
    });
    return forum;
  };
  const write = async (people: People, { userId, seen, decision }: DecisionRequest, mine: Made) => {
    // Before anything is changed: missing settings must not stop it half-way.
    const opened = mine.discourse ? await orRefused(userId, () => openForum(people)) : undefined;
    const isRefused = opened !== undefined && "outcome" in opened;
    const decided = isRefused ? opened : await carryOutTask(people, taskOf(userId, decision), seen);
    if (decided.outcome === "done") mine.journalId = decided.journalId;
    else forget(mine);
    return { decided, clearIn: isRefused ? undefined : opened };
  };

  return {
    decide: async (people, request) => {
      const mine: Made = { userId: request.userId, discourse: clearsAvatar(request) };
      made.push(mine);
      const { decided, clearIn } = await inTurn(workOf(request.decision), () => write(people, request, mine));
      if (clearIn === undefined) return decided;
      // The forum takes seconds to show it: the next decision does not wait for that.
      return inTurn(["forum"], () => withAvatarCleared(people, decided, clearIn));
    },
    undoLast: (people, userId) =>
      inTurn(["users", "blocks"], async () => {
        for (;;) {
          const last = made.findLast((each) => each.journalId !== undefined && isOf(each, userId));
          if (last === undefined) return nothingToUndo(userId);
          const undone = await undo(people, last);
          if (undone === undefined || isSettled(undone)) forget(last);
          if (undone !== undefined) return undone;
        }
      }),
  };
}

function isOf(made: Made, userId: string | undefined): boolean {
  return userId === undefined || made.userId === userId;
}

function clearsAvatar({ decision, discourse }: DecisionRequest): boolean {
  return discourse === true && decision.kind !== "fine";
}

/** @param run What does not reject with an ExpectedError any more. */
async function orRefused<T>(userId: string, run: () => Promise<T>): Promise<T | Refused> {
  try {
    return await run();
  } catch (error) {
    return { outcome: "refused", userId, ...failureOf(error) };
  }
}

function workOf({ kind }: Judgement): readonly TenantWork[] {
  return (kind === "clear" ? changing : blocking).work;
}

function taskOf(wanted: string, decision: Judgement): PictureTask {
  if (decision.kind === "fine") return { command: "review", wanted, needs: blocking, plan: reviewPlan };
  if (decision.kind === "block") return blockTask(wanted, { reason: decision.reason });
  return { command: "clear", wanted, plan: clearPlan };
}

/** As `block --discourse` does it: also where nothing had to be changed. */
async function withAvatarCleared(people: People, decided: Decided, forum: Discourse): Promise<Decided> {
  if (decided.outcome !== "done" && decided.outcome !== "unchanged") return decided;
  const { user } = decided;
  const cleared = await orRefused(user.user_id, () => clearAvatar(people, forum, user));
  if ("outcome" in cleared) {
    const { code, message } = cleared;
    return decided.outcome === "done" ? { ...decided, failedAfter: { code, message } } : cleared;
  }
  return decided.outcome === "done"
    ? { ...decided, lines: [...decided.lines, ...cleared.lines] }
    : { ...decided, why: [decided.why, ...cleared.lines].join(" ") };
}

/** Undefined where it is taken back already. */
async function undo(people: People, made: Made): Promise<Decided | undefined> {
  const { userId, journalId, discourse } = made;
  return orRefused(userId, async () => {
    const entry = people.journal.entries(userId).find(({ id }) => id === journalId);
    if (entry === undefined || !isUndoable(entry)) return forgotten(userId);
    if (!(await isInEffect(people, entry))) return undefined;
    const undone = await carryOutTask(people, undoEntry(entry), undefined);
    return discourse && undone.outcome === "done"
      ? { ...undone, lines: [...undone.lines, avatarStays] }
      : undone;
  });
}

const avatarStays =
  "The avatar in Discourse stays cleared. pictures discourse sync sends the picture there again.";

async function isInEffect(people: People, entry: Undoable): Promise<boolean> {
  const current = await people.users.get(entry.user);
  if (current === undefined) throw userNotFound(entry.user);
  return hashOf(pictureValues(current, entry.keys)) !== entry.hashBefore;
}

/** Whether there is nothing more to try: what can never be taken back must not stand before what can. */
function isSettled(undone: Decided): boolean {
  if (undone.outcome === "refused") {
    return ["changed-since", "cannot-be-undone", "user-not-found"].includes(undone.code);
  }
  return undone.outcome !== "changed";
}

function nothingToUndo(userId: string | undefined): Decided {
  const whose = userId === undefined ? "" : ` about ${userId}`;
  return {
    outcome: "refused",
    userId,
    code: "nothing-to-undo",
    message: `This console has made no decision${whose} that can be taken back. Earlier changes are undone on the user's own page.`,
  };
}

function forgotten(userId: string): Decided {
  return {
    outcome: "refused",
    userId,
    code: "cannot-be-undone",
    message: `What was before the decision about ${userId} is not in the journal any more.`,
  };
}

type Turn = TenantWork | "forum";
type InTurn = <T>(turns: readonly Turn[], run: () => Promise<T>) => Promise<T>;

/**
 * Runs what changes the same one after the other, in the order of the calls. The lock of the tenant would do that too, but not
 * in order; and a block must not wait for a `clear` that waits for an import.
 */
function createTurns(): InTurn {
  const last = new Map<Turn, Promise<unknown>>();
  return async (turns, run) => {
    const before = turns.map((turn) => last.get(turn) ?? Promise.resolve());
    const mine = Promise.allSettled(before).then(run);
    for (const turn of turns) last.set(turn, mine);
    return mine;
  };
}
