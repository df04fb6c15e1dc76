// The program of a process that compares two flows. It is bundled into one script and passed on the command line: it may read
// no file, and has nothing but the two pipes to its parent.
import { freezePureModules, lockDown } from "../../../sandbox/child/lockdown.ts";
import { createCompareBatch } from "./compare-batch.ts";
import { createLoginRunner, type LoginRunner } from "./login-runner.ts";
import {
  aliveLine,
  auth0TimeLimit,
  readFrame,
  writeLine,
  type BatchAnswer,
  type ChildSetup,
} from "./messages.ts";

let logins: LoginRunner | undefined;

function answer(content: BatchAnswer): void {
  writeLine(JSON.stringify(content));
}

async function main(exit: (code: number) => never): Promise<void> {
  const content = readFrame();
  if (content === undefined) exit(0);
  const setup = JSON.parse(content.toString()) as ChildSetup;
  const { timeLimit = auth0TimeLimit } = setup;
  const runner = createLoginRunner(timeLimit, () => {
    answer({ hanging: timeLimit });
    exit(0);
  });
  logins = runner;
  // Without it the process would end while an Action waits for nothing, too.
  setInterval(() => {
    writeLine(aliveLine);
    runner.tick();
  }, 1000);
  const compare = createCompareBatch(setup, runner.run);
  for (let batch = readFrame(); batch !== undefined; batch = readFrame()) {
    answer(await compare(batch));
    await runner.turn();
  }
  exit(0);
}

const owner = process;
owner.on("uncaughtException", () => {
  logins?.crash();
});
owner.on("unhandledRejection", () => {
  // An Action that does not wait for a promise does not learn how it ended, in Auth0 as here.
});

freezePureModules();
const kept = lockDown();
void main(kept.exit);
