import { Command, Option } from "commander";
import { term } from "../../lib/terminal-text.ts";
import { jsonOption, reporting, stackOption, waitOption, yesOption, type CommandReport } from "../command.ts";
import type { DriftFormat } from "./report-drift.ts";

const driftHelp = `
It changes nothing. Exit code 0: no drift; 2: drift; 1: something could not be read, so drift is unknown.
With github, it writes the job's summary to the file that GITHUB_STEP_SUMMARY names.

Examples:
  pictures drift --stack dev
  pictures drift --stack prod --format github`;

interface DriftOptions {
  readonly stack?: string;
  readonly format: DriftFormat;
}

/** `pictures drift`: what in the tenant and the bucket is not as the program says? */
export function driftCommand(): Command {
  const format = new Option("--format <format>", "how to print it")
    .choices(["text", "json", "markdown", "github"])
    .default("text");
  return new Command("drift")
    .description(
      "Finds changes made by hand, including those that the engine cannot see, and says how to fix them.",
    )
    .addOption(stackOption())
    .addOption(format)
    .addOption(jsonOption())
    .addHelpText("after", driftHelp)
    .action(
      reporting(async (options: DriftOptions) => {
        const { selectedStack, runPulumi } = await import("../pulumi/run-pulumi.ts");
        const { openStack } = await import("../pulumi/stack-tenant.ts");
        const { findDrift } = await import("./find-drift.ts");
        const { reportDrift } = await import("./report-drift.ts");
        const { env } = process;
        const stack = await selectedStack(options.stack, env);
        const tenant = () => openStack(stack, env);
        const drift = await findDrift({ stack, tenant, env, pulumi: runPulumi });
        return reportDrift(drift, options.format, env);
      }),
    );
}

const redeployHelp = `
For a version that was deployed by hand while the draft is still the program's: the engine sees no difference there.
Dependencies and secrets that were added by hand are removed.

Example:
  pictures redeploy user-picture --stack dev`;

interface RedeployOptions {
  readonly stack?: string;
  readonly yes?: boolean;
  readonly wait?: boolean;
}

/** `pictures redeploy`: fixes what one `pulumi up --refresh` cannot. */
export function redeployCommand(): Command {
  return new Command("redeploy")
    .description("Deploys an Action's draft again, if it is the program's and logins run something else.")
    .argument("<action>", "default-picture or user-picture")
    .addOption(stackOption())
    .addOption(yesOption())
    .addOption(waitOption())
    .addOption(jsonOption())
    .addHelpText("after", redeployHelp)
    .action(reporting(redeploy));
}

async function redeploy(given: string, options: RedeployOptions): Promise<CommandReport> {
  const { confirm } = await import("../../lib/confirm.ts");
  const { openStack } = await import("../pulumi/stack-tenant.ts");
  const { expectedActions } = await import("./expected-action.ts");
  const { withTenantLock } = await import("../tenant-lock.ts");
  const { redeployAction } = await import("./redeploy-action.ts");
  const { actionNamed } = await import("../../stack/actions.ts");
  const name = actionNamed(given);
  const { env } = process;
  const { stack, settings, access } = await openStack(options.stack, env);
  const question = term`This replaces the deployed version of Action ${name} of stack ${stack} with its draft. Go on?`;
  if (!(await confirm(question, options))) {
    return { text: term`Nothing was changed.`, json: { stack, action: name, changed: false } };
  }
  const lock = { command: "pictures redeploy", env, wait: options.wait === true };
  const result = await withTenantLock(access.domain, ["deployment"], lock, () => {
    const { actions } = expectedActions(stack, { settings }, env);
    const action = actions.find((candidate) => candidate.name === name);
    if (action === undefined) throw new Error(`The program has no Action ${name}.`);
    return redeployAction(stack, action, access);
  });
  const text = result.changed
    ? term`Action ${name}: version ${result.version} runs now, with the program's code.`
    : term`Action ${name}: version ${result.version} already has the program's code. Nothing was changed.`;
  return { text, json: { stack, ...result } };
}
