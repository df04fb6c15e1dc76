import { Command } from "commander";
import { reporting } from "../command-report.ts";
import { jsonOption, stackOption, yesOption } from "../shared-options.ts";
import type * as RunRecovery from "../recover/run-recovery.ts";

interface AdoptOptions {
  readonly stack?: string;
  readonly client?: string;
  readonly yes?: boolean;
}

/** `pictures adopt`: takes over what exists under the names that the program uses. */
export function adoptCommand(): Command {
  return new Command("adopt")
    .description(
      "Takes over Actions, bindings, client and bucket that exist already under the names that the program uses, " +
        "without making them anew. Shows its plan and asks first.",
    )
    .addOption(stackOption())
    .option("--client <id>", "which client to take over, where several have the name")
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  pictures adopt --stack prod && pulumi preview --stack prod")
    .action(
      reporting(async ({ stack, client, yes = false }: AdoptOptions) => {
        const { runRecovery } = require("../recover/run-recovery.ts") as typeof RunRecovery;
        const say = (line: string) => process.stderr.write(`${line}\n`);
        return runRecovery({ mode: "adopt", stack, chosenId: client, yes, say });
      }),
    );
}
