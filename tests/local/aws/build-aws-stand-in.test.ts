import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { buildAwsStandIn } from "../../../local/aws/build-aws-stand-in.ts";
import { pollUntil } from "../../../local/processes/poll-until.ts";
import { processStatus } from "../../../local/processes/process-identity.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("buildAwsStandIn", () => {
  const folder = temporaryFolder();

  it("replaces a file that was made from other sources or only half", async () => {
    const file = await buildAwsStandIn(folder());
    const whole = readFileSync(file, "utf8");
    for (const broken of ["", "#!/usr/bin/env node\n", whole.replace(/made from ./, "made from -")]) {
      writeFileSync(file, broken);
      await buildAwsStandIn(folder());
      assert.equal(readFileSync(file, "utf8"), whole);
    }
  });

  it("leaves the file alone that it made before, and nothing else in the folder", async () => {
    const file = await buildAwsStandIn(folder());
    const { mtimeNs } = statSync(file, { bigint: true });
    await buildAwsStandIn(folder());
    assert.equal(statSync(file, { bigint: true }).mtimeNs, mtimeNs);
    assert.deepEqual(readdirSync(folder()), ["pulumi-resource-aws"]);
  });

  it("makes an executable that says its port and ends when the engine is killed", async () => {
    const file = await buildAwsStandIn(folder());
    const engine = spawn("sh", ["-c", `"${file}" & echo "$!"; wait`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface(engine.stdout)[Symbol.asyncIterator]();
    const pid = Number((await lines.next()).value);
    const port = Number((await lines.next()).value);
    assert.ok(port > 0);
    const exited = once(engine, "exit");
    engine.kill("SIGKILL");
    await exited;
    assert.ok(await pollUntil(() => processStatus(pid) === undefined, { withinMs: 45_000 }));
  });
});
