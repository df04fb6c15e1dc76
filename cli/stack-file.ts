import type { Environment } from "./environment.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../infra/project-root.ts";

/**
 * The file with a stack's configuration: in `PICTURES_STACK_FOLDER` where that is set (a local world's folder), else in
 * the project, where the generated stack `local` keeps its file in `.local/`. Nothing says that it exists.
 *
 * @param stack As `--stack` takes it: `dev`, or `organization/project/dev`.
 */
export function stackFile(stack: string, env: Environment): string {
  const name = `Pulumi.${stackName(stack)}.yaml`;
  const folder = env["PICTURES_STACK_FOLDER"];
  if (folder !== undefined && folder !== "") return join(folder, name);
  const generated = join(projectRoot, ".local", name);
  const own = join(projectRoot, name);
  return !existsSync(own) && existsSync(generated) ? generated : own;
}

/** A stack's own name, without the organization and project that may stand before it. */
export function stackName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}
