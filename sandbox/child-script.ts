import { join } from "node:path";
import { buildSync } from "esbuild";

let script: string | undefined;

/** The program of the sandbox's own child, built at the first call. */
export function childScript(): string {
  script ??= buildChildScript(join(__dirname, "child", "main.ts"));
  return script;
}

/** A child's whole program as one script for `--eval`: it may read no file, so everything is in it. */
export function buildChildScript(entry: string): string {
  const realm = bundle(join(__dirname, "child", "action-realm.ts"), {
    format: "iife",
    globalName: "actionRealm",
  });
  const main = bundle(entry, {
    format: "cjs",
    define: { ACTION_REALM_SOURCE: JSON.stringify(`"use strict";${realm};actionRealm.createActionRealm`) },
  });
  // A function around it: what a script given by --eval declares would be global otherwise.
  return `(() => {"use strict";${main}})();`;
}

function bundle(entry: string, options: object): string {
  const result = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    minify: true,
    logLevel: "silent",
    ...options,
  });
  return result.outputFiles[0]?.text ?? "";
}
