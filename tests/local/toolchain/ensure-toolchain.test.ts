import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { typescriptLoader } from "../../../lib/project.ts";
import { ensureToolchain, toolchainPaths } from "../../../local/toolchain/ensure-toolchain.ts";
import { versions } from "../../../local/toolchain/pins.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { writeExecutable } from "./fake-artifact.ts";

describe("ensureToolchain", () => {
  const folder = temporaryFolder();

  it("names Go and the download host when it has neither", async () => {
    // Nothing listens behind this proxy, so that no host can be reached.
    const env = { XDG_CACHE_HOME: folder(), PATH: folder(), HTTPS_PROXY: "http://127.0.0.1:9" };
    await assert.rejects(ensureToolchain({ env, progress: () => undefined }), (error: unknown) => {
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, "TOOLCHAIN_INCOMPLETE");
      for (const missing of ["Pulumi CLI", "Auth0 provider", "S3 server"]) {
        assert.ok(error.message.includes(missing), missing);
      }
      assert.match(error.message, /install Go 1\.\d+/);
      assert.match(error.message, /let this machine reach github\.com/);
      return true;
    });
  });

  it("does without the user's own Pulumi, which is not asked for", async () => {
    const own = join(folder(), "own");
    const answer = `#!/bin/sh\necho v${versions.pulumi}\n`;
    await writeExecutable(join(own, "pulumi"), answer);
    await writeExecutable(join(own, "pulumi-language-nodejs"), answer);
    const env = {
      HOME: folder(),
      PATH: `${own}:/usr/bin:/bin`,
      HTTPS_PROXY: "http://127.0.0.1:9",
    };
    // As `npm test` calls it.
    await assert.rejects(ensureToolchain({ env, progress: () => undefined }), /Missing:[^]*the Pulumi CLI/);
    // As `npm start` does.
    const asked = ensureToolchain({ env, progress: () => undefined, mayUseOwnPulumi: true });
    await assert.rejects(asked, ({ message }: Error) => !message.includes("  the Pulumi CLI"));
  });

  it("finds everything in place and says nothing", async () => {
    const lines: string[] = [];
    const { installed, home } = await ensureToolchain({ progress: (line) => lines.push(line) });
    assert.deepEqual(
      installed.map(({ artifact, isNew }) => [artifact.id, isNew]),
      [
        ["versitygw", false],
        ["pulumi", false],
        ["auth0-provider", false],
      ],
    );
    assert.equal(home, toolchainPaths().home);
    assert.deepEqual(lines, []);
  });
});

describe("the installed toolchain", () => {
  const folder = temporaryFolder();
  const { home, pulumi, versitygw } = toolchainPaths();
  // Even `pulumi version` writes a log into PULUMI_HOME.
  const answer = (command: string, ...args: string[]): string =>
    execFileSync(command, args, {
      encoding: "utf8",
      env: { ...process.env, PULUMI_HOME: folder(), PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });

  it("has the pinned Pulumi CLI", () => {
    assert.equal(answer(pulumi, "version").trim(), `v${versions.pulumi}`);
  });

  it("has the pinned S3 server", () => {
    assert.match(answer(versitygw, "--version"), new RegExp(`\\b${versions.versitygw}\\b`));
  });

  it("has the pinned Auth0 provider where the engine looks for it", () => {
    const plugin = join(
      home,
      "plugins",
      `resource-auth0-v${versions.auth0Provider}`,
      "pulumi-resource-auth0",
    );
    assert.match(answer(plugin, "-version"), new RegExp(`\\b${versions.auth0Provider}\\b`));
  });
});

describe("npm run toolchain", () => {
  const root = join(__dirname, "../../..");
  const folder = temporaryFolder();
  const run = (env: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, ["--require", typescriptLoader, join(root, "local/toolchain", "main.ts")], {
      cwd: root,
      env,
      encoding: "utf8",
    });

  it("exits 1 with the code, and nothing on standard output, when something cannot be had", () => {
    const { status, stdout, stderr } = run({
      XDG_CACHE_HOME: folder(),
      PATH: folder(),
      HTTPS_PROXY: "http://127.0.0.1:9",
    });
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /\[TOOLCHAIN_INCOMPLETE\]\n$/);
  });

  it("prints where everything comes from", () => {
    const { status, stdout } = run(process.env);
    assert.equal(status, 0);
    assert.equal(
      stdout.match(
        /already there \((?:downloaded|installed by `pulumi plugin install`|built from its Go module)\)$/gm,
      )?.length,
      3,
    );
    assert.ok(stdout.endsWith(`Toolchain: ${toolchainPaths().home}\n`));
  });
});

describe("toolchainPaths", () => {
  it("ignores a relative XDG_CACHE_HOME, as its specification demands", () => {
    const { home } = toolchainPaths({ XDG_CACHE_HOME: "cache", HOME: "/home/someone" });
    assert.match(home, /^\/home\/someone\/\.cache\/auth0-user-pictures\/toolchain-[0-9a-f]{12}$/);
  });

  it("follows XDG_CACHE_HOME", () => {
    const { home } = toolchainPaths({ XDG_CACHE_HOME: "/caches", HOME: "/home/someone" });
    assert.match(home, /^\/caches\/auth0-user-pictures\/toolchain-/);
  });

  it("falls back to the account's home folder", () => {
    assert.ok(toolchainPaths({}).home.startsWith(join(homedir(), ".cache")));
  });

  it("puts the executables into one folder, to be first in PATH", () => {
    const { home, binDir, pulumi, versitygw } = toolchainPaths({ HOME: "/home/someone" });
    assert.equal(binDir, join(home, "bin"));
    assert.deepEqual([pulumi, versitygw], [join(binDir, "pulumi"), join(binDir, "versitygw")]);
  });
});
