import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { pollUntil } from "../../lib/clock.ts";
import { processorTimes, processUsage } from "../../sandbox/process-usage.ts";

describe("processUsage()", () => {
  it("knows nothing of a process that is not there", async () => {
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(child, "close");
    assert.equal(processUsage(child.pid ?? 0), undefined);
    assert.equal(processUsage(0), undefined);
  });

  it("tells the memory and the processor's time of another process", async () => {
    const program =
      "globalThis.kept = Buffer.alloc(100e6, 1); const end = Date.now() + 1e5; while (Date.now() < end);";
    const child = spawn(process.execPath, ["--title=a ) name", "--eval", program], { stdio: "ignore" });
    try {
      const grown = await pollUntil(
        () => {
          const { residentBytes = 0, cpuSeconds = 0 } = processUsage(child.pid ?? 0) ?? {};
          return residentBytes > 100e6 && cpuSeconds >= 0.3;
        },
        { withinMs: 20_000 },
      );
      assert.ok(grown, JSON.stringify(processUsage(child.pid ?? 0)));
    } finally {
      child.kill("SIGKILL");
      await once(child, "close");
    }
  });
});

describe("processorTimes()", () => {
  it("knows nothing of a process that is not there", () => {
    assert.equal(processorTimes(0), undefined);
  });

  it("tells how long a process ran and how long it waited to run", function () {
    if (process.platform !== "linux") this.skip();
    const before = processorTimes(process.pid);
    for (const until = performance.now() + 100; performance.now() < until;);
    const after = processorTimes(process.pid);
    assert.ok(before !== undefined && after !== undefined);
    const [ran, queued] = [after.ranMs - before.ranMs, after.queuedMs - before.queuedMs];
    // The kernel adds up at each tick of its clock: as rarely as 100 times a second.
    assert.ok(ran > 0 && queued >= 0 && ran + queued >= 80, `${ran} ms, ${queued} ms`);
  });
});
