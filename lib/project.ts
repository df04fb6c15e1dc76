import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "./errors.ts";

/** The project's own folder: sources and assets are found from here, from whichever folder a command runs. */
export const projectRoot = join(__dirname, "..");

/** `node --require` of this file runs a program that is written in TypeScript; there is no other way to start one. */
export const typescriptLoader = join(projectRoot, "loader/typescript.js");

/** The project's version, as package.json has it. */
export function projectVersion(): string {
  const text = readFileSync(join(projectRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/**
 * The name of the Pulumi project, as Pulumi.yaml has it: whoever makes a project from this template chooses it. Read without a
 * parser of YAML, which would be loaded for this one line.
 *
 * @throws ExpectedError `project-unnamed`.
 */
export function projectName(text = readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")): string {
  const [, quoted, bare] = /^name:[ \t]*(?:(["'].*?["'])|([\w.-]+))[ \t]*(?:#.*)?\r?$/m.exec(text) ?? [];
  const name = quoted?.slice(1, -1) ?? bare;
  if (name !== undefined && /^[\w.-]+$/.test(name)) return name;
  const message =
    "Pulumi.yaml has no line such as name: my-pictures, with letters, digits, hyphens and dots.";
  throw new ExpectedError("project-unnamed", message);
}
