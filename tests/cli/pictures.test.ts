import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** The program as people start it, in a process of its own. */
describe("cli/pictures.js", () => {
  const folder = temporaryFolder();

  function pictures(script: string, ...args: string[]) {
    const options = { cwd: folder(), encoding: "utf8", env: { PATH: process.env["PATH"] } } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options);
    return { status, stdout, stderr };
  }

  it("says that npm ci is missing where nothing is installed, and installs nothing", () => {
    const clone = join(folder(), "clone");
    mkdirSync(join(clone, "cli"), { recursive: true });
    cpSync(join(projectRoot, "cli/pictures.js"), join(clone, "cli/pictures.js"));
    const { status, stderr } = pictures(join(clone, "cli/pictures.js"), "--help");
    assert.equal(status, 1);
    assert.match(stderr, /run `npm ci` in .*clone.*\[dependencies-missing\]/);
    assert.equal(existsSync(join(clone, "node_modules")), false);
  });

  it("gives the exit code to the shell", () => {
    assert.equal(pictures(join(projectRoot, "cli/pictures.js"), "no-such-command").status, 3);
  });

  it("works from any folder, through a link too, with paths relative to where it was typed", () => {
    const link = join(folder(), "pictures");
    symlinkSync(join(projectRoot, "cli/pictures.js"), link);
    const { status, stderr } = pictures(link, "bundle", "--out", "bundles");
    assert.equal(status, 0, stderr);
    assert.ok(existsSync(join(folder(), "bundles", "manifest.json")));
  });
});
