import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { spawnMarked } from "../../../local/processes/marked-processes.ts";

/** What a Node process runs to live on; not for ever, should a test fail to end it. */
const liveOn = "setTimeout(() => {}, 60_000);";

/** Code that makes a marked Node process start another one in a process group of its own. */
export const startDetachedChild =
  `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(liveOn)}],` +
  ` { detached: true, stdio: "ignore" }).unref();`;

/** Starts a marked Node process that says that it is up and then lives on; `before` is code that it runs first. */
export async function markedChild(runId: string, before = ""): Promise<ChildProcess & { pid: number }> {
  const child = spawnMarked(process.execPath, ["-e", `${before} ${liveOn} process.stdout.write("up")`], {
    runId,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit").then(([code]) =>
    assert.fail(`The child ended with status ${String(code)}`),
  );
  await Promise.race([once(child.stdout!, "data"), ended]);
  ended.catch(() => undefined);
  child.unref();
  child.stdout!.destroy();
  return child as ChildProcess & { pid: number };
}
