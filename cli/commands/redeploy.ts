import { Command } from "commander";
import { reporting, type CommandReport } from "../command-report.ts";
import type * as ActionName from "../actions-api/action-name.ts";
import type * as Confirm from "../confirm.ts";
import type * as ExpectedActionModule from "../drift/expected-action.ts";
import type * as RedeployAction from "../drift/redeploy-action.ts";
import type * as TenantOfStack from "../drift/tenant-of-stack.ts";
import type * as SelectedStack from "../pulumi/selected-stack.ts";
import { jsonOption, stackOption, yesOption } from "../shared-options.ts";

const help = `
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
    .addHelpText("after", help)
    .action(reporting(redeploy));
}

async function redeploy(given: string, options: RedeployOptions): Promise<CommandReport> {
  const { selectedStack } = require("../pulumi/selected-stack.ts") as typeof SelectedStack;
  const { confirm } = require("../confirm.ts") as typeof Confirm;
  const { tenantOfStack } = require("../drift/tenant-of-stack.ts") as typeof TenantOfStack;
  const { expectedActions } = require("../drift/expected-action.ts") as typeof ExpectedActionModule;
  const { redeployAction } = require("../drift/redeploy-action.ts") as typeof RedeployAction;
  const { actionNamed } = require("../actions-api/action-name.ts") as typeof ActionName;
  const name = actionNamed(given);
  const stack = await selectedStack(options.stack, process.env);
  const { config, access } = await tenantOfStack(stack, process.env);
  const { actions } = expectedActions(stack, config, process.env);
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
