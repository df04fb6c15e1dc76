import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pollUntil } from "../../../lib/clock.ts";
import { processStatus } from "../../../lib/process-identity.ts";

const root = join(__dirname, "../../..");
const launcher = join(root, "plugins/userpictures/pulumi-resource-userpictures");
const bundle = join(root, "node_modules/.cache/auth0-user-pictures/private/provider.cjs");

describe("the provider plugin's launcher", () => {
  /** Starts it as an engine does; gives its process id, and ends the engine the hard way. */
  async function start() {
    const engine = spawn("sh", ["-c", `"${launcher}" & echo "$!"; wait`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface(engine.stdout)[Symbol.asyncIterator]();
    const pid = Number((await lines.next()).value);
    const port = Number((await lines.next()).value);
    const kill = async () => {
      const exited = once(engine, "exit");
      engine.kill("SIGKILL");
      await exited;
      assert.ok(await pollUntil(() => processStatus(pid) === undefined, { withinMs: 10_000 }));
    };
    return { port, kill };
  }

  it("builds the plugin anew where the bundle was made from other sources, and says its port", async () => {
    mkdirSync(dirname(bundle), { recursive: true, mode: 0o700 });
    writeFileSync(bundle, "// Made from something else\nthrow new Error();\n");
    const { port, kill } = await start();
    assert.ok(port > 0);
    await kill();
    assert.match(readFileSync(bundle, "utf8"), /^\/\/ Made from [0-9a-f]{64}\n/);
  });

  it("starts from the bundle that it made, and ends when the engine is killed", async () => {
    await (await start()).kill();
    const { mtimeNs } = statSync(bundle, { bigint: true });
    const { port, kill } = await start();
    assert.ok(port > 0);
    await kill();
    assert.equal(statSync(bundle, { bigint: true }).mtimeNs, mtimeNs);
  });
});
