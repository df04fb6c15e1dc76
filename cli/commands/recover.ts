import { Command } from "commander";
import { reporting } from "../command-report.ts";
import { jsonOption, stackOption, yesOption } from "../shared-options.ts";
import type * as RunRecovery from "../recover/run-recovery.ts";

/** `pictures recover`: puts a stack's state back in step after a run that was killed or whose answers were lost. */
export function recoverCommand(): Command {
  return new Command("recover")
    .description(
      "After a run of pulumi that was killed, or whose answers were lost: finds what it made and the state does not " +
        "know, imports it, and removes duplicates that are provably this stack's. Shows its plan and asks first.",
    )
    .addOption(stackOption())
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  pictures recover --stack dev && pulumi up --stack dev")
    .action(
      reporting(async ({ stack, yes = false }: { stack?: string; yes?: boolean }) => {
        const { runRecovery } = require("../recover/run-recovery.ts") as typeof RunRecovery;
        const say = (line: string) => process.stderr.write(`${line}\n`);
        return runRecovery({ mode: "recover", stack, yes, say });
      }),
    );
}
