import { Command } from "commander";
import {
  jsonOption,
  reporting,
  stackOption,
  weakSandboxOption,
  yesOption,
  type CommandReport,
} from "../command.ts";

interface TryOptions {
  readonly stack?: string;
  readonly event?: string;
  readonly user?: string;
  readonly yes?: boolean;
  readonly weakSandbox?: boolean;
}

const help = `
Nothing is deployed: the code runs in a temporary Action that is bound to nothing and deleted afterwards, and here. Exit
code 2 says that the two differ. It asks before it sends a user's data.

Examples:
  pictures try user-picture --event login.json --stack dev
  pictures try user-picture --user 'auth0|5f7c8ec7c33c6c004bbafe82' --stack dev`;

/** `pictures try`: what the code that would be deployed makes of a login. */
export function tryCommand(): Command {
  return new Command("try")
    .description(
      "Runs the code that would be deployed on one login's event, in the tenant and here, and compares.",
    )
    .argument("<action>", "the Action")
    .option("--event <file>", "JSON: the event of a login")
    .option("--user <user>", "a user's id or email address: a plain login of this user")
    .addOption(stackOption())
    .addOption(yesOption())
    .addOption(weakSandboxOption())
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(reporting(tryAction));
}

async function tryAction(
  text: string,
  { stack: named, event, user, yes = false, weakSandbox = false }: TryOptions,
): Promise<CommandReport> {
  const { actionNamed } = await import("../../stack/actions.ts");
  const { selectedStack } = await import("../pulumi/run-pulumi.ts");
  const { runTry } = await import("./run-try.ts");
  const action = actionNamed(text);
  const stack = await selectedStack(named, process.env);
  return runTry({ stack, action, event, user, yes, weakSandbox, env: process.env });
}
