import { execFile, type ChildProcess, type ExecFileException } from "node:child_process";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { projectRoot } from "../../lib/project.ts";

export interface PulumiAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PulumiOptions {
  /** What it reads from standard input: the place for secrets. */
  readonly input?: string;
  /** Milliseconds, 0 for as long as it takes; 60,000 where it is left out. */
  readonly timeoutMs?: number;
  /** Aborted: pulumi is ended, and the promise rejects when it is gone. */
  readonly signal?: AbortSignal;
}

/** Runs the user's own `pulumi` in the project. */
export type RunPulumi = (args: readonly string[], options?: PulumiOptions) => Promise<PulumiAnswer>;

/** Longer than a slow backend takes; without an end a lost connection would hold a command for ever. */
const defaultTimeoutMs = 60_000;

/** It lets its engine end; one that does not react is killed. */
const stopMs = 10_000;

/**
 * The `pulumi` of this process's PATH, without questions and colours; it resolves for every exit code.
 *
 * @throws ExpectedError `pulumi-missing`, `pulumi-too-slow`, `pulumi-stopped` by the signal, or `pulumi-failed` where
 *   something else ended it.
 */
export const runPulumi: RunPulumi = (args, { input = "", timeoutMs = defaultTimeoutMs, signal } = {}) =>
  new Promise((resolve, reject) => {
    const options = {
      cwd: projectRoot,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: timeoutMs,
      // A limit would end an engine in the middle of its work.
      maxBuffer: Infinity,
    };
    const flags = ["--non-interactive", "--color=never"];
    const child = execFile("pulumi", [...args, ...flags], options, (error, stdout, stderr) => {
      stopListening();
      if (signal?.aborted === true) {
        reject(new ExpectedError("pulumi-stopped", `pulumi ${args.join(" ")} was stopped.`));
        return;
      }
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else reject(notRun(args, timeoutMs, error));
    });
    const stopListening = endOnAbort(child, signal);
    // The callback reports a process that could not be started, or that ends without reading.
    child.stdin?.on("error", () => undefined).end(input);
  });

/** Not by execFile's own option: that one does not wait until the process is gone. */
function endOnAbort(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill();
    timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
  };
  if (signal?.aborted === true) end();
  else signal?.addEventListener("abort", end);
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  };
}

function notRun(args: readonly string[], timeoutMs: number, cause: ExecFileException | null): ExpectedError {
  if (cause?.code === "ENOENT") {
    const message = "There is no pulumi on the PATH. Install it: https://www.pulumi.com/docs/install/";
    return new ExpectedError("pulumi-missing", message, { cause });
  }
  if (cause?.killed !== true) {
    const message = `pulumi ${args.join(" ")} was ended by ${cause?.signal ?? "something else"}. Run this again.`;
    return new ExpectedError("pulumi-failed", message, { cause });
  }
  const message = `pulumi ${args.join(" ")} did not end within ${timeoutMs / 1000} s. Is its backend reachable (pulumi whoami)?`;
  return new ExpectedError("pulumi-too-slow", message, { cause });
}

/**
 * The stack that a command works on: the one named by `--stack`, else by PULUMI_STACK, else the one that is selected in
 * Pulumi's workspace.
 *
 * @throws UsageError `stack-not-named`.
 */
export async function selectedStack(
  named: string | undefined,
  env: Environment,
  pulumi: RunPulumi = runPulumi,
): Promise<string> {
  const given = named ?? env["PULUMI_STACK"]?.trim();
  if (given !== undefined && given !== "") return given;
  const selected = await askPulumi(pulumi);
  if (selected !== "") return selected;
  throw new UsageError(
    "stack-not-named",
    "No stack is named, and none is selected in Pulumi. Name one: --stack dev, or PULUMI_STACK, or pulumi stack select dev.",
  );
}

async function askPulumi(pulumi: RunPulumi): Promise<string> {
  try {
    const { code, stdout } = await pulumi(["stack", "--show-name"]);
    return code === 0 ? stdout.trim() : "";
  } catch (error) {
    // Without a pulumi there is no selected stack, which is what the caller says.
    if (error instanceof ExpectedError) return "";
    throw error;
  }
}
