import { Command } from "commander";
import { jsonOption, reporting, stackOption, streamsOf, waitOption, yesOption } from "../command.ts";

interface RecoverOptions {
  readonly stack?: string;
  readonly yes?: boolean;
  readonly wait?: boolean;
}

/** `pictures recover`: puts a stack's state back in step after a run that was killed or whose answers were lost. */
export function recoverCommand(): Command {
  return new Command("recover")
    .description(
      "After a run of pulumi that was killed, or whose answers were lost: finds what it created and the state does not " +
        "contain, imports it, and removes duplicates that certainly belong to this stack. Shows its plan and asks first.",
    )
    .addOption(stackOption())
    .addOption(yesOption())
    .addOption(waitOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  pictures recover --stack dev && pulumi up --stack dev")
    .action(
      reporting(async ({ stack, yes = false, wait = false }: RecoverOptions, command: Command) => {
        const { runRecovery } = await import("./run-recovery.ts");
        const say = streamsOf(command).err;
        return runRecovery({ mode: "recover", stack, yes, wait, say });
      }),
    );
}

interface AdoptOptions extends RecoverOptions {
  readonly client?: string;
}

/** `pictures adopt`: takes over what exists under the names that the program uses. */
export function adoptCommand(): Command {
  return new Command("adopt")
    .description(
      "Takes over existing Actions, bindings, client and bucket with the names that the program uses, " +
        "without creating them again. Shows its plan and asks first.",
    )
    .addOption(stackOption())
    .option("--client <id>", "which client to take over, if several have the name")
    .addOption(yesOption())
    .addOption(waitOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  pictures adopt --stack prod && pulumi preview --stack prod")
    .action(
      reporting(async ({ stack, client, yes = false, wait = false }: AdoptOptions, command: Command) => {
        const { runRecovery } = await import("./run-recovery.ts");
        const say = streamsOf(command).err;
        return runRecovery({ mode: "adopt", stack, chosenId: client, yes, wait, say });
      }),
    );
}
