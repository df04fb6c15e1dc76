import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const sources = [
  "actions",
  "policy",
  "stack",
  "auth0",
  "lib",
  "loader",
  "cli",
  "assets",
  "package.json",
  "tsconfig.json",
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
];

describe("the bundles of two clones", () => {
  const folder = temporaryFolder();

  it("are the same bytes, in whatever folder and environment they are made", function () {
    this.timeout(600_000);
    const clone = join(folder(), "another folder");
    for (const source of sources) cpSync(join(projectRoot, source), join(clone, source), { recursive: true });
    linkPackages(clone);

    const here = bundle(projectRoot, projectRoot, {});
    const there = bundle(clone, folder(), {
      TZ: "Asia/Tokyo",
      LC_ALL: "de_DE.UTF-8",
      NODE_ENV: "production",
    });
    assert.deepEqual(there, here);
  });

  /** Without the cache: the clone has to make its own. */
  function linkPackages(clone: string): void {
    mkdirSync(join(clone, "node_modules"));
    for (const name of readdirSync(join(projectRoot, "node_modules"))) {
      if (name !== ".cache")
        symlinkSync(join(projectRoot, "node_modules", name), join(clone, "node_modules", name));
    }
  }

  function bundle(root: string, cwd: string, env: Readonly<Record<string, string>>): Record<string, string> {
    const out = join(folder(), `out-${Object.keys(env).length}`);
    const loader = join(root, "loader/typescript.js");
    execFileSync(process.execPath, ["--require", loader, join(root, "cli/bundle.ts"), "--out", out], {
      cwd,
      env: { PATH: process.env["PATH"], ...env },
    });
    return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), "utf8")]));
  }
});
