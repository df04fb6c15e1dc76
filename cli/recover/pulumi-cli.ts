import { ExpectedError } from "../../infra/expected-error.ts";
import { runPulumi } from "../pulumi/run-pulumi.ts";

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

export function pulumiCli(stack: string): PulumiCli {
  return {
    run: printed,
    onStack: (args, input) => printed([...args, "--stack", stack], input),
  };
}

async function printed(args: readonly string[], input = ""): Promise<string> {
  // As long as it takes: an engine works here, which must not be ended half way.
  const { code, stdout, stderr } = await runPulumi(args, { input, timeoutMs: 0 });
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
