/** For lock.test.ts: takes a lock and is killed on the way. */
import fs from "node:fs";
import { takeLock } from "../../lib/lock.ts";

/** By name, the call of the file system after which it is killed, and on what file. */
export const takerSteps: Readonly<Record<string, readonly ["linkSync" | "renameSync" | "rmSync", RegExp]>> = {
  "when it may take over": ["linkSync", /\.takeover$/],
  "when it has taken over": ["renameSync", /lock$/],
  "when it has given back the right to take over": ["rmSync", /\.takeover$/],
};

function main([file = "", step = ""]: readonly string[]): void {
  const [name, pattern] = takerSteps[step] ?? [];
  if (name === undefined) throw new Error(`no step ${step}`);
  const call = fs[name] as (...args: unknown[]) => void;
  (fs as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
    call(...args);
    if (pattern?.test(String(args[name === "rmSync" ? 0 : 1])) === true) process.kill(process.pid, "SIGKILL");
  };
  takeLock(file);
}

if (require.main === module) main(process.argv.slice(2));
