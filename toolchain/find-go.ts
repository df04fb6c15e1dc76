import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Environment } from "./artifact.ts";
import { versions } from "./pins.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** Since this version `go` can fetch the newer Go that a module asks for, through the module proxy. */
const firstSelfUpdating = "1.21";

/**
 * Looks for Go in PATH and returns what GOTOOLCHAIN has to be in the environment of a build: `local` where the
 * installed Go is new enough, otherwise unchanged, which by default makes `go` fetch the one that it needs.
 * Throws GO_MISSING or GO_TOO_OLD.
 */
export async function findGo(env: Environment): Promise<{ readonly GOTOOLCHAIN?: string }> {
  const found = await installedVersion(env);
  if (isAtLeast(found, versions.go)) return { GOTOOLCHAIN: "local" };
  if (isAtLeast(found, firstSelfUpdating)) return {};
  throw new ToolchainError("GO_TOO_OLD", `Go ${found} is too old: ${versions.go} or newer is needed`);
}

async function installedVersion(env: Environment): Promise<string> {
  const output = await goVersion(env);
  const version = /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
  if (version === undefined) {
    throw new ToolchainError(
      "GO_MISSING",
      `\`go version\` answers "${output.trim()}", which names no version`,
    );
  }
  return version;
}

async function goVersion(env: Environment): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("go", ["version"], {
      env: { ...env, GOTOOLCHAIN: "local" },
    });
    return stdout;
  } catch (cause) {
    throw new ToolchainError("GO_MISSING", "Go is not installed: there is no working `go` in PATH", {
      cause,
    });
  }
}

function isAtLeast(version: string, minimum: string): boolean {
  const [left, right] = [version, minimum].map((text) => text.split(".").map(Number)) as [number[], number[]];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
