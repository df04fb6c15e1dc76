import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs something with a new folder and removes the folder afterwards, also where a signal ends this process meanwhile.
 *
 * @param use Its signal is aborted just before the folder is removed: what it started there must end at once.
 */
export async function withCommitFolder<T>(
  use: (folder: string, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "user-pictures-commit-")));
  const stopping = new AbortController();
  const remove = (): void => {
    for (const signal of signals) process.off(signal, end);
    stopping.abort();
    // What is being killed may still write a file.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const end = (signal: NodeJS.Signals): void => {
    remove();
    // Now it ends this process as if nobody had listened.
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, end);
  try {
    return await use(folder, stopping.signal);
  } finally {
    remove();
  }
}
