import type { Effects } from "../action-outcome.ts";
import { batchLines } from "../batch-lines.ts";
import { exportedLogins } from "../exported-login.ts";
import type { ActionEffect } from "../flow.ts";
import { answerKinds, batchOutcomes, type BatchOutcome, type TimeLimit } from "../frames.ts";
import type { LoginProfile } from "../login-event.ts";
import { showMetadata } from "../show-metadata.ts";
import { eventMaker, type MakeEvent } from "./circumstances.ts";
import { eventUserMaker, type MakeEventUser } from "./event-users.ts";
import type { LoadedFlow } from "./loaded-flow.ts";
import type { Pipes } from "./pipes.ts";

/** Runs the whole flow for one login after the other, and gives up those that do not end. */
export interface BatchRunner {
  /** Answers with what the login of each line came to. */
  readonly run: (content: Buffer) => Promise<void>;
  /** An error from outside of any promise, such as in a timer's callback. */
  readonly crash: () => void;
  /** A second has gone by. */
  readonly tick: () => void;
}

/** A batch that is under way. */
interface Batch {
  /** Gives the next line with a user. Read one by one: what lives for one login only costs the engine least. */
  readonly nextLine: () => string | undefined;
  readonly outcomes: BatchOutcome[];
  readonly done: () => void;
  /** How many seconds the login under way may still take. */
  left: number;
  /** Counts the logins that were given up: who goes on after one of them finds that it is not its turn any more. */
  turn: number;
}

/** So long may logins follow each other before timers and the clock come to their turn. */
const longestTurnMs = 500;

/** Kept before code of Actions may replace them, and before the modules are closed. */
const { parse, stringify } = JSON;
const now = performance.now.bind(performance);
const nextTurn = setImmediate;

/** @param clearTimers For the end of a login: nothing that it started goes on. */
export function createBatchRunner(
  flow: LoadedFlow,
  { seconds, logins: mostHanging }: TimeLimit,
  clearTimers: () => void,
  pipes: Pipes,
  exit: (code: number) => never,
): BatchRunner {
  const runLogins = createLoginLoop(flow, seconds, clearTimers);
  let batch: Batch | undefined;
  let hanging = 0;
  const start = async (current: Batch): Promise<void> => {
    try {
      await runLogins(current);
    } catch {
      // Code has broken the program that runs it.
      exit(1);
    }
  };
  const giveUp = (current: Batch): void => {
    current.turn += 1;
    clearTimers();
    current.outcomes.push(batchOutcomes.threw);
    void start(current);
  };
  return {
    run: async (content) => {
      const outcomes: BatchOutcome[] = [];
      const { next: nextLine } = batchLines(content);
      await new Promise<void>((done) => {
        batch = { nextLine, outcomes, done, left: seconds, turn: 0 };
        void start(batch);
      });
      batch = undefined;
      pipes.write(answerKinds.batch, stringify(outcomes));
    },
    crash: () => {
      // On a real server the login that waits for it never ends.
      if (batch !== undefined) giveUp(batch);
    },
    tick: () => {
      if (batch === undefined) return;
      pipes.write(answerKinds.alive);
      if (batch.left-- > 0) return;
      hanging += 1;
      if (hanging <= mostHanging) {
        giveUp(batch);
        return;
      }
      pipes.write(answerKinds.hanging);
      exit(0);
    },
  };
}

/** Runs the logins of a batch that are left, one after the other. */
function createLoginLoop(
  flow: LoadedFlow,
  seconds: number,
  clearTimers: () => void,
): (batch: Batch) => Promise<void> {
  const runLogin = createLoginRunner(flow);
  let turnedAt = 0;
  const giveProcessorBack = (): Promise<void> =>
    new Promise((resolve) => {
      nextTurn(() => {
        turnedAt = now();
        resolve();
      });
    });
  return async (batch) => {
    const { nextLine, outcomes, turn } = batch;
    for (let line = nextLine(); line !== undefined; line = nextLine()) {
      if (now() - turnedAt > longestTurnMs) await giveProcessorBack();
      batch.left = seconds;
      const outcome = await runLogin(line);
      // It was given up, and another one runs.
      if (batch.turn !== turn) return;
      // What a timer does afterwards, also an error, would be the next login's.
      clearTimers();
      outcomes.push(outcome);
    }
    batch.done();
  };
}

/** Runs the whole flow for the user of a line. A line that is no user fails: the parent tells what is wrong with it. */
function createLoginRunner(flow: LoadedFlow): (line: string) => BatchOutcome | Promise<BatchOutcome> {
  const makeUser = eventUserMaker();
  const loginOf = exportedLogins(eventMaker);
  return (line) => {
    let user: unknown;
    try {
      user = parse(line);
    } catch {
      return batchOutcomes.threw;
    }
    if (typeof user !== "object" || user === null) return batchOutcomes.threw;
    const { profile, made, logins } = loginOf(user as LoginProfile);
    return runLogin(flow, made, makeUser, profile, logins);
  };
}

/** Each Action gets an event of its own. */
async function runLogin(
  flow: LoadedFlow,
  makeEvent: MakeEvent,
  makeUser: MakeEventUser,
  profile: LoginProfile,
  logins: number,
): Promise<BatchOutcome> {
  let user = profile;
  let outcome: BatchOutcome = batchOutcomes.unset;
  const last = flow.count - 1;
  for (let index = 0; index <= last; index += 1) {
    const event = makeEvent(makeUser(user, index === last), logins);
    const asked: Effects = { effects: [] };
    try {
      await flow.call(index, event, asked);
    } catch {
      return batchOutcomes.threw;
    }
    if (asked.denied !== undefined) return batchOutcomes.denied;
    if (asked.effects.length === 0) continue;
    for (const { kind, name, value } of asked.effects) {
      if (kind === "idToken.setCustomClaim" && name === "picture") outcome = [value ?? null];
    }
    if (asked.effects.every(isClaim)) continue;
    const shown = { user: makeUser(user, false) as Record<string, unknown> };
    if (showMetadata(shown, asked.effects)) user = shown.user;
  }
  return outcome;
}

function isClaim({ kind }: ActionEffect): boolean {
  return kind === "idToken.setCustomClaim";
}
