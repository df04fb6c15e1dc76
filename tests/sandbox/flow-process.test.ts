import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { procStatFields } from "../../lib/process-identity.ts";
import { startFlowProcess } from "../../sandbox/flow-process.ts";
import { auth0TimeLimit } from "../../sandbox/frames.ts";
import { isolation } from "../../sandbox/isolation.ts";
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

  it("leaves the processors to others where it is in the background, and is like others where it is not", async function () {
    if (!isolation().background) this.skip();
    const load = { actions: [action("")], timeLimit: auth0TimeLimit };
    const processes = [true, false].map((background) => startFlowProcess(load, { background }));
    try {
      await Promise.all(processes.map(({ ready }) => ready));
      assert.deepEqual(
        processes.map(({ pid = 0 }) => schedulingClass(pid)),
        [classes.idle, classes.other],
      );
    } finally {
      await Promise.all(processes.map(({ kill }) => kill()));
    }
  });
});

/** As sched(7) numbers them. */
const classes = { other: 0, idle: 5 };

function schedulingClass(pid: number): number {
  return Number(procStatFields(readFileSync(`/proc/${pid}/stat`, "latin1"))[38]);
}

/** Those that Node waits for before it ends. */
function referencedPipes(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "PipeWrap").length;
}
