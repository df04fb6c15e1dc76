/** For flow-process.test.ts: ends resting processes one after the other, and says so for each, with nothing else left to do. */
import { startFlowProcess } from "../../sandbox/flow-process.ts";
import { auth0TimeLimit } from "../../sandbox/frames.ts";
import { action } from "./action.ts";

void (async () => {
  for (let index = 0; index < 12; index += 1) {
    const child = startFlowProcess({ actions: [action("")], timeLimit: auth0TimeLimit });
    await child.ready;
    await child.kill();
    process.stdout.write(`${index}\n`);
  }
})();
