import { importFindings } from "./import-findings.ts";

/** `npm run imports`: fails where a file imports what its room may not. */
async function main(): Promise<void> {
  const findings = await importFindings();
  for (const finding of findings) process.stderr.write(`${finding}\n`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  process.exitCode = 1;
});
