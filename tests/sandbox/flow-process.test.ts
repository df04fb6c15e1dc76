import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startFlowProcess } from "../../sandbox/flow-process.ts";
import { auth0TimeLimit } from "../../sandbox/frames.ts";
import { action } from "./action.ts";

describe("a flow's process", () => {
  it("keeps a program alive while it is killed, its pipes too, which may end last", async () => {
    const { ready, kill } = startFlowProcess({ actions: [action("")], timeLimit: auth0TimeLimit });
    await ready;
    // What set its limits has pipes too.
    await sleep(100);
    const resting = referencedPipes();
    const killed = kill();
    assert.equal(referencedPipes(), resting + 2);
    await killed;
  });
});

/** Those that Node waits for before it ends. */
function referencedPipes(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "PipeWrap").length;
}
