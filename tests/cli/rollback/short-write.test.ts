import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { projectRoot, typescriptLoader } from "../../../lib/project.ts";
import { readPins } from "../../../stack/pins.ts";
import { rolledStack } from "./rolled-stack.ts";

/** The system writes as much as there is room for, says so in nothing but the count, and fails at the next write. */
describe("a rollback to code for which the disk has no room", () => {
  const stack = rolledStack();

  before(function () {
    // Linux alone can limit the size of a process's files from outside.
    if (spawnSync("prlimit", ["--version"]).error !== undefined) this.skip();
  });

  /** The tenant is in this process, so that it must not be held up. */
  async function limitedRollback(to: number): Promise<{ readonly code: number; readonly err: string }> {
    const command = [
      "cli/main.ts",
      "rollback",
      "user-picture",
      "--to",
      String(to),
      "--stack",
      "local",
      "--yes",
    ];
    const child = spawn(
      "prlimit",
      ["--fsize=60000", process.execPath, "--require", typescriptLoader, ...command],
      {
        cwd: projectRoot,
        env: { ...stack().env, PATH: process.env["PATH"], TMPDIR: process.env["TMPDIR"] },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const [code] = (await once(child, "close")) as [number];
    return { code, err };
  }

  /** As the next version, and other code again behind it. */
  async function deployLarge(): Promise<void> {
    const { tenant, action, deploy } = stack();
    const { id } = await action("user-picture");
    const code = `exports.onExecutePostLogin = async () => {};\n${"// a long remark\n".repeat(5000)}`;
    await tenant.api("PATCH", `/actions/actions/${id}`, { code });
    await tenant.api("GET", `/actions/actions/${id}`);
    await tenant.api("POST", `/actions/actions/${id}/deploy`);
    await deploy(1);
  }

  it("fails, names the file, and leaves no pin but the note of what is unfinished", async () => {
    await deployLarge();
    const { code, err } = await limitedRollback(4);
    assert.equal(code, 1, err);
    assert.match(err, /user-picture\.js cannot be written: EFBIG.*\[pins-not-writable\]/);
    assert.deepEqual(readdirSync(stack().files.folder), [basename(stack().files.unfinished)]);
  });

  it("leaves a former pin as it was", async () => {
    const { files, rollback } = stack();
    await rollback({ to: 2 });
    const [former] = readPins(files).pins;
    await deployLarge();
    const { code, err } = await limitedRollback(5);
    assert.equal(code, 1, err);
    assert.ok(existsSync(files.unfinished));
    await rollback({ to: 5 });
    const [pin] = readPins(files).pins;
    assert.deepEqual([former?.version, pin?.version], [2, 5]);
  });
});
