import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../lib/project.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const program = "local/toolchain/bootstrap.js";

describe("what runs before npm start and npm test", () => {
  const folder = temporaryFolder();

  it("installs once, without packages' install scripts and without a shared cache of code", () => {
    cpSync(join(projectRoot, program), join(folder(), program));
    mkdirSync(join(folder(), "node_modules"));
    writeFileSync(join(folder(), "package-lock.json"), "{}");
    const calls = join(folder(), "calls");
    const npm = join(folder(), "npm.js");
    writeFileSync(
      npm,
      `require("node:fs").appendFileSync(${JSON.stringify(calls)}, process.argv.slice(2).join(" ") + " " + process.env.NODE_DISABLE_COMPILE_CACHE + "\\n")`,
    );
    for (let run = 0; run < 2; run += 1) {
      execFileSync(process.execPath, [join(folder(), program)], {
        env: { npm_execpath: npm },
        stdio: "pipe",
      });
    }
    assert.match(readFileSync(calls, "utf8"), /^ci --ignore-scripts .* 1\n$/);
  });
});
