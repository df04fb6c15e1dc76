import { parseArgs } from "node:util";
import { UsageError } from "../../lib/errors.ts";
import { failureText, standardError, standardOutput } from "../../lib/terminal-output.ts";
import { term } from "../../lib/terminal-text.ts";
import type { Origin } from "./artifact.ts";
import { ensureToolchain } from "./ensure-toolchain.ts";
import type { InstalledArtifact } from "./install-toolchain.ts";

/** `npm run toolchain -- [--pinned]`: installs what is missing and prints where everything comes from. */
async function main(args: readonly string[]): Promise<void> {
  const { home, installed, ownPulumi } = await ensureToolchain({
    progress: (line) => standardError.print(term`${line}`),
    mayUseOwnPulumi: !isPinned(args),
  });
  for (const artifact of installed) standardOutput.print(term`${describe(artifact)}`);
  if (ownPulumi !== undefined) {
    standardOutput.print(term`the Pulumi CLI ${ownPulumi.version}: your own, ${ownPulumi.path}`);
  }
  standardOutput.print(term`Toolchain: ${home}`);
}

function isPinned(args: readonly string[]): boolean {
  try {
    return parseArgs({ args: [...args], options: { pinned: { type: "boolean", default: false } } }).values
      .pinned;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("bad-usage", `${why}\nUsage: npm run toolchain -- [--pinned]`, { cause });
  }
}

const ways: Readonly<Record<Origin, string>> = {
  downloaded: "downloaded",
  installed: "installed by `pulumi plugin install`",
  built: "built from its Go module",
};

function describe({ artifact, origin, isNew }: InstalledArtifact): string {
  return `${artifact.title}: ${isNew ? ways[origin] : `already there (${ways[origin]})`}`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  standardError.print(failureText(error));
  process.exitCode = error instanceof UsageError ? 3 : 1;
});
