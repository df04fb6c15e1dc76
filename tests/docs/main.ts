import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { generatedFiles } from "./generated-files.ts";

/**
 * `npm run docs`: writes docs/configuration.md, docs/resources.md, the map in docs/architecture.md, the figures in
 * docs/benchmarks.md, the costs in docs/copies.md and the config section of Pulumi.yaml. It is here since the tables of resources come from the mocks that the tests record with.
 */
async function main(): Promise<void> {
  for (const { path, content } of await generatedFiles()) {
    writeFileSync(join(projectRoot, path), content);
    process.stdout.write(`${path}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
