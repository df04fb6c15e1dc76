import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { watchMemory } from "../../bench/run-timed.ts";

describe("the memory of a process", () => {
  it("counts what its children have", async function () {
    if (!existsSync("/proc/self/status")) this.skip();
    // The child fills 100 MB, says so, and waits to be ended.
    const child =
      'const a = Buffer.alloc(1e8, 1); console.log("full"); process.stdin.resume(); module.exports = a;';
    const parent = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" });`;
    const started = spawn(process.execPath, ["-e", parent], { stdio: ["pipe", "pipe", "inherit"] });
    const closed = once(started, "close");
    await once(started.stdout, "data");
    const watch = watchMemory(started);
    watch.stop();
    started.stdin.end();
    started.kill();
    await closed;
    assert.ok((watch.peakMegabytes() ?? 0) > 100);
  });
});
