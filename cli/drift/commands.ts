import { Command, Option } from "commander";
import type * as Terminal from "../../lib/terminal.ts";
import type * as Actions from "../../stack/actions.ts";
import { jsonOption, reporting, stackOption, yesOption, type CommandReport } from "../command.ts";
import type * as RunPulumi from "../pulumi/run-pulumi.ts";
import type * as StackTenant from "../pulumi/stack-tenant.ts";
import type * as ExpectedActionModule from "./expected-action.ts";
import type * as FindDrift from "./find-drift.ts";
import type * as RedeployAction from "./redeploy-action.ts";
import type * as ReportDrift from "./report-drift.ts";
import type { DriftFormat } from "./report-drift.ts";

const driftHelp = `
It changes nothing. Exit code 0: no drift; 2: drift; 1: something could not be read, so it is not known.
With github, the job's summary goes to the file that GITHUB_STEP_SUMMARY names.

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
      "Finds what was changed by hand, also where the engine cannot see it, and says what mends it.",
    )
    .addOption(stackOption())
    .addOption(format)
    .addOption(jsonOption())
    .addHelpText("after", driftHelp)
    .action(
      reporting(async (options: DriftOptions) => {
        const { selectedStack, runPulumi } = require("../pulumi/run-pulumi.ts") as typeof RunPulumi;
        const { openStack } = require("../pulumi/stack-tenant.ts") as typeof StackTenant;
        const { findDrift } = require("./find-drift.ts") as typeof FindDrift;
        const { reportDrift } = require("./report-drift.ts") as typeof ReportDrift;
        const { env } = process;
        const stack = await selectedStack(options.stack, env);
        const tenant = () => openStack(stack, env);
        const drift = await findDrift({ stack, tenant, env, pulumi: runPulumi });
        return reportDrift(drift, options.format, env);
      }),
    );
}

const redeployHelp = `
For a version that somebody deployed by hand while the draft stayed the program's: the engine sees no difference there.
Dependencies and secrets that somebody added are taken away.

Example:
  pictures redeploy user-picture --stack dev`;

interface RedeployOptions {
  readonly stack?: string;
  readonly yes?: boolean;
}

/** `pictures redeploy`: mends what one `pulumi up --refresh` cannot. */
export function redeployCommand(): Command {
  return new Command("redeploy")
    .description("Deploys an Action's draft again, where it is the program's and logins run something else.")
    .argument("<action>", "default-picture or user-picture")
    .addOption(stackOption())
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText("after", redeployHelp)
    .action(reporting(redeploy));
}

async function redeploy(given: string, options: RedeployOptions): Promise<CommandReport> {
  const { confirm } = require("../../lib/terminal.ts") as typeof Terminal;
  const { openStack } = require("../pulumi/stack-tenant.ts") as typeof StackTenant;
  const { expectedActions } = require("./expected-action.ts") as typeof ExpectedActionModule;
  const { redeployAction } = require("./redeploy-action.ts") as typeof RedeployAction;
  const { actionNamed } = require("../../stack/actions.ts") as typeof Actions;
  const name = actionNamed(given);
  const { stack, settings, access } = await openStack(options.stack, process.env);
  const { actions } = expectedActions(stack, { settings }, process.env);
  const action = actions.find((candidate) => candidate.name === name);
  if (action === undefined) throw new Error(`The program has no Action ${name}.`);
  const question = `This replaces what logins run as Action ${name} of stack ${stack} by its draft. Go on?`;
  if (!(await confirm(question, options))) {
    return { text: "Nothing was changed.", json: { stack, action: name, changed: false } };
  }
  const result = await redeployAction(stack, action, access);
  const text = result.changed
    ? `Action ${name}: version ${result.version} runs now, with the program's code.`
    : `Action ${name}: version ${result.version} is what the program says. Nothing was changed.`;
  return { text, json: { stack, ...result } };
}
