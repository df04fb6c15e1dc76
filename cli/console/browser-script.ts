import { readdirSync } from "node:fs";
import { join } from "node:path";
import type * as Esbuild from "esbuild";
import { builtOnce } from "../../lib/cached-result.ts";
import { projectRoot } from "../../lib/project.ts";
import { sourcesHash } from "../../lib/sources-hash.ts";

const folder = "cli/console/browser";

/**
 * A script of the console's pages, made from its TypeScript once for as long as no source changes.
 *
 * @param name Such as `queue.js`.
 * @returns Undefined where there is no such script.
 */
export function browserScript(name: string): string | undefined {
  const source = name.replace(/\.js$/, ".ts");
  if (!readdirSync(join(projectRoot, folder)).includes(source)) return undefined;
  return builtOnce(
    `console-${source}`,
    () => sourcesHash([folder]),
    () => build(source),
  );
}

function build(source: string): string {
  // Loaded here: most runs have nothing to build.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- As above; an import() would make every caller wait.
  const { buildSync } = require("esbuild") as typeof Esbuild;
  const { outputFiles } = buildSync({
    absWorkingDir: projectRoot,
    entryPoints: [join(projectRoot, folder, source)],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    target: "es2022",
    minify: true,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
