import { Command, InvalidArgumentError } from "commander";
import {
  jsonOption,
  reporting,
  stackOption,
  streamsOf,
  waitOption,
  yesOption,
  type CommandReport,
} from "../command.ts";

interface RollbackOptions {
  readonly stack?: string;
  readonly to?: number;
  readonly all?: boolean;
  readonly toSource?: string;
  readonly yes?: boolean;
  readonly wait?: boolean;
}

const help = `
It shows the difference, asks, deploys the version with the draft, waits until it runs, and pins it: from then on every
run deploys pins/STACK/ACTION.js instead of the source. Commit the pin; pictures unpin removes it. With AUTH0_* variables
git, CI and Pulumi's backend are not needed. If it was killed halfway, run the same command again.

Examples:
  pictures rollback user-picture --stack prod
  pictures rollback user-picture --to 12 --stack prod --yes
  pictures rollback --all --to-source v1.4.0 --stack prod`;

/** `pictures rollback`: an earlier version of an Action, at once and permanently. */
export function rollbackCommand(): Command {
  return new Command("rollback")
    .description(
      "Deploys an earlier version of an Action at once, and pins it so that no deployment undoes that.",
    )
    .argument("[action]", "the Action; left out with --all")
    .option("--to <number>", "the version (default: the one before the deployed one)", versionNumber)
    .option("--all", "all Actions, all or nothing; with --to-source")
    .option("--to-source <commit>", "to the versions that were made from this commit's sources; with --all")
    .addOption(stackOption())
    .addOption(yesOption())
    .addOption(waitOption())
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(reporting(rollback));
}

function versionNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a version number, such as 12.");
  return Number(text);
}

async function rollback(
  action: string | undefined,
  { stack: named, to, all = false, toSource, yes = false, wait }: RollbackOptions,
  command: Command,
): Promise<CommandReport> {
  const { selectedStack } = await import("../pulumi/run-pulumi.ts");
  const { runRollback } = await import("./run-rollback.ts");
  const { env } = process;
  const stack = await selectedStack(named, env);
  const say = streamsOf(command).err;
  const program = async () => {
    const { programNow } = await import("./program-now.ts");
    return programNow(stack, env);
  };
  // The process's own start: people wait for Node as well.
  return runRollback({ stack, action, to, all, toSource, yes, wait, env, say, program, startedAt: 0 });
}

/** `pictures versions`: what a rollback can go back to. */
export function versionsCommand(): Command {
  return new Command("versions")
    .description(
      "Lists an Action's versions: when each was created, which one runs, and what each was made from.",
    )
    .argument("<action>", "the Action")
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExamples:\n  pictures versions user-picture --stack prod")
    .action(
      reporting(async (action: string, { stack: named }: { readonly stack?: string }) => {
        const { actionNamed } = await import("../../stack/actions.ts");
        const { selectedStack } = await import("../pulumi/run-pulumi.ts");
        const { listVersions } = await import("./list-versions.ts");
        const name = actionNamed(action);
        return listVersions(await selectedStack(named, process.env), name, process.env);
      }),
    );
}

interface UnpinOptions {
  readonly stack?: string;
  readonly wait?: boolean;
}

/** `pictures unpin`: back to the source after a rollback. */
export function unpinCommand(): Command {
  return new Command("unpin")
    .description("Ends an Action's rollback: the next pulumi up deploys the source again.")
    .argument("<action>", "the Action")
    .addOption(stackOption())
    .addOption(waitOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  pictures unpin user-picture --stack prod && pulumi up --stack prod")
    .action(
      reporting(async (action: string, { stack: named, wait }: UnpinOptions) => {
        const { actionNamed } = await import("../../stack/actions.ts");
        const { selectedStack } = await import("../pulumi/run-pulumi.ts");
        const { unpin } = await import("./unpin.ts");
        const name = actionNamed(action);
        return unpin(await selectedStack(named, process.env), name, process.env, wait);
      }),
    );
}
