import { join } from "node:path";
import type * as Esbuild from "esbuild";
import { builtOnce } from "../lib/cached-result.ts";
import { projectRoot } from "../lib/project.ts";
import { sourcesHash } from "../lib/sources-hash.ts";

let script: string | undefined;

/**
 * The program of the sandbox's processes: they may read no file, so everything is in it. What was built once is kept for as long as
 * no source changes: building it takes twice as long as a process takes to start.
 */
export function childScript(): string {
  if (script === undefined) {
    const built = builtOnce("sandbox", () => sourcesHash(["sandbox", "lib"]), buildProgram);
    // Compiled by this function, the program has no import(), nor has code that an Action makes its functions evaluate. What it
    // declares is not global either.
    const program = JSON.stringify(`"use strict";${built}`);
    script = `require("vm").compileFunction(${program}, ["require"])(require);`;
  }
  return script;
}

function buildProgram(): string {
  // Loaded here: most runs have nothing to build.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- As above; an import() would make every caller wait.
  const { buildSync } = require("esbuild") as typeof Esbuild;
  const { outputFiles } = buildSync({
    absWorkingDir: projectRoot,
    entryPoints: [join(projectRoot, "sandbox/child/main.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
