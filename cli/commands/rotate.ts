import { Command } from "commander";
import { reporting, type CommandReport } from "../command-report.ts";
import type * as Confirm from "../confirm.ts";
import type * as DeployClients from "../pulumi/deploy-clients.ts";
import type * as SelectedStack from "../pulumi/selected-stack.ts";
import type * as StackConfigModule from "../pulumi/stack-config.ts";
import type * as StackOutputs from "../pulumi/stack-outputs.ts";
import type * as DescribeRotation from "../rotate/describe-rotation.ts";
import type * as ProveClient from "../rotate/prove-client.ts";
import type * as RotateClient from "../rotate/rotate-client.ts";
import { jsonOption, stackOption, yesOption } from "../shared-options.ts";

interface RotateOptions {
  readonly stack?: string;
  readonly finish?: boolean;
  readonly yes?: boolean;
}

const help = `
Two phases, so that nothing stops working: the first adds a new secret or key beside the old one and proves that it
works; --finish takes the old one away, once everybody has moved. A phase that was interrupted is run again.

Examples:
  pictures rotate --stack dev
  pictures rotate --finish --stack dev`;

/** `pictures rotate`: a new secret or key for the stack's Management API client, without downtime. */
export function rotateCommand(): Command {
  return new Command("rotate")
    .description("Replaces the secret or key of the stack's Management API client without downtime.")
    .option("--finish", "take the old one away; everybody has moved to the new one")
    .addOption(stackOption())
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(reporting(rotate));
}

async function rotate(options: RotateOptions, command: Command): Promise<CommandReport> {
  const { selectedStack } = require("../pulumi/selected-stack.ts") as typeof SelectedStack;
  const { confirm } = require("../confirm.ts") as typeof Confirm;
  const { stackConfig } = require("../pulumi/stack-config.ts") as typeof StackConfigModule;
  const { stackOutputs } = require("../pulumi/stack-outputs.ts") as typeof StackOutputs;
  const { deployClients } = require("../pulumi/deploy-clients.ts") as typeof DeployClients;
  const { proveClient } = require("../rotate/prove-client.ts") as typeof ProveClient;
  const { rotateClient } = require("../rotate/rotate-client.ts") as typeof RotateClient;
  const { describeRotation } = require("../rotate/describe-rotation.ts") as typeof DescribeRotation;

  const stack = await selectedStack(options.stack, process.env);
  if (!(await confirm(question(stack, options), options))) {
    return { text: "Nothing was changed.", json: { stack, phase: "unchanged" } };
  }
  const progress = (line: string) => command.configureOutput().writeErr?.(`${line}\n`);
  const context = {
    stack,
    config: stackConfig(stack),
    deploy: () => {
      progress(`pulumi up, for the clients of stack ${stack} only`);
      return deployClients(stack);
    },
    outputs: () => stackOutputs(stack),
    prove: (request: Parameters<typeof proveClient>[0]) => {
      progress(`a token and a read with client ${request.clientId}`);
      return proveClient(request);
    },
    progress,
  };
  const report = await rotateClient(context, options.finish === true ? "finish" : "begin");
  return { text: describeRotation(stack, report), json: { stack, ...report } };
}

function question(stack: string, { finish }: RotateOptions): string {
  return finish === true
    ? `This takes away the old secret or key of stack ${stack}'s client; whoever still uses it is locked out. Go on?`
    : `This adds a new secret or key to stack ${stack}'s client, in its configuration and in the tenant. Go on?`;
}
