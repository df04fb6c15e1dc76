import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../lib/errors.ts";
import { projectRoot, projectVersion } from "../lib/project.ts";
import { failureText, standardError, standardOutput } from "../lib/terminal-output.ts";
import { term } from "../lib/terminal-text.ts";
import { releaseNotes } from "./notes.ts";

/** `npm run release-notes -- TAG FILE`: writes the notes of the release that the tag names, or says why there can be none. */
function main([tag, file, ...others]: readonly string[]): void {
  if (tag === undefined || file === undefined || others.length > 0) {
    throw new UsageError("bad-usage", "Usage: npm run release-notes -- TAG FILE, such as v1.0.0 notes.md");
  }
  const changelog = readFileSync(join(projectRoot, "CHANGELOG.md"), "utf8");
  writeFileSync(file, releaseNotes({ tag, version: projectVersion(), changelog }));
  standardOutput.print(term`The notes of ${tag} are in ${file}.`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  standardError.print(failureText(error));
  process.exitCode = error instanceof UsageError ? 3 : 1;
}
