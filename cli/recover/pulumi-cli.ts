import { spawn } from "node:child_process";
import { ExpectedError } from "../../infra/expected-error.ts";
import { projectRoot } from "../../infra/project-root.ts";

/** The user's own `pulumi`, on one stack of this project. */
export interface PulumiCli {
  /**
   * Runs it without questions and colours and gives its standard output.
   *
   * @param input What it gets on standard input.
   * @throws ExpectedError `pulumi-missing`, `stack-locked`, or `pulumi-failed` with what it said.
   */
  readonly run: (args: readonly string[], input?: string) => Promise<string>;
  /** The same for commands that belong to a stack. */
  readonly onStack: (args: readonly string[], input?: string) => Promise<string>;
}

/** Unlike cli/pulumi/run-pulumi.ts it waits as long as it takes: an engine works here, which must not be ended half way. */
export function pulumiCli(stack: string): PulumiCli {
  return {
    run: runPulumi,
    onStack: (args, input) => runPulumi([...args, "--stack", stack], input),
  };
}

async function runPulumi(args: readonly string[], input = ""): Promise<string> {
  const { code, stdout, stderr } = await spawned([...args, "--non-interactive", "--color", "never"], input);
  if (code === 0) return stdout;
  const said = `${stderr}\n${errorsIn(stdout)}`.trim();
  if (said.includes("stack is currently locked")) {
    const message = `Another run holds the stack:\n${said}\nWait for it. If it was killed, run \`pulumi cancel\` first.`;
    throw new ExpectedError("stack-locked", message);
  }
  throw new ExpectedError(
    "pulumi-failed",
    `pulumi ${args.join(" ")} failed:\n${said}\nMend that, then run this again.`,
  );
}

/** With --json the diagnostics come on standard output; the rest of it may hold secrets and is not shown. */
function errorsIn(stdout: string): string {
  try {
    const { diagnostics = [] } = JSON.parse(stdout) as {
      diagnostics?: readonly { severity?: unknown; message?: unknown }[];
    };
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    return errors.map(({ message }) => String(message).trim()).join("\n");
  } catch {
    return stdout
      .split("\n")
      .filter((line) => /^\s*error:/.test(line))
      .join("\n");
  }
}

function spawned(
  args: readonly string[],
  input: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, {
      cwd: projectRoot,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", (cause) => {
      const message = `pulumi cannot be started (${cause.message}). Install it, or add it to PATH.`;
      reject(new ExpectedError("pulumi-missing", message, { cause }));
    });
    child.once("close", (code) => resolve({ code, stdout, stderr }));
    // A command that reads nothing may have ended before.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
