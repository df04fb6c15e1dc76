import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, typescriptLoader } from "../lib/project.ts";
import { currentPlatform } from "../local/toolchain/ensure-toolchain.ts";
import { nodes } from "../local/toolchain/pins.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const { version, integrity } = nodes["26"];

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("npm run test-node", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  /** In place of npm: writes down what it is called with, and installs a `node` that says how it was started. */
  function writeNpm(answer = `v${version}`, fails = false): void {
    const node = `#!/bin/sh
case "$1" in --version) echo '${answer}'; exit;; esac
echo "started: $*"
echo "for children: $(command -v node) $NODE $npm_node_execpath"
exit 7
`;
    const program = `
      const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
      const lock = readFileSync("package-lock.json", "utf8");
      appendFileSync(${JSON.stringify(join(folder(), "calls"))}, JSON.stringify({ args: process.argv.slice(2), lock: JSON.parse(lock) }) + "\\n");
      if (${fails}) { console.error("npm error code EINTEGRITY"); process.exit(1); }
      const [name] = Object.keys(JSON.parse(lock).packages).filter(Boolean);
      mkdirSync(name + "/bin", { recursive: true });
      writeFileSync(name + "/bin/node", ${JSON.stringify(node)}, { mode: 0o755 });
    `;
    writeFileSync(join(folder(), "npm.js"), program);
  }
  beforeEach(() => writeNpm());

  function testNode(...args: string[]): Promise<Result> {
    const command = ["--require", typescriptLoader, join(projectRoot, "tests/on-node.ts"), ...args];
    const env = { ...process.env, XDG_CACHE_HOME: folder(), npm_execpath: join(folder(), "npm.js") };
    return new Promise((resolve) => {
      execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });
  }

  interface Call {
    readonly args: readonly string[];
    readonly lock: { readonly packages: Readonly<Record<string, { readonly integrity?: string }>> };
  }
  const calls = (): Call[] =>
    existsSync(join(folder(), "calls"))
      ? readFileSync(join(folder(), "calls"), "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Call)
      : [];
  const home = () => join(folder(), "auth0-user-pictures", `node-${version}`);

  for (const [what, args] of [
    ["no version", []],
    ["one that is not tried", ["20"]],
    ["an exact one", ["26.10.0"]],
    ["a name that every object has", ["toString"]],
    ["an option first", ["--grep", "24"]],
  ] as const) {
    it(`refuses ${what}, and says which there are`, async () => {
      const { code, stdout, stderr } = await testNode(...args);
      assert.equal(code, 3);
      assert.equal(stdout, "");
      assert.match(stderr, /it must be 22, 24 or 26\.\nUsage: npm run test-node -- MAJOR .*\[bad-usage\]\n$/);
      assert.deepEqual(calls(), []);
    });
  }

  for (const [what, breakIt, says] of [
    ["npm cannot install it", () => writeNpm(undefined, true), /npm ci failed:\nnpm error code EINTEGRITY/],
    ["what npm brought is another one", () => writeNpm("v26.9.9"), /node --version answers: v26\.9\.9/],
  ] as const) {
    it(`fails where ${what}, leaves nothing half-installed, and works the next time`, async () => {
      breakIt();
      const { code, stdout, stderr } = await testNode("26");
      assert.equal(code, 1);
      assert.match(stdout, /\n0 passed, 1 failed, 0 skipped\n$/);
      assert.match(stderr, says);
      assert.match(stderr, /registry.*can be reached.*run the command again\. \[node-not-installed\]\n$/);
      assert.deepEqual(readdirSync(home()), []);

      writeNpm();
      assert.equal((await testNode("26")).code, 7);
    });
  }

  it("runs `npm test` with that Node, which its children find too, and says which one it is", async () => {
    const { code, stdout } = await testNode("26", "--grep", "gravatar");
    const node = join(home(), "bin", "node");
    assert.equal(code, 7);
    assert.ok(stdout.includes(`\nNode ${version}: ${node}\n`), stdout);
    assert.match(stdout, /\nstarted: --require .*\/tests\/run\.ts --grep gravatar\n/);
    assert.ok(stdout.endsWith(`\nfor children: ${node} ${node} ${node}\n`), stdout);
  });

  it("has npm compare the content with the pin, and runs no install script", async () => {
    await testNode("26");
    const [call] = calls();
    assert.ok(call);
    assert.ok(call.args.includes("--ignore-scripts"));
    const locked = Object.entries(call.lock.packages).filter(([name]) => name !== "");
    assert.deepEqual(
      locked.map(([, entry]) => entry.integrity),
      [integrity[currentPlatform()]],
    );
  });

  it("installs once, also for two runs at the same time", async () => {
    const results = await Promise.all([testNode("26"), testNode("26")]);
    results.push(await testNode("26"));
    assert.deepEqual(
      results.map(({ code }) => code),
      [7, 7, 7],
    );
    assert.equal(calls().length, 1);
    assert.deepEqual(readdirSync(home()), ["bin"]);
  });
});
