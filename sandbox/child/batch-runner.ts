import { compileFunction } from "node:vm";
import {
  answerKinds,
  batchOutcomes,
  type BatchHeader,
  type BatchOutcome,
  type TimeLimit,
} from "../frames.ts";
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

interface Login {
  readonly end: (outcome: BatchOutcome) => void;
  /** How many seconds it may still take. */
  left: number;
}

/** So long may logins follow each other before timers and the clock come to their turn. */
const longestTurnMs = 500;

/** Kept before code of Actions may replace them, and before the modules are closed. */
const { parse, stringify } = JSON;
const compile = compileFunction;
const now = performance.now.bind(performance);
const nextTurn = setImmediate;
const lineFeed = 10;
const space = 32;

/** @param clearTimers For the end of a login: nothing that it started goes on. */
export function createBatchRunner(
  flow: LoadedFlow,
  { seconds, logins }: TimeLimit,
  clearTimers: () => void,
  pipes: Pipes,
  exit: (code: number) => never,
): BatchRunner {
  const circumstancesOf = keptCircumstances();
  let current: Login | undefined;
  let isWorking = false;
  let hanging = 0;
  let turnedAt = 0;
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      nextTurn(() => {
        turnedAt = now();
        resolve();
      });
    });
  const login = (makeEvent: MakeEvent, user: string): Promise<BatchOutcome> =>
    new Promise((settle) => {
      const started: Login = {
        left: seconds,
        end: (outcome) => {
          // One that was given up may still come to an end, while another one runs.
          if (current !== started) return;
          current = undefined;
          // What a timer does afterwards, also an error, would be the next login's.
          clearTimers();
          settle(outcome);
        },
      };
      current = started;
      void runLogin(flow, makeEvent, user).then(started.end);
    });
  return {
    run: async (content) => {
      isWorking = true;
      const outcomes: BatchOutcome[] = [];
      const headerEnd = content.indexOf(lineFeed);
      const { circumstances } = parse(content.toString("utf8", 0, headerEnd)) as BatchHeader;
      for (let start = headerEnd + 1; start < content.length;) {
        const found = content.indexOf(lineFeed, start);
        const end = found === -1 ? content.length : found;
        const middle = content.indexOf(space, start);
        const makeEvent = circumstancesOf(circumstances[Number(content.toString("latin1", start, middle))] ?? "{}");
        const user = content.toString("utf8", middle + 1, end);
        start = end + 1;
        if (now() - turnedAt > longestTurnMs) await turn();
        outcomes.push(await login(makeEvent, user));
      }
      isWorking = false;
      pipes.write(answerKinds.batch, stringify(outcomes));
    },
    crash: () => {
      // On a real server the login that waits for it never ends.
      current?.end(batchOutcomes.threw);
    },
    tick: () => {
      if (!isWorking) return;
      pipes.write(answerKinds.alive);
      if (current === undefined || current.left-- > 0) return;
      hanging += 1;
      if (hanging <= logins) {
        current.end(batchOutcomes.threw);
        return;
      }
      pipes.write(answerKinds.hanging);
      exit(0);
    },
  };
}

type MakeEvent = () => { user?: unknown; secrets?: object };

/** Each Action gets an event of its own. */
async function runLogin(flow: LoadedFlow, makeEvent: MakeEvent, userJson: string): Promise<BatchOutcome> {
  let json = userJson;
  let outcome: BatchOutcome = batchOutcomes.unset;
  for (let index = 0; index < flow.count; index += 1) {
    const event = makeEvent();
    event.secrets = {};
    event.user = parse(json);
    const { effects, error, denied } = await flow.run(index, event);
    if (error !== undefined) return batchOutcomes.threw;
    if (denied !== undefined) return batchOutcomes.denied;
    let changesMetadata = false;
    for (const { kind, name, value } of effects) {
      if (kind === "idToken.setCustomClaim") {
        if (name === "picture") outcome = [value ?? null];
      } else changesMetadata = true;
    }
    if (changesMetadata) {
      const shown = { user: parse(json) as Record<string, unknown> };
      if (showMetadata(shown, effects)) json = stringify(shown.user);
    }
  }
  return outcome;
}

/** How many are kept: there are as many as connections, and logins' counts where the file has them. */
const mostKept = 1000;

/** An object that is made from a literal is new each time, and takes a tenth of the time that its text takes to be parsed. */
function keptCircumstances(): (json: string) => MakeEvent {
  const kept = new Map<string, { uses: number; make: MakeEvent }>();
  return (json) => {
    let found = kept.get(json);
    if (found === undefined) {
      if (kept.size >= mostKept) kept.clear();
      found = { uses: 0, make: () => parse(json) as ReturnType<MakeEvent> };
      kept.set(json, found);
    }
    found.uses += 1;
    // What is there a few times only is not worth compiling. JSON is an expression of the language but for this name.
    if (found.uses === 10 && !json.includes("__proto__")) {
      found.make = compile(`return ${json};`) as MakeEvent;
    }
    return found.make;
  };
}
