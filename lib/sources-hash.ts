import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./project.ts";

/**
 * What something that is built of the project's sources depends on.
 *
 * @param folders All TypeScript in them counts.
 * @param files Others that count.
 * @returns SHA-256 over paths and contents, and the esbuild that is installed.
 */
export function sourcesHash(folders: readonly string[], files: readonly string[] = []): string {
  const sources = folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .map((name) => join(folder, name)),
  );
  const hash = createHash("sha256");
  for (const file of ["node_modules/esbuild/package.json", ...files, ...sources]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(projectRoot, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
