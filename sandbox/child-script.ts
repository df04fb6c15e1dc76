import { join } from "node:path";
import { buildSync } from "esbuild";

let script: string | undefined;

/** The child's whole program as one script, built at the first call. */
export function childScript(): string {
  script ??= bundleChild();
  return script;
}

function bundleChild(): string {
  const realm = bundle("action-realm.ts", { format: "iife", globalName: "actionRealm" });
  const main = bundle("main.ts", {
    format: "cjs",
    define: { ACTION_REALM_SOURCE: JSON.stringify(`"use strict";${realm};actionRealm.createActionRealm`) },
  });
  // A function around it: what a script given by --eval declares would be global otherwise.
  return `(() => {"use strict";${main}})();`;
}

function bundle(entry: string, options: object): string {
  const result = buildSync({
    entryPoints: [join(__dirname, "child", entry)],
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
