import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../infra/project-root.ts";
import { commandReference } from "./command-reference.ts";
import { picturesProgram } from "./pictures-program.ts";

/** The document whose end is the commands' own help. */
export const referenceFile = join(projectRoot, "docs/pictures-command.md");

/** Everything from this heading on is generated. */
const heading = "## Every command\n";

/** The document as it should be: what people wrote, and the current help. */
export function currentReference(): string {
  const [written = ""] = readFileSync(referenceFile, "utf8").split(heading);
  return `${written}${heading}\n${commandReference(picturesProgram())}`;
}

/** Brings the document up to date. */
export function writeCommandReference(): void {
  writeFileSync(referenceFile, currentReference());
}
