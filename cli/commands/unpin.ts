import { Command } from "commander";
import type * as ActionName from "../actions-api/action-name.ts";
import { reporting } from "../command-report.ts";
import type * as SelectedStack from "../pulumi/selected-stack.ts";
import type * as Unpin from "../rollback/unpin.ts";
import { jsonOption, stackOption } from "../shared-options.ts";

/** `pictures unpin`: back to the source after a rollback. */
export function unpinCommand(): Command {
  return new Command("unpin")
    .description("Ends an Action's rollback: the next pulumi up deploys the source again.")
    .argument("<action>", "the Action")
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  pictures unpin user-picture --stack prod && pulumi up --stack prod")
    .action(
      reporting(async (action: string, { stack: named }: { readonly stack?: string }) => {
        const { actionNamed } = require("../actions-api/action-name.ts") as typeof ActionName;
        const { selectedStack } = require("../pulumi/selected-stack.ts") as typeof SelectedStack;
        const { unpin } = require("../rollback/unpin.ts") as typeof Unpin;
        const name = actionNamed(action);
        return unpin(await selectedStack(named, process.env), name, process.env);
      }),
    );
}
