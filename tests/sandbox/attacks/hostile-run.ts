import { pollUntil } from "../../../lib/clock.ts";
import { processStatus } from "../../../lib/process-identity.ts";
import { readActionOutcome } from "../../../sandbox/action-outcome.ts";
import { FlowProcessEnd, startFlowProcess, type FlowProcess } from "../../../sandbox/flow-process.ts";
import { answerKinds, auth0TimeLimit, frame, requestKinds } from "../../../sandbox/frames.ts";
import type { AttemptResult } from "./attempt.ts";
import { hostileScript, type HostileProgram } from "./hostile-programs.ts";

const limitMs = 700;
/** Until a process that works on after its answer is ended. */
const idleMs = 4000;
const mostParentBytes = 300 * 1024 * 1024;

const requests = {
  run: frame(requestKinds.run, Uint8Array.of(0), "{}"),
  batch: frame(requestKinds.batch, '{"user_id":"auth0|1"}'),
};

/** Starts the program in place of the sandbox's, asks twice, and looks at what it could make its parent believe. */
export async function runHostile(program: HostileProgram): Promise<AttemptResult> {
  const own = startFlowProcess(
    { actions: [], timeLimit: auth0TimeLimit },
    { script: hostileScript(program) },
  );
  const memoryBefore = process.memoryUsage.rss();
  try {
    const said = await askTwice(own, program);
    const believed = said.filter((words) => words === undefined).length;
    const wrong = [
      ...(believed > program.answers ? [`${believed} answers were believed`] : []),
      ...(own.isUsable() ? ["the process goes on"] : []),
      ...(process.memoryUsage.rss() - memoryBefore > mostParentBytes ? ["the parent took much memory"] : []),
    ];
    await own.kill();
    if (processStatus(own.pid ?? 0) !== undefined) wrong.push("the process is there after its end");
    const refusal = said.find((words) => words !== undefined) ?? "";
    return wrong.length === 0
      ? { attempt: program.name, outcome: "refused", words: refusal }
      : { attempt: program.name, outcome: "succeeded", words: wrong.join(", ") };
  } finally {
    await own.kill();
  }
}

async function askTwice(own: FlowProcess, program: HostileProgram): Promise<(string | undefined)[]> {
  const request = requests[program.asks ?? "run"];
  const untilEnd = (withinMs: number): Promise<boolean> => pollUntil(() => !own.isUsable(), { withinMs });
  if (program.askedLate) {
    // Its time begins when it is given its code, however long its start takes: on a busy machine that was longer than the wait.
    await own.ready.catch(() => undefined);
    await untilEnd(idleMs);
  }
  const first = await ask(own, request);
  await untilEnd(program.answers > 0 ? idleMs : 0);
  return [first, await ask(own, request)];
}

/** Undefined where the answer is one; else what was said instead. */
async function ask(own: FlowProcess, request: Buffer): Promise<string | undefined> {
  try {
    const { kind, content } = await own.request(request, limitMs);
    const isOutcome = kind === answerKinds.outcome || kind === answerKinds.crashed;
    if (isOutcome && readActionOutcome(content) !== undefined) return undefined;
    // As its callers do.
    await own.kill();
    return "an answer that is none";
  } catch (error) {
    if (error instanceof FlowProcessEnd) return error.message;
    throw error;
  }
}
