import type { WarmFlow, WarmResult } from "../../../sandbox/child/warm-flow.ts";
import type { RunFlow } from "./compare-batch.ts";
import type { TimeLimit } from "./messages.ts";

const failed: WarmResult = { claims: new Map(), fails: "threw" };

/** So long may logins follow each other before timers and the clock come to their turn. */
const longestTurnMs = 500;

/** Before the process is locked down: code may replace the globals. */
const now = performance.now.bind(performance);
const nextTurn = setImmediate;

/** Runs one login after the other, and gives up those that do not end. */
export interface LoginRunner {
  readonly run: RunFlow;
  /** A second has gone by. */
  readonly tick: () => void;
  /** An error outside of any promise, such as in a timer's callback. */
  readonly crash: () => void;
  /** Lets timers run; resolves afterwards. */
  readonly turn: () => Promise<void>;
}

interface Login {
  readonly end: (result: WarmResult) => void;
  /** How many seconds it may still take. */
  left: number;
}

/** @param onTooMany Called where more logins run into the limit than may: the one that did does not end. */
export function createLoginRunner({ seconds, logins }: TimeLimit, onTooMany: () => void): LoginRunner {
  let current: Login | undefined;
  let hanging = 0;
  let turnedAt = 0;
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      nextTurn(() => {
        turnedAt = now();
        resolve();
      });
    });
  const start = (flow: WarmFlow, eventJson: string): Promise<WarmResult> =>
    new Promise((settle) => {
      const login: Login = {
        left: seconds,
        end: (result) => {
          // One that was given up may still come to an end, while another one runs.
          if (current !== login) return;
          current = undefined;
          // What a timer does afterwards, also an error, would be the next login's.
          flow.clearTimers();
          settle(result);
        },
      };
      current = login;
      void flow.run(eventJson).then(login.end);
    });
  return {
    run: (flow, eventJson) =>
      now() - turnedAt > longestTurnMs ? turn().then(() => start(flow, eventJson)) : start(flow, eventJson),
    tick: () => {
      if (current === undefined || current.left-- > 0) return;
      hanging += 1;
      if (hanging > logins) onTooMany();
      else current.end(failed);
    },
    // On a real server the login that waits for it never ends.
    crash: () => current?.end(failed),
    turn,
  };
}
