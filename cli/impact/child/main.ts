// The program of a process that compares two flows. It is bundled into one script and passed on the command line: it may read
// no file, and has nothing but the two pipes to its parent.
import { freezePureModules } from "../../../sandbox/child/builtin-modules.ts";
import { lockDown } from "../../../sandbox/child/lockdown.ts";
import type { WarmResult } from "../../../sandbox/child/warm-flow.ts";
import { createCompareBatch, type RunFlow } from "./compare-batch.ts";
import { readFrame, writeAnswer } from "./frames.ts";
import type { ChildSetup } from "./messages.ts";

/** Auth0's limit for a whole flow. */
const longestFlowSeconds = 20;

const failed: WarmResult = { claims: new Map(), fails: "threw" };

let seconds = 0;
let current: { settle: (result: WarmResult) => void; since: number } | undefined;

const runFlow: RunFlow = (flow, eventJson) =>
  new Promise((settle) => {
    current = { settle, since: seconds };
    void flow.run(eventJson).then(settle);
  });

async function main(exit: (code: number) => never): Promise<void> {
  const setup = readFrame();
  if (setup === undefined) exit(0);
  const compare = createCompareBatch(JSON.parse(setup.toString()) as ChildSetup, runFlow);
  for (let batch = readFrame(); batch !== undefined; batch = readFrame()) {
    writeAnswer(await compare(batch));
    current = undefined;
  }
  exit(0);
}

const owner = process;
owner.on("uncaughtException", () => {
  // In a timer's callback: on a real server the login that waits for it never ends.
  current?.settle(failed);
});
owner.on("unhandledRejection", () => {
  // An Action that does not wait for a promise does not learn how it ended, in Auth0 as here.
});
// Without it the process would end while an Action waits for nothing.
setInterval(() => {
  seconds += 1;
  if (current && seconds - current.since > longestFlowSeconds) current.settle(failed);
}, 1000);

freezePureModules();
const kept = lockDown();
void main(kept.exit);
