import { ExpectedError } from "../../infra/expected-error.ts";
import type { Environment } from "../environment.ts";
import { UsageError } from "../usage-error.ts";
import { runPulumi, type RunPulumi } from "./run-pulumi.ts";

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
    "No stack is named and Pulumi has none selected. Name it: --stack dev, or PULUMI_STACK, or pulumi stack select dev.",
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
