import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Duplex, Writable } from "node:stream";
import { build } from "esbuild";
import { ExpectedError } from "../../lib/errors.ts";
import { withoutMark } from "./marked-processes.ts";

export interface Reaper {
  readonly pid: number;
  /** Dismisses it: it ends and kills nothing. */
  stop(): Promise<void>;
}

/**
 * Starts a small watcher process that ends everything with the mark of the run as soon as this process is
 * gone, even by SIGKILL. Resolves when it watches; start it before the first child.
 *
 * @throws ExpectedError `reaper-failed` when it does not start.
 */
export async function startReaper(runId: string): Promise<Reaper> {
  const program = await bundleReaper();
  const child = spawn(process.execPath, ["-", runId], {
    // A group and session of its own: Ctrl-C and a closed terminal must not end it before its work.
    detached: true,
    env: withoutMark(process.env),
    stdio: ["pipe", "ignore", "ignore", "pipe"],
  });
  const pipe = child.stdio[3] as Duplex;
  // It may be gone already when we write; its exit is what counts.
  pipe.on("error", ignore);
  child.stdin?.on("error", ignore).end(program);
  await ready(child, pipe);
  letGo(child, pipe);
  return { pid: child.pid ?? 0, stop: () => stop(child, pipe) };
}

/** Bundled, it starts several times faster than from its sources, and lives on with less memory. */
async function bundleReaper(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "reaper-main.ts")],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

async function ready(child: ChildProcess, pipe: Duplex): Promise<void> {
  const failed = new Promise<never>((_resolve, reject) => {
    const fail = (why: unknown) =>
      reject(
        new ExpectedError(
          "reaper-failed",
          `The watcher that ends left-over processes did not start: ${String(why)}. Check that ${process.execPath} can run, then try again.`,
        ),
      );
    child.once("error", fail);
    child.once("exit", (code, signal) => fail(`it ended with ${signal ?? `status ${code ?? "?"}`}`));
  });
  await Promise.race([once(pipe, "data"), failed]);
  child.removeAllListeners();
}

/** Our end must not keep this process running. */
function letGo(child: ChildProcess, pipe: Duplex): void {
  child.unref();
  // The type of a child's pipes does not say that they are sockets.
  (pipe as Duplex & { unref(): void }).unref();
  (child.stdin as Writable & { unref(): void }).unref();
}

async function stop(child: ChildProcess, pipe: Duplex): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const ended = once(child, "exit");
  pipe.write("stop");
  const deadline = setTimeout(() => child.kill("SIGKILL"), 2000);
  await ended;
  clearTimeout(deadline);
  pipe.destroy();
}

function ignore(): void {
  // Nothing to do.
}
