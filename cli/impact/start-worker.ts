import { spawn, type ChildProcess } from "node:child_process";
import { ExpectedError } from "../../lib/errors.ts";
import { isolation } from "../../sandbox/isolation.ts";
import { aliveLine, type BatchAnswer, type ChildSetup } from "./child/messages.ts";
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
 * A process that compares says each second that it is there. One that is silent runs code that never gives the processor
 * back: it cannot be stopped in any other way than by killing its process.
 */
const longestSilenceMs = 120_000;

/** What each process may hold: a small young generation keeps the peak low, and costs little here. */
const memoryFlags = ["--max-semi-space-size=4", "--max-old-space-size=192"];

/**
 * @param script The program of `childProgram`.
 * @param silenceMs How long it may say nothing while it is asked for something.
 */
export function startWorker(script: string, setup: ChildSetup, silenceMs = longestSilenceMs): Worker {
  const { command, args } = isolation();
  const child = spawn(command, [...args, ...memoryFlags, "--eval", script], {
    env: {},
    cwd: "/",
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting: { settle: (answer: BatchAnswer) => void; refuse: (error: Error) => void }[] = [];
  const refuseAll = (error: Error): void => {
    silence.stop();
    for (const { refuse } of waiting.splice(0)) refuse(error);
  };
  const silence = createSilenceLimit(silenceMs, () => {
    refuseAll(broke(`an Action blocked its process for more than ${silenceMs / 1000} seconds`));
    child.kill("SIGKILL");
  });
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      isGone = true;
      refuseAll(broke(endedWords));
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  // A child that is gone says so by its exit.
  child.stdin.on("error", () => undefined);
  onLines(child, (line) => {
    if (line !== aliveLine) waiting.shift()?.settle(JSON.parse(line) as BatchAnswer);
    if (waiting.length > 0) silence.restart();
    else silence.stop();
  });
  child.stdin.write(setupFrame(setup));
  return {
    pid: child.pid,
    compare: ({ buffer, length }) =>
      new Promise<BatchAnswer>((settle, refuse) => {
        if (isGone) {
          refuse(broke(endedWords));
          return;
        }
        if (waiting.length === 0) silence.restart();
        waiting.push({ settle, refuse });
        child.stdin.write(buffer.subarray(0, length));
      }),
    stop: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

const endedWords = "the process that ran the Actions ended";

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

/** Watches over something that has to be heard of from time to time. */
interface SilenceLimit {
  /** It was heard of, or is asked for something: the time runs from now on. */
  readonly restart: () => void;
  /** Nothing is expected. */
  readonly stop: () => void;
}

/** @param onSilent Called where nothing was heard for so long. */
export function createSilenceLimit(longestMs: number, onSilent: () => void): SilenceLimit {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
  };
  return {
    restart: () => {
      stop();
      timer = setTimeout(onSilent, longestMs);
    },
    stop,
  };
}
