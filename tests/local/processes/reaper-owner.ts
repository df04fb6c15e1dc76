/** For start-reaper.test.ts: a run with a watcher and two children, which says their pids and runs on. */
import { startReaper } from "../../../local/processes/start-reaper.ts";
import { markedChild, startDetachedChild } from "./marked-child.ts";

async function main(): Promise<void> {
  const runId = process.argv[2] ?? "";
  const reaper = await startReaper(runId);
  await markedChild(runId, `process.on("SIGTERM", () => {});`);
  await markedChild(runId, startDetachedChild);
  process.stdout.write(`${reaper.pid}\n`);
  setInterval(() => undefined, 1000);
}

void main();
