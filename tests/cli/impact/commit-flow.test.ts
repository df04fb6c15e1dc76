import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commitFlow } from "../../../cli/impact/commit-flow.ts";
import { pollUntil } from "../../../lib/clock.ts";
import { typescriptLoader } from "../../../lib/project.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("the Actions of a commit", () => {
  const folder = temporaryFolder();

  /** A repository whose program, the one that makes bundles, is this. */
  function repository(bundle: string): string {
    const root = join(folder(), "repository");
    mkdirSync(join(root, "cli"), { recursive: true });
    writeFileSync(join(root, "Pulumi.dev.yaml"), "config: {}\n");
    writeFileSync(join(root, "cli", "bundle.ts"), bundle);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@acme.com", ...args], {
        cwd: root,
        stdio: "pipe",
      });
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--no-verify", "-m", "First");
    return root;
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`leave no folder and no process behind after ${signal}`, async () => {
      const pidFile = join(folder(), "pid");
      const root = repository(
        `import { renameSync, writeFileSync } from "node:fs";
        writeFileSync(${JSON.stringify(`${pidFile}.new`)}, String(process.pid));
        renameSync(${JSON.stringify(`${pidFile}.new`)}, ${JSON.stringify(pidFile)});
        setInterval(() => undefined, 1000);`,
      );
      const temporary = join(folder(), "tmp");
      mkdirSync(temporary);
      const program = join(__dirname, "commit-flow-program.ts");
      const child = spawn(process.execPath, ["--require", typescriptLoader, program, root], {
        env: { ...process.env, TMPDIR: temporary },
        stdio: "ignore",
      });
      const ended = once(child, "exit");
      assert.ok(await pollUntil(() => existsSync(pidFile), { withinMs: 45_000 }));
      child.kill(signal);
      assert.deepEqual(await ended, [null, signal]);
      const left = readdirSync(temporary).filter((name) => name.startsWith("user-pictures-commit-"));
      assert.deepEqual(left, []);
      const pid = Number(readFileSync(pidFile, "utf8"));
      const isGone = () => {
        try {
          process.kill(pid, 0);
          return false;
        } catch {
          return true;
        }
      };
      assert.ok(await pollUntil(isGone, { withinMs: 45_000 }));
    });
  }

  it("are built with a cache of their own, and with today's packages", async () => {
    const found = join(folder(), "found.json");
    const root = repository(
      `import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
      import { join } from "node:path";
      const cache = join(process.cwd(), "node_modules/.cache/auth0-user-pictures");
      mkdirSync(cache, { recursive: true });
      writeFileSync(${JSON.stringify(found)}, JSON.stringify({
        own: process.env["USER_PICTURES_CACHE"],
        cache: realpathSync(cache),
        folder: process.cwd(),
        hasPackages: existsSync(require.resolve("esbuild")),
      }));
      const out = process.argv[process.argv.indexOf("--out") + 1]!;
      mkdirSync(out);
      writeFileSync(join(out, "manifest.json"), '{"actions":[{"name":"default-picture"}]}');
      writeFileSync(join(out, "default-picture.js"), "// code");`,
    );
    const { actions } = await commitFlow("HEAD", "dev", {}, root);
    assert.deepEqual(actions, [{ name: "default-picture", code: "// code" }]);
    const told = JSON.parse(readFileSync(found, "utf8")) as Record<string, unknown>;
    assert.equal(told["cache"], join(String(told["folder"]), "node_modules/.cache/auth0-user-pictures"));
    assert.equal(told["own"], join(String(told["folder"]), ".cache"));
    assert.equal(told["hasPackages"], true);
    assert.equal(existsSync(String(told["folder"])), false);
  });
});
