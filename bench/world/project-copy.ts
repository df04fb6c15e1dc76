import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/project-root.ts";

const copied = [
  "actions",
  "assets",
  "cli",
  "grpc-provider",
  "index.ts",
  "infra",
  "package.json",
  "policy",
  "provider",
  "Pulumi.yaml",
  "tsconfig.json",
];

/** Copies the project into a new folder, in which its sources may be changed. The dependencies stay the same. */
export function copyProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of copied) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
}
