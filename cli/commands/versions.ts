import { Command } from "commander";
import type * as ActionName from "../actions-api/action-name.ts";
import { reporting } from "../command-report.ts";
import type * as SelectedStack from "../pulumi/selected-stack.ts";
import type * as ListVersions from "../rollback/list-versions.ts";
import { jsonOption, stackOption } from "../shared-options.ts";

/** `pictures versions`: what a rollback can go back to. */
export function versionsCommand(): Command {
  return new Command("versions")
    .description(
      "Lists an Action's versions: when each was made, which one runs, and what each was made from.",
    )
    .argument("<action>", "the Action")
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExamples:\n  pictures versions user-picture --stack prod")
    .action(
      reporting(async (action: string, { stack: named }: { readonly stack?: string }) => {
        const { actionNamed } = require("../actions-api/action-name.ts") as typeof ActionName;
        const { selectedStack } = require("../pulumi/selected-stack.ts") as typeof SelectedStack;
        const { listVersions } = require("../rollback/list-versions.ts") as typeof ListVersions;
        const name = actionNamed(action);
        return listVersions(await selectedStack(named, process.env), name, process.env);
      }),
    );
}
