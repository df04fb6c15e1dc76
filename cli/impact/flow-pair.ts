import { ExpectedError } from "../../lib/errors.ts";
import {
  FlowProcessEnd,
  startFlowProcess,
  type FlowProcess,
  type FrameParts,
} from "../../sandbox/flow-process.ts";
import {
  answerKinds,
  auth0TimeLimit,
  batchOutcomes,
  frameParts,
  requestKinds,
  type BatchOutcome,
  type TimeLimit,
} from "../../sandbox/frames.ts";
import { processorTimes, type ProcessorTimes } from "../../sandbox/process-usage.ts";
import type { FlowSetup, HangingLogins } from "./comparison.ts";

/** Two processes of the sandbox, one for each of the flows that are compared: neither finds what the other one leaves. */
export interface FlowPair {
  /**
   * Runs both flows for the users of a batch of lines. Batches wait for each other.
   *
   * @param lines They must stay as they are until the answer is there.
   * @throws ExpectedError `impact-broke`.
   */
  readonly run: (lines: Uint8Array) => Promise<BothOutcomes | HangingLogins>;
  /** Ends both. */
  readonly stop: () => Promise<void>;
}

/** One of which one can see whether it gets anywhere. */
export interface WatchedFlowPair extends FlowPair {
  /** Resolves when both processes have started; rejects where one cannot. */
  readonly ready: Promise<void>;
  /** Of both processes; undefined where the system does not tell. */
  readonly processorTimes: () => readonly (ProcessorTimes | undefined)[];
}

/** What the login of each line came to that is not empty. How many there are is not looked at here. */
export interface BothOutcomes {
  readonly old: readonly BatchOutcome[];
  readonly new: readonly BatchOutcome[];
}

/**
 * A process that works on a batch says each second that it is there. One that is silent runs code that never gives the processor
 * back: it cannot be stopped in any other way than by killing its process.
 */
const longestSilenceMs = 120_000;

/** What a batch's answer may hold: a page of text for each of its users. */
const mostAnswerBytes = 32 * 1024 * 1024;

export interface FlowPairOptions {
  /** By default Auth0's. */
  readonly timeLimit?: TimeLimit | undefined;
  /** How long a process may say nothing while it is asked for something; by default two minutes. */
  readonly silenceMs?: number | undefined;
}

/** The code of both flows. */
export interface FlowCodes {
  readonly old: Pick<FlowSetup, "actions">;
  readonly new: Pick<FlowSetup, "actions">;
}

/** @param codes May come later. Where they do not, what is run rejects. */
export function startFlowPair(
  codes: FlowCodes | Promise<FlowCodes>,
  { timeLimit = auth0TimeLimit, silenceMs = longestSilenceMs }: FlowPairOptions,
  background: boolean,
): WatchedFlowPair {
  const start = (which: keyof FlowCodes): FlowProcess => {
    const load = async () => ({ actions: (await codes)[which].actions, timeLimit });
    return startFlowProcess(load(), { mostAnswerBytes, background });
  };
  const processes = { old: start("old"), new: start("new") };
  const ready = Promise.all([processes.old.ready, processes.new.ready]).then(() => undefined);
  // What is run rejects, too.
  ready.catch(() => undefined);
  const ask = async (process: FlowProcess, request: FrameParts) => {
    try {
      const { kind, content } = await process.request(request, silenceMs);
      if (kind === answerKinds.hanging) return undefined;
      const outcomes = kind === answerKinds.batch ? readOutcomes(content) : undefined;
      if (outcomes !== undefined) return outcomes;
      throw noAnswer();
    } catch (error) {
      throw error instanceof FlowProcessEnd ? ended(error, silenceMs) : error;
    }
  };
  return {
    run: async (lines) => {
      const request = frameParts(requestKinds.batch, lines);
      // Both answers are waited for, since both processes read the buffer.
      const [before, after] = await Promise.allSettled([
        ask(processes.old, request),
        ask(processes.new, request),
      ]);
      if (before.status === "rejected") throw before.reason;
      if (after.status === "rejected") throw after.reason;
      if (before.value === undefined || after.value === undefined) return { hanging: timeLimit };
      return { old: before.value, new: after.value };
    },
    ready,
    processorTimes: () =>
      [processes.old, processes.new].map(({ pid }) => (pid === undefined ? undefined : processorTimes(pid))),
    stop: async () => {
      await Promise.all([processes.old.kill(), processes.new.kill()]);
    },
  };
}

/** What came from code that may be anybody's is checked like any input. */
function readOutcomes(content: Buffer): readonly BatchOutcome[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content.toString());
  } catch {
    return undefined;
  }
  return Array.isArray(value) && value.every(isOutcome) ? value : undefined;
}

function isOutcome(value: unknown): value is BatchOutcome {
  if (Array.isArray(value)) return value.length === 1;
  return value === batchOutcomes.unset || value === batchOutcomes.threw || value === batchOutcomes.denied;
}

function ended({ why, message }: FlowProcessEnd, silenceMs: number): ExpectedError {
  if (why === "silence")
    return broke(`an Action blocked its process for more than ${silenceMs / 1000} seconds`);
  return broke(`the process that ran the Actions ended: ${message}`);
}

/** What is said of an answer that cannot be one to what was asked. */
export function noAnswer(): ExpectedError {
  return broke("the process that ran the Actions gave an answer that is none");
}

function broke(why: string): ExpectedError {
  return new ExpectedError("impact-broke", why);
}
