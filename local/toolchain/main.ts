import { failureText, standardError, standardOutput } from "../../lib/terminal-output.ts";
import { term } from "../../lib/terminal-text.ts";
import { ensureToolchain } from "./ensure-toolchain.ts";
import type { InstalledArtifact } from "./install-toolchain.ts";

/** `npm run toolchain`: installs what is missing and prints where everything comes from. */
async function main(): Promise<void> {
  const { home, installed } = await ensureToolchain({
    progress: (line) => standardError.print(term`${line}`),
  });
  for (const artifact of installed) standardOutput.print(term`${describe(artifact)}`);
  standardOutput.print(term`Toolchain: ${home}`);
}

function describe({ artifact, origin, isNew }: InstalledArtifact): string {
  const way = origin === "built" ? "built from its Go module" : "downloaded";
  return `${artifact.title}: ${isNew ? way : `already there (${way})`}`;
}

main().catch((error: unknown) => {
  standardError.print(failureText(error));
  process.exitCode = 1;
});
