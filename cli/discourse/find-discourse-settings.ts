import { ExpectedError } from "../../infra/expected-error.ts";
import { given, type Environment } from "../environment.ts";
import { runPulumi, type RunPulumi } from "../pulumi/run-pulumi.ts";
import { readDiscourseSettings, requiredVariables, type DiscourseSettings } from "./discourse-settings.ts";
import { parseStackConfig, type StackConfig } from "./stack-config.ts";

/**
 * The settings of Discourse. Where the environment has the address and both secrets, Pulumi is not asked: for
 * people who have no access to it. Else the stack's configuration fills in what the environment lacks.
 *
 * @throws ExpectedError `stack-config-unavailable`, or what `readDiscourseSettings` and `runPulumi` throw.
 */
export async function findDiscourseSettings(
  stack: string,
  env: Environment,
  pulumi: RunPulumi = runPulumi,
): Promise<DiscourseSettings> {
  const isComplete = requiredVariables.every((name) => given(env, name) !== undefined);
  return readDiscourseSettings(env, isComplete ? {} : await stackConfig(stack, pulumi));
}

async function stackConfig(stack: string, pulumi: RunPulumi): Promise<StackConfig> {
  const { code, stdout, stderr } = await pulumi(["config", "--json", "--show-secrets", "--stack", stack]);
  if (code !== 0) throw unavailable(stack, stderr.trim().replace(/^error: /, ""));
  try {
    return parseStackConfig(JSON.parse(stdout));
  } catch {
    // What it printed is not shown: it may hold a secret.
    throw unavailable(stack, "pulumi printed no JSON");
  }
}

function unavailable(stack: string, why: string): ExpectedError {
  return new ExpectedError(
    "stack-config-unavailable",
    `pulumi does not give the configuration of stack ${stack}: ${why}. Log in to its backend (pulumi login) with its passphrase or ` +
      `key, or set ${new Intl.ListFormat("en").format(requiredVariables)}.`,
  );
}
