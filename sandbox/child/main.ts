// The program of the sandbox's processes. It is bundled into one script and passed on the command line: it may read no file, and
// has nothing but the two pipes to its parent.
import { randomBytes } from "node:crypto";
import type { Effects } from "../action-outcome.ts";
import { answerKinds, requestKinds, type LoadRequest } from "../frames.ts";
import { installActionGlobals } from "./action-globals.ts";
import { createBatchRunner } from "./batch-runner.ts";
import { closeProcess } from "./close-process.ts";
import { crashMessage, loadFlow, messageOf } from "./loaded-flow.ts";
import { openPipes, type Pipes } from "./pipes.ts";

const { parse, stringify } = JSON;
const everySecond = setInterval;

/** Node starts the threads of its pool when they are first needed, and reads the time zone: later nothing can be started or read. */
function warmUp(): Promise<void> {
  new Date().toString();
  return new Promise((resolve) => {
    randomBytes(1, () => {
      resolve();
    });
  });
}

async function main(): Promise<void> {
  await warmUp();
  const pipes = openPipes();
  const crash: Crash = { on: () => undefined };
  const { exit } = closeProcess((error) => {
    crash.on(error);
  });
  try {
    await serve(pipes, crash, exit);
    exit(0);
  } catch {
    // Code has broken the program that runs it.
    exit(1);
  }
}

/** What is done about an error from outside of any promise. */
interface Crash {
  on: (error: unknown) => void;
}

/** Answers requests until there are no more. */
async function serve(pipes: Pipes, crash: Crash, exit: (code: number) => never): Promise<void> {
  const globals = installActionGlobals();
  pipes.write(answerKinds.ready);
  const first = pipes.read();
  if (first?.kind !== requestKinds.load) return exit(1);
  const { actions, timeLimit } = parse(first.content.toString()) as LoadRequest;
  const flow = loadFlow(actions);
  const batches = createBatchRunner(flow, timeLimit, globals.clearTimers, pipes, exit);
  // Without it the process would end where an Action waits for nothing, too.
  everySecond(batches.tick, 1000);
  for (let request = pipes.read(); request !== undefined; request = pipes.read()) {
    if (request.kind === requestKinds.batch) {
      crash.on = batches.crash;
      await batches.run(request.content);
      continue;
    }
    const effects: Effects = { effects: [] };
    const outcome = (): string => stringify({ ...effects, console: globals.takeLines() });
    crash.on = (error) => {
      effects.effects = [];
      effects.error = crashMessage(error);
      pipes.write(answerKinds.crashed, outcome());
      exit(1);
    };
    const [index = 0] = request.content;
    try {
      await flow.call(index, parse(request.content.toString("utf8", 1)) as object, effects);
    } catch (error) {
      effects.error = messageOf(error);
    }
    globals.clearTimers();
    pipes.write(answerKinds.outcome, outcome());
  }
}

void main();
