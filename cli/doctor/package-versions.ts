import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/project-root.ts";

/** The exact version that package.json asks for of one of its dependencies. */
export function dependencyVersion(name: string): string {
  const version = readPackage().dependencies[name];
  if (version === undefined) throw new Error(`package.json has no dependency ${name}`);
  return version;
}

/** The oldest Node that package.json's `engines` takes. */
export function leastNodeVersion(): string {
  return readPackage().engines.node.replace(/^>=/, "");
}

/** Whether a version is at least another; both are numbers separated by dots, missing ones count as 0. */
export function isAtLeast(version: string, least: string): boolean {
  const [own, other] = [numbersOf(version), numbersOf(least)];
  const difference = [0, 1, 2].map((index) => (own[index] ?? 0) - (other[index] ?? 0)).find((d) => d !== 0);
  return difference === undefined || difference > 0;
}

function numbersOf(version: string): number[] {
  return (version.split("-")[0] ?? "").split(".").map(Number);
}

function readPackage(): { dependencies: Record<string, string>; engines: { node: string } } {
  return JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as ReturnType<
    typeof readPackage
  >;
}
