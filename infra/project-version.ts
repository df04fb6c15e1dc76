import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./project-root.ts";

/** The project's version, as package.json has it. */
export function projectVersion(): string {
  const text = readFileSync(join(projectRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
