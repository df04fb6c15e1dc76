import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pollUntil } from "../../lib/clock.ts";
import { projectRoot } from "../../lib/project.ts";
import { isLiving, processTree } from "./process-tree.ts";

interface Run {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  readonly output: () => string;
  readonly exit: Promise<number | null>;
}

describe("npm start", function () {
  this.timeout(600_000);
  let folder: string;
  const port = 28_443;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "user-pictures-start-"));
  });
  const children: ChildProcess[] = [];
  after(() => {
    for (const { pid, exitCode } of children) if (exitCode === null) killGroup(pid!, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  function npmStart(...args: string[]): Run {
    const options = ["--port", String(port), "--folder", folder, ...args];
    const child = spawn("npm", ["start", "--silent", "--", ...options], {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own, so that a signal reaches all of it, as Ctrl-C in a terminal does.
      detached: true,
    });
    children.push(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, output: () => output, exit };
  }

  function occupy(taken: number): Promise<Server> {
    return new Promise((resolve) => {
      const server = createServer();
      server.listen(taken, "127.0.0.1", () => resolve(server));
    });
  }

  it("names an option that it does not know", async () => {
    const { exit, output } = npmStart("--prot", "1");
    assert.equal(await exit, 3);
    assert.match(output(), /--prot.*Usage: npm start/s);
  });

  it("leaves a folder alone that holds something else", async () => {
    const foreign = join(folder, "foreign");
    mkdirSync(join(foreign, "bin"), { recursive: true });
    writeFileSync(join(foreign, "bin", "tool"), "theirs");
    const { exit, output } = npmStart("--exit", "--folder", foreign);
    assert.equal(await exit, 1);
    assert.match(output(), /--folder .*\[folder-not-ours\]/s);
    assert.equal(readFileSync(join(foreign, "bin", "tool"), "utf8"), "theirs");
    rmSync(foreign, { recursive: true });
  });

  for (const [what, taken] of [
    ["tenant", port],
    ["S3 server", port + 1000],
  ] as const) {
    it(`names the ${what}'s port where it is in use`, async () => {
      const server = await occupy(taken);
      const { exit, output } = npmStart("--exit");
      assert.equal(await exit, 1);
      server.close();
      assert.match(output(), new RegExp(`${taken}.*--port.*\\[port-in-use\\]`, "s"));
      assert.doesNotMatch(output(), /\n\s+at /);
    });
  }

  for (const seconds of [0.4, 1.2, 2.5, 4]) {
    it(`killed after ${seconds} s leaves no process behind`, async () => {
      const { child, exit } = npmStart();
      await delay(seconds * 1000);
      const tree = processTree(child.pid!);
      child.kill("SIGKILL");
      await exit;
      const ended = () => tree.every((pid) => !isLiving(pid));
      assert.ok(await pollUntil(ended, { withinMs: 45_000 }), "every process of it ended");
    });
  }

  it("works after that, shows the seven users, and each picture is the one that the policy says", async () => {
    const { exit, output } = npmStart("--exit");
    assert.equal(await exit, 0, output());
    const rows = output()
      .split("\n")
      .filter((line) => /^(auth0|google-oauth2)\|/.test(line));
    assert.deepEqual(
      rows.map((row) => [row.split(/\s+/)[0], row.trim().split(/\s+/).at(-1)]),
      [
        ["auth0|gravatar", "gravatar-never"],
        ["auth0|placeholder", "placeholder"],
        ["google-oauth2|social", "kept"],
        ["auth0|own-picture", "user"],
        ["google-oauth2|removed", "removed"],
        ["auth0|blocked", "blocked"],
        ["auth0|linked", "root-refused"],
      ],
    );
  });

  it("says where everything is while it runs, for its user only, refuses a second one, and ends on a signal", async () => {
    const { child, exit, output } = npmStart();
    const runFile = join(folder, "run.json");
    assert.ok(await pollUntil(() => output().includes("Ctrl-C stops"), { withinMs: 60_000 }), output());
    assert.equal(statSync(runFile).mode & 0o777, 0o600);
    const run = JSON.parse(readFileSync(runFile, "utf8")) as Record<string, unknown>;
    assert.deepEqual(Object.keys(run), ["page", "tenant", "s3"]);

    const second = npmStart("--exit");
    assert.equal(await second.exit, 1);
    assert.match(second.output(), /already running.*\[already-running\]/s);
    assert.ok(existsSync(runFile), "the running one is left alone");

    const tree = processTree(child.pid!);
    killGroup(child.pid!, "SIGINT");
    await exit;
    assert.ok(await pollUntil(() => tree.every((pid) => !isLiving(pid)), { withinMs: 45_000 }));
    assert.equal(existsSync(runFile), false);
    const left = readdirSync(folder, { recursive: true, withFileTypes: true });
    assert.deepEqual(
      left.filter((entry) => entry.isSymbolicLink()),
      [],
      "pulumi new copies the folder of a clone, and stops at a link to a folder",
    );
  });
});

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone, which is what was wanted.
  }
}
