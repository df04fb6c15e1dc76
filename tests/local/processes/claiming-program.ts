/** For claim-run.test.ts: claims a folder, says what came of it, and runs on if it holds it. */
import { ExpectedError } from "../../../lib/errors.ts";
import { claimRun } from "../../../local/processes/claim-run.ts";
import { markedChild } from "./marked-child.ts";

async function main(): Promise<void> {
  try {
    const { runId } = await claimRun(process.argv[2] ?? "");
    const child = await markedChild(runId);
    process.stdout.write(`claimed ${runId} ${child.pid}\n`);
    setInterval(() => undefined, 1000);
  } catch (error) {
    process.stdout.write(`${error instanceof ExpectedError ? error.code : String(error)}\n`);
  }
}

void main();
