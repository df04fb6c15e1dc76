import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pollUntil } from "../../../lib/clock.ts";
import { typescriptLoader } from "../../../lib/project.ts";
import { runSupervised } from "../../../local/toolchain/run-supervised.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { writeExecutable } from "./fake-artifact.ts";

describe("runSupervised", () => {
  const folder = temporaryFolder();
  const run = (command: string, ...args: string[]) =>
    runSupervised(command, args, { cwd: folder(), env: process.env });

  it("reports a command that does not exist as failed", async () => {
    const { code, lastLines } = await run(join(folder(), "missing"));
    assert.equal(code, 127);
    assert.match(lastLines.join("\n"), /ENOENT/);
  });

  it("reports the exit code and the last lines of both outputs", async () => {
    const { code, lastLines } = await run("sh", "-c", "echo one; echo two >&2; exit 3");
    assert.equal(code, 3);
    assert.deepEqual([...lastLines].sort(), ["one", "two"]);
  });

  it("ends the command when it is told to", async () => {
    const signal = AbortSignal.timeout(100);
    const options = { cwd: folder(), env: process.env, signal };
    assert.notEqual((await runSupervised("sleep", ["600"], options)).code, 0);
  });

  it("reports a killed command as failed", async () => {
    assert.notEqual((await run("sh", "-c", "kill -9 $$")).code, 0);
  });

  // What a shell starts with & ignores the interrupt by itself.
  const reactions = { "ends at once": "", "ignores the interrupt": "trap '' INT" };
  for (const [reaction, trap] of Object.entries(reactions)) {
    it(`leaves nothing of a command that ${reaction} running when this process is killed`, async () => {
      const pids = join(folder(), "pids");
      const script = `#!/bin/sh\n${trap}\nsleep 600 &\necho $! >> ${pids}\necho $$ >> ${pids}\nwait\n`;
      await writeExecutable(join(folder(), "command"), script);
      const parent = spawn(
        process.execPath,
        ["--require", typescriptLoader, join(__dirname, "supervise-fixture.ts"), join(folder(), "command")],
        { stdio: "ignore" },
      );
      const started = (): number[] =>
        existsSync(pids) ? readFileSync(pids, "utf8").trim().split("\n").map(Number) : [];
      assert.ok(await pollUntil(() => started().length === 2, { withinMs: 45_000 }));

      parent.kill("SIGKILL");
      assert.ok(await pollUntil(() => !started().some(isAlive), { withinMs: 45_000 }));
    });
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
