import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { pollUntil } from "../../lib/clock.ts";
import { processUsage } from "../../sandbox/process-usage.ts";

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
