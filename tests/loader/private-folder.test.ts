import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const script = `
const { readPrivate, writePrivate } = require("./loader/private-folder.js");
if (process.argv[1] !== undefined) writePrivate("kept", process.argv[1]);
process.stdout.write(String(readPrivate("kept")));`;

describe("the folder that code is kept in", () => {
  const folder = temporaryFolder();
  const cache = () => join(folder(), "cache");

  /** What is read from it, after this was written to it. */
  function read(...written: readonly string[]): string {
    return execFileSync(process.execPath, ["-e", script, ...written], {
      cwd: projectRoot,
      encoding: "utf8",
      env: { USER_PICTURES_CACHE: cache() },
    });
  }

  const strangers: Readonly<Record<string, (made: string) => void>> = {
    "is writable by everybody": (made) => chmodSync(made, 0o1777),
    "is writable by its group": (made) => chmodSync(made, 0o770),
    "is another user's": (made) => chownSync(made, 65534, 65534),
  };
  for (const [what, make] of Object.entries(strangers)) {
    it(`is neither read nor written where it ${what}`, function () {
      if (what.includes("another user") && process.getuid?.() !== 0) this.skip();
      mkdirSync(cache());
      writeFileSync(join(cache(), "kept"), "planted");
      make(cache());
      assert.equal(read(), "undefined");
      assert.equal(read("ours"), "undefined");
      assert.deepEqual(readdirSync(cache()), ["kept"]);
    });
  }

  it("is neither read nor written where it is a link to one", () => {
    mkdirSync(join(folder(), "elsewhere"));
    writeFileSync(join(folder(), "elsewhere/kept"), "planted");
    symlinkSync(join(folder(), "elsewhere"), cache());
    assert.equal(read("ours"), "undefined");
    assert.deepEqual(readdirSync(join(folder(), "elsewhere")), ["kept"]);
  });

  it("is made for its user alone, whatever the umask", () => {
    const umask = process.umask(0);
    try {
      assert.equal(read("ours"), "ours");
    } finally {
      process.umask(umask);
    }
    assert.equal(lstatSync(cache()).mode & 0o777, 0o700);
    assert.equal(read(), "ours");
    assert.deepEqual(readdirSync(cache()), ["kept"]);
  });
});
