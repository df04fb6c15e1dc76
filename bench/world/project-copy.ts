import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/project-root.ts";

/** What the program and the `pictures` command do without; what git ignores and hides begins with a dot. */
const left = new Set(["bench", "docs", "examples", "local", "node_modules", "pins", "tests", "toolchain"]);

/** Copies the project into a new folder, in which its sources may be changed. The dependencies stay the same. */
export function copyProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(projectRoot).filter((name) => !name.startsWith(".") && !left.has(name));
  for (const name of names) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  linkDependencies(join(folder, "node_modules"));
}

/** One by one: what a copy keeps in `node_modules/.cache` is its own. */
function linkDependencies(folder: string): void {
  const dependencies = join(projectRoot, "node_modules");
  mkdirSync(folder);
  for (const name of readdirSync(dependencies)) {
    if (!name.startsWith(".")) symlinkSync(join(dependencies, name), join(folder, name));
  }
}
