import { ExpectedError } from "../../lib/errors.ts";
import {
  FlowProcessEnd,
  startFlowProcess,
  type FlowProcess,
  type FrameParts,
} from "../../sandbox/flow-process.ts";
import { answerKinds, auth0TimeLimit, batchOutcomes, type BatchOutcome } from "../../sandbox/frames.ts";
import type { ComparisonSetup, FlowSetup, HangingLogins } from "./comparison.ts";

/** Two processes of the sandbox, one for each of the flows that are compared: neither finds what the other one leaves. */
export interface FlowPair {
  /**
   * Runs both flows for a batch of users. Batches wait for each other.
   *
   * @param request Its buffers must stay as they are until the answer is there.
   * @param users How many there are in it.
   * @throws ExpectedError `impact-broke`.
   */
  readonly run: (request: FrameParts, users: number) => Promise<BothOutcomes | HangingLogins>;
  /** Ends both. */
  readonly stop: () => Promise<void>;
}

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

/** @param silenceMs How long a process may say nothing while it is asked for something. */
export function startFlowPair(setup: ComparisonSetup, silenceMs = longestSilenceMs): FlowPair {
  const { timeLimit = auth0TimeLimit } = setup;
  const start = ({ actions }: FlowSetup): FlowProcess =>
    startFlowProcess({ actions, timeLimit }, { mostAnswerBytes });
  const processes = { old: start(setup.old), new: start(setup.new) };
  const ask = async (process: FlowProcess, request: FrameParts, users: number) => {
    try {
      const { kind, content } = await process.request(request, silenceMs);
      if (kind === answerKinds.hanging) return undefined;
      const outcomes = kind === answerKinds.batch ? readOutcomes(content, users) : undefined;
      if (outcomes !== undefined) return outcomes;
      throw broke("the process that ran the Actions gave an answer that is none");
    } catch (error) {
      throw error instanceof FlowProcessEnd ? ended(error, silenceMs) : error;
    }
  };
  return {
    run: async (request, users) => {
      // Both answers are waited for, since both processes read the buffer.
      const [before, after] = await Promise.allSettled([
        ask(processes.old, request, users),
        ask(processes.new, request, users),
      ]);
      if (before.status === "rejected") throw before.reason;
      if (after.status === "rejected") throw after.reason;
      if (before.value === undefined || after.value === undefined) return { hanging: timeLimit };
      return { old: before.value, new: after.value };
    },
    stop: async () => {
      await Promise.all([processes.old.kill(), processes.new.kill()]);
    },
  };
}

/** What came from code that may be anybody's is checked like any input. */
function readOutcomes(content: Buffer, users: number): readonly BatchOutcome[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content.toString());
  } catch {
    return undefined;
  }
  return Array.isArray(value) && value.length === users && value.every(isOutcome) ? value : undefined;
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

function broke(why: string): ExpectedError {
  return new ExpectedError("impact-broke", why);
}
