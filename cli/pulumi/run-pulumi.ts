import { execFile, type ExecFileException } from "node:child_process";
import { ExpectedError } from "../../infra/expected-error.ts";
import { projectRoot } from "../../infra/project-root.ts";

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
}

/** Runs the user's own `pulumi` in the project. */
export type RunPulumi = (args: readonly string[], options?: PulumiOptions) => Promise<PulumiAnswer>;

/** Longer than a slow backend takes; without an end a lost connection would hold a command for ever. */
const defaultTimeoutMs = 60_000;

/**
 * The `pulumi` of this process's PATH, without questions and colours; it resolves for every exit code.
 *
 * @throws ExpectedError `pulumi-missing`, `pulumi-too-slow`, or `pulumi-failed` where somebody ended it.
 */
export const runPulumi: RunPulumi = (args, { input = "", timeoutMs = defaultTimeoutMs } = {}) =>
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
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else reject(notRun(args, timeoutMs, error));
    });
    // One that could not be started, or ends without reading, is told of by the callback.
    child.stdin?.on("error", () => undefined).end(input);
  });

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
