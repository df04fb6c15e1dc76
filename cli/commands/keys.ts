import { Command } from "commander";
import { reporting, type CommandReport } from "../command-report.ts";
import type * as CreateKeys from "../keys/create-keys.ts";
import type * as SelectedStack from "../pulumi/selected-stack.ts";
import type * as StackConfigModule from "../pulumi/stack-config.ts";
import { jsonOption, stackOption } from "../shared-options.ts";

interface CreateOptions {
  readonly stack?: string;
}

/** `pictures keys`: the key pairs of a client that authenticates by `private_key_jwt`. */
export function keysCommand(): Command {
  return new Command("keys")
    .description("Makes the key pair of the stack's Management API client.")
    .addCommand(createCommand())
    .addHelpText("after", example);
}

const example = "\nExample:\n  pictures keys create --stack dev";

function createCommand(): Command {
  return new Command("create")
    .description(
      "Makes a key pair and writes it to the stack's configuration: the public half readable, the private half encrypted.",
    )
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText("after", example)
    .action(reporting(create));
}

async function create(options: CreateOptions): Promise<CommandReport> {
  const { selectedStack } = require("../pulumi/selected-stack.ts") as typeof SelectedStack;
  const { stackConfig } = require("../pulumi/stack-config.ts") as typeof StackConfigModule;
  const { createKeys } = require("../keys/create-keys.ts") as typeof CreateKeys;

  const stack = await selectedStack(options.stack, process.env);
  const { publicKey, isInUse } = await createKeys(stack, stackConfig(stack));
  const use = `pulumi config set clientAuthentication private_key_jwt --stack ${stack}`;
  const steps = [...(isInUse ? [] : [use]), `pulumi up --stack ${stack}`];
  const text = [
    `Made a key pair: clientPublicKeys and clientPrivateKey (encrypted) of stack ${stack}. Commit Pulumi.${stack}.yaml.`,
    "To use it (the client's secret stops working then):",
    ...steps.map((step) => `  ${step}`),
  ].join("\n");
  return { text, json: { stack, publicKey, next: steps } };
}
