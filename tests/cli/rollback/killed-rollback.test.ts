import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { writeUnfinished } from "../../../cli/rollback/unfinished-rollback.ts";
import { sha256 } from "../../../lib/hash.ts";
import { projectRoot, typescriptLoader } from "../../../lib/project.ts";
import { readPins } from "../../../stack/pins.ts";
import { rolledStack } from "./rolled-stack.ts";

/** Where a request is caught: nothing of it has happened, or all of it and nobody has the answer. */
const moments = ["onRequest", "onSend"] as const;

/** More requests than a rollback makes. */
const mostCalls = 8;

describe("a rollback that is killed", () => {
  let child: ChildProcess | undefined;
  let killAt: { readonly moment: (typeof moments)[number]; readonly call: number } | undefined;
  let calls = 0;

  const stack = rolledStack(({ tenant }) => {
    for (const moment of moments) {
      tenant.app.addHook(moment, async ({ url }: { url: string }) => {
        if (killAt?.moment !== moment || !url.startsWith("/api/v2/") || calls++ !== killAt.call) return;
        const gone = once(child!, "exit");
        child!.kill("SIGKILL");
        await gone;
        // Nobody is left to hear it, and nothing of it may happen.
        if (moment === "onRequest") throw new Error("killed");
      });
    }
  });

  async function killedRun(call: number, moment: (typeof moments)[number]): Promise<boolean> {
    killAt = { moment, call };
    calls = 0;
    const args = [
      "--require",
      typescriptLoader,
      "cli/main.ts",
      "rollback",
      "user-picture",
      "--stack",
      "local",
      "--yes",
    ];
    const env = { ...stack().env, TMPDIR: process.env["TMPDIR"] };
    child = spawn(process.execPath, args, { cwd: projectRoot, env, stdio: "ignore" });
    const [code] = (await once(child, "exit")) as [number | null];
    killAt = undefined;
    return code === null;
  }

  for (const moment of moments) {
    it(`finishes when it is run again, wherever it was (${moment})`, async () => {
      const { files, action, deploy, rollback } = stack();
      let kills = 0;
      for (let call = 0; call < mostCalls; call += 1) {
        const before = (await action("user-picture")).deployed_version.code;
        await deploy(1);
        const wasKilled = await killedRun(call, moment);
        if (wasKilled) {
          kills += 1;
          await rollback({});
        }
        const { deployed_version: deployed, code } = await action("user-picture");
        assert.equal(deployed.code, before, `call ${call}`);
        assert.equal(code, before);
        assert.equal(readPins(files).pins[0]!.code, before);
        if (!wasKilled) break;
      }
      assert.ok(kills >= 4 && kills < mostCalls, `${kills} kills`);
    }).timeout(120_000);
  }

  it("between the two files of its pin says so, and finishes when it is run again", async () => {
    const { files, action, rollback } = stack();
    const { id: actionId, deployed_version: from } = await action("user-picture");
    const known = { id: from.id, number: from.number, codeHash: sha256(from.code) };
    await rollback({});
    const [pin] = readPins(files).pins;
    const target = { id: "gone", number: pin!.version, codeHash: pin!.codeHash };
    writeUnfinished(files, { asked: "", steps: [{ action: "user-picture", actionId, from: known, target }] });
    rmSync(files.record("user-picture"));
    assert.throws(() => readPins(files), { code: "rollback-unfinished" });
    await rollback({});
    assert.equal(readPins(files).pins[0]!.code, pin!.code);
    assert.equal((await action("user-picture")).deployed_version.number, 4);
  });
});
