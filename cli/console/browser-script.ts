import { join } from "node:path";
import type * as Esbuild from "esbuild";
import { builtOnce } from "../../lib/cached-result.ts";
import { projectRoot } from "../../lib/project.ts";
import { sourcesHash } from "../../lib/sources-hash.ts";

const folder = "cli/console/browser";

/** The pages' scripts by their names; all else in the folder is part of them. */
const sources: ReadonlyMap<string, string> = new Map([["queue.js", "queue.ts"]]);

/**
 * A script of the console's pages, made from its TypeScript once for as long as no source changes.
 *
 * @param name Such as `queue.js`.
 * @returns Undefined where there is no such script.
 */
export function browserScript(name: string): string | undefined {
  const source = sources.get(name);
  if (source === undefined) return undefined;
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
