import { spawn, type ChildProcess } from "node:child_process";
import { ExpectedError } from "../../infra/expected-error.ts";
import { isolation } from "../../sandbox/isolation.ts";
import type { BatchAnswer, ChildSetup } from "./child/messages.ts";
import { headerBytes, type LineBatch } from "./line-batches.ts";

/** A process that compares the flows for one batch of users after the other. */
export interface Worker {
  readonly pid: number | undefined;
  /** Resolves with the answer. Batches wait for each other. @throws ExpectedError `impact-broke`. */
  readonly compare: (batch: LineBatch) => Promise<BatchAnswer>;
  /** Ends it. */
  readonly stop: () => Promise<void>;
}

/**
 * A batch takes far less than a second. Code that never gives the processor back cannot be stopped in any other way than
 * by killing its process, and so the login would end at Auth0 too, after 20 seconds.
 */
const longestBatchMs = 120_000;

/** What each process may hold: a small young generation keeps the peak low, and costs little here. */
const memoryFlags = ["--max-semi-space-size=4", "--max-old-space-size=192"];

/** @param script The program of `childProgram`. */
export function startWorker(script: string, setup: ChildSetup): Worker {
  const { command, args } = isolation();
  const child = spawn(command, [...args, ...memoryFlags, "--eval", script], {
    env: {},
    cwd: "/",
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting: { settle: (answer: BatchAnswer) => void; refuse: (error: Error) => void }[] = [];
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      isGone = true;
      for (const { refuse } of waiting.splice(0)) refuse(broke("the process that ran the Actions ended"));
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  // A child that is gone says so by its exit.
  child.stdin.on("error", () => undefined);
  onLines(child, (line) => waiting.shift()?.settle(JSON.parse(line) as BatchAnswer));
  child.stdin.write(setupFrame(setup));
  return {
    pid: child.pid,
    compare: async ({ buffer, length }) => {
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<BatchAnswer>((settle, refuse) => {
          if (isGone) {
            refuse(broke("the process that ran the Actions ended"));
            return;
          }
          waiting.push({ settle, refuse });
          timer = setTimeout(() => {
            refuse(broke(`an Action did not come to an end within ${longestBatchMs / 1000} seconds`));
            child.kill("SIGKILL");
          }, longestBatchMs);
          child.stdin.write(buffer.subarray(0, length));
        });
      } finally {
        clearTimeout(timer);
      }
    },
    stop: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

function setupFrame(setup: ChildSetup): Buffer {
  const content = Buffer.from(JSON.stringify(setup));
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(content.length, 0);
  return Buffer.concat([header, content]);
}

function onLines(child: ChildProcess, take: (line: string) => void): void {
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
}

function broke(why: string): ExpectedError {
  return new ExpectedError("impact-broke", why);
}
