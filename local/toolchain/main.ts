import { describeFailure } from "../../lib/errors.ts";
import { ensureToolchain } from "./ensure-toolchain.ts";
import type { InstalledArtifact } from "./install-toolchain.ts";

/** `npm run toolchain`: installs what is missing and prints where everything comes from. */
async function main(): Promise<void> {
  const { home, installed } = await ensureToolchain({
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  for (const artifact of installed) process.stdout.write(`${describe(artifact)}\n`);
  process.stdout.write(`Toolchain: ${home}\n`);
}

function describe({ artifact, origin, isNew }: InstalledArtifact): string {
  const way = origin === "built" ? "built from its Go module" : "downloaded";
  return `${artifact.title}: ${isNew ? way : `already there (${way})`}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
});
