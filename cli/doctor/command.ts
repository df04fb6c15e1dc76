import { Command } from "commander";
import { standardOutput } from "../../lib/terminal-output.ts";
import { usesColours } from "../../lib/terminal.ts";
import { jsonOption, reporting, stackOption } from "../command.ts";
import { runPulumi, selectedStack } from "../pulumi/run-pulumi.ts";

/** `pictures doctor`: is everything right that the other commands and `pulumi up` need? */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "Checks that tools, configuration, credentials, bucket, default image and Actions of a stack are right.",
    )
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nIt changes nothing. Exit code 2: it found a problem.")
    .addHelpText("after", "\nExamples:\n  pictures doctor --stack dev\n  pictures doctor --stack prod --json")
    .action(
      reporting(async ({ stack: named }: { readonly stack?: string }) => {
        const { diagnose } = await import("./diagnose.ts");
        const { env, versions } = process;
        const stack = await selectedStack(named, env);
        const surroundings = { stack, env, pulumi: runPulumi, nodeVersion: versions.node };
        return diagnose(surroundings, usesColours(env, standardOutput));
      }),
    );
}
