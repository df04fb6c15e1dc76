import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { actionList } from "./action-list.ts";
import { bundleSources, type BundledSources } from "./bundle-sources.ts";
import { keepResult, keptResult } from "./kept-result.ts";
import { projectRoot } from "./project-root.ts";

/**
 * The project's own Actions, as bundleSources() gives them. What it gave is kept for as long as nothing changes that could
 * go in: starting esbuild takes longer than everything else that the program itself does.
 */
export function bundleOwnSources(): readonly BundledSources[] {
  const key = sourcesKey();
  const kept = keptResult("actions", key) as readonly BundledSources[] | undefined;
  if (kept !== undefined) return kept;
  const bundles = bundleSources(projectRoot);
  // A source may have been saved while they were bundled.
  if (sourcesKey() === key) keepResult("actions", key, bundles);
  return bundles;
}

/** SHA-256 over every file that may go into a bundle, what lists the Actions, what bundles them, and the esbuild that is installed. */
function sourcesKey(): string {
  const sources = ["actions", "policy"].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .map((name) => join(folder, name)),
  );
  const hash = createHash("sha256").update(JSON.stringify(actionList));
  for (const file of ["node_modules/esbuild/package.json", "infra/bundle-sources.ts", ...sources]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(projectRoot, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
