import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { isDecodeAnswer, type DecodeAnswer } from "./decode-answer.ts";
import { decodeLimitMs, pictureSide } from "./image-limits.ts";

export interface DecodeOptions {
  /** The program that decodes. */
  readonly program?: string;
  readonly limitMs?: number;
}

/** `crashed` and `too-slow` are the end of the process, not an answer of it. */
export type DecodeOutcome = DecodeAnswer | { readonly failed: "crashed" | "too-slow" };

/**
 * Decodes in a process of its own: a decoder that a hostile file brings down, or keeps busy for ever, takes nothing
 * with it. The process gets none of our environment, so no credentials. Never rejects.
 */
export function decodeInProcess(bytes: Buffer, options: DecodeOptions = {}): Promise<DecodeOutcome> {
  const { program = join(__dirname, "decode-program.ts"), limitMs = decodeLimitMs } = options;
  const child = fork(program, {
    execArgv: ["--require", require.resolve("tsx/cjs")],
    env: childEnvironment(),
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return outcomeOf(child, bytes, limitMs);
}

/** tsx keeps its cache in the temporary folder. */
function childEnvironment(): NodeJS.ProcessEnv {
  const { TMPDIR: folder } = process.env;
  // A large picture in memory, not in a temporary file that a killed process would leave behind.
  return { VIPS_DISC_THRESHOLD: "4g", ...(folder === undefined ? {} : { TMPDIR: folder }) };
}

async function outcomeOf(child: ChildProcess, bytes: Buffer, limitMs: number): Promise<DecodeOutcome> {
  let outcome: DecodeOutcome = { failed: "crashed" };
  const timer = setTimeout(() => {
    outcome = { failed: "too-slow" };
    child.kill("SIGKILL");
  }, limitMs);
  child.once("message", (message) => {
    if (isDecodeAnswer(message, pictureSide * pictureSide * 4)) outcome = message;
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    // Also a message that could not be sent, to a process that ended at once; without a process there is no exit.
    child.on("error", () => {
      if (child.pid === undefined) resolve();
    });
  });
  child.send({ bytes });
  await gone;
  clearTimeout(timer);
  return outcome;
}
