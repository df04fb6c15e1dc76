import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pollUntil } from "../../lib/clock.ts";
import { processStatus } from "../../lib/process-identity.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const program = [process.execPath, "--require", typescriptLoader, join(__dirname, "watched-program.ts")];

describe("watchOwner", () => {
  const folder = temporaryFolder();

  it("notices that the npm that started it was killed with -9", async () => {
    const start = program.map((word) => `'${word}'`).join(" ");
    writeFileSync(join(folder(), "package.json"), JSON.stringify({ scripts: { start: `${start} | cat` } }));
    const npm = spawn("npm", ["--silent", "start"], { cwd: folder(), stdio: ["ignore", "pipe", "inherit"] });
    await endsWithOwner(npm);
  });

  it("notices that npm was killed before it could look", async () => {
    const start = program.map((word) => `'${word}'`).join(" ");
    const script = `echo started; sleep 1; ${start}`;
    writeFileSync(join(folder(), "package.json"), JSON.stringify({ scripts: { start: script } }));
    const npm = spawn("npm", ["--silent", "start"], { cwd: folder(), stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    npm.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await once(npm.stdout, "data");
    npm.kill("SIGKILL");
    await once(npm.stdout, "close");
    assert.equal(output, "started\n");
  });

  it("notices that its parent was killed with -9", async () => {
    const parent = spawn("sh", ["-c", `"$@" & wait`, "sh", ...program], {
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await endsWithOwner(parent);
  });
});

/** The program says its pid through its owner's output; the owner is killed, and the program must end. */
async function endsWithOwner(owner: ChildProcess): Promise<void> {
  const [line] = (await once(createInterface(owner.stdout!), "line")) as [string];
  const pid = Number(line);
  assert.ok(processStatus(pid) !== undefined);
  owner.kill("SIGKILL");
  assert.ok(await pollUntil(() => processStatus(pid) === undefined, { withinMs: 45_000 }));
}
