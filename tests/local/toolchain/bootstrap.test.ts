import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../lib/project.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const program = "local/toolchain/bootstrap.js";

describe("what runs before npm start and npm test", () => {
  const folder = temporaryFolder();

  /** @returns What npm was asked for by that many runs, a line each. */
  function npmCalls(runs: number): string {
    cpSync(join(projectRoot, program), join(folder(), program));
    mkdirSync(join(folder(), "node_modules/.bin"), { recursive: true });
    writeFileSync(join(folder(), "package-lock.json"), "{}");
    const calls = join(folder(), "calls");
    const npm = join(folder(), "npm.js");
    writeFileSync(
      npm,
      `require("node:fs").appendFileSync(${JSON.stringify(calls)}, process.argv.slice(2).join(" ") + " " + process.env.NODE_DISABLE_COMPILE_CACHE + "\\n")`,
    );
    for (let run = 0; run < runs; run += 1) {
      execFileSync(process.execPath, [join(folder(), program)], {
        env: { npm_execpath: npm },
        stdio: "pipe",
      });
    }
    return readFileSync(calls, "utf8");
  }

  it("installs once, without packages' install scripts and without a shared cache of code", () => {
    assert.match(npmCalls(2), /^ci --ignore-scripts .* 1\n$/);
  });

  it("installs again where pulumi new made files of the links to programs", () => {
    npmCalls(1);
    writeFileSync(join(folder(), "node_modules/.bin/tsc"), "#!/usr/bin/env node");
    assert.equal(npmCalls(1).split("\n").length, 3);
  });

  it("leaves alone what has its links", () => {
    npmCalls(1);
    symlinkSync("../typescript/bin/tsc", join(folder(), "node_modules/.bin/tsc"));
    assert.equal(npmCalls(1).split("\n").length, 2);
  });
});
