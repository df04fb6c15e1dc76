import { compileFunction } from "node:vm";
import {
  answerKinds,
  batchOutcomes,
  type BatchLogin,
  type BatchRequest,
  type BatchOutcome,
  type TimeLimit,
} from "../frames.ts";
import type { Effects } from "../action-outcome.ts";
import { showMetadata } from "../show-metadata.ts";
import type { LoadedFlow } from "./loaded-flow.ts";
import type { Pipes } from "./pipes.ts";

/** Runs the whole flow for one login after the other, and gives up those that do not end. */
export interface BatchRunner {
  /** Answers with what each event of the batch came to. */
  readonly run: (content: Buffer) => Promise<void>;
  /** An error from outside of any promise, such as in a timer's callback. */
  readonly crash: () => void;
  /** A second has gone by. */
  readonly tick: () => void;
}

/** A batch that is under way. */
interface Batch {
  readonly logins: readonly BatchLogin[];
  readonly makeEvents: readonly MakeEvent[];
  readonly outcomes: BatchOutcome[];
  readonly done: () => void;
  /** The index of the next login. */
  next: number;
  /** How many seconds the login under way may still take. */
  left: number;
  /** Counts the logins that were given up: who goes on after one of them finds that it is not its turn any more. */
  turn: number;
}

/** So long may logins follow each other before timers and the clock come to their turn. */
const longestTurnMs = 500;

/** Kept before code of Actions may replace them, and before the modules are closed. */
const { parse, stringify } = JSON;
const { defineProperty } = Object;
const compile = compileFunction;
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
  const circumstancesOf = keptCircumstances();
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
      const { circumstances, logins } = parse(content.toString()) as BatchRequest;
      const makeEvents = circumstances.map(circumstancesOf);
      await new Promise<void>((done) => {
        batch = { logins, makeEvents, outcomes, done, next: 0, left: seconds, turn: 0 };
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
  let turnedAt = 0;
  const giveProcessorBack = (): Promise<void> =>
    new Promise((resolve) => {
      nextTurn(() => {
        turnedAt = now();
        resolve();
      });
    });
  return async (batch) => {
    const { logins, makeEvents, outcomes, turn } = batch;
    while (batch.next < logins.length) {
      if (now() - turnedAt > longestTurnMs) await giveProcessorBack();
      const login = logins[batch.next];
      batch.next += 1;
      batch.left = seconds;
      if (login === undefined) return;
      const outcome = await runLogin(flow, makeEvents[login[0]] ?? newObject, login);
      // It was given up, and another one runs.
      if (batch.turn !== turn) return;
      // What a timer does afterwards, also an error, would be the next login's.
      clearTimers();
      outcomes.push(outcome);
    }
    batch.done();
  };
}

type MakeEvent = () => { user?: unknown; stats?: object; secrets?: object };

const newObject: MakeEvent = () => ({});

/** Each Action gets an event of its own. */
async function runLogin(
  flow: LoadedFlow,
  makeEvent: MakeEvent,
  [, logins, given]: BatchLogin,
): Promise<BatchOutcome> {
  let user = given;
  let outcome: BatchOutcome = batchOutcomes.unset;
  const last = flow.count - 1;
  for (let index = 0; index <= last; index += 1) {
    const event = makeEvent();
    event.secrets = {};
    event.stats = { logins_count: logins };
    event.user = index === last ? user : jsonClone(user);
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
    user = withMetadata(user, asked);
  }
  return outcome;
}

/** A copy of what JSON can say: a third of the time that the text takes to be parsed. */
function jsonClone<T extends object>(value: T): T {
  if (Array.isArray(value)) return value.map(cloneWithin) as T;
  const clone = { ...value } as Record<string, unknown>;
  for (const key in clone) {
    const inner = clone[key];
    if (typeof inner !== "object" || inner === null) continue;
    if (key === "__proto__") defineProperty(clone, key, { ...ownProperty, value: jsonClone(inner) });
    else clone[key] = jsonClone(inner);
  }
  return clone as T;
}

const ownProperty = { configurable: true, enumerable: true, writable: true };

function cloneWithin(value: unknown): unknown {
  return typeof value === "object" && value !== null ? jsonClone(value) : value;
}

function withMetadata(user: object, { effects }: Effects): object {
  if (effects.every(({ kind }) => kind === "idToken.setCustomClaim")) return user;
  const shown = { user: jsonClone(user) as Record<string, unknown> };
  return showMetadata(shown, effects) ? shown.user : user;
}

/** How many are kept: there are as many as connections. */
const mostKept = 1000;

/** An object that is made from a literal is new each time, and takes a tenth of the time that its text takes to be parsed. */
function keptCircumstances(): (json: string) => MakeEvent {
  const kept = new Map<string, { batches: number; make: MakeEvent }>();
  return (json) => {
    let found = kept.get(json);
    if (found === undefined) {
      if (kept.size >= mostKept) kept.clear();
      found = { batches: 0, make: () => parse(json) as ReturnType<MakeEvent> };
      kept.set(json, found);
    }
    found.batches += 1;
    // What is in one batch only is not worth compiling. JSON is an expression of the language but for this name.
    if (found.batches === 2 && !json.includes("__proto__")) {
      found.make = compile(`return ${json};`) as MakeEvent;
    }
    return found.make;
  };
}
