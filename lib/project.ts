import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's own folder: sources and assets are found from here, from whichever folder a command runs. */
export const projectRoot = join(__dirname, "..");

/** `node --require` of this file runs a program that is written in TypeScript; there is no other way to start one. */
export const typescriptLoader = join(projectRoot, "loader/typescript.js");

/** The project's version, as package.json has it. */
export function projectVersion(): string {
  const text = readFileSync(join(projectRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
