import { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as People from "../people/people.ts";
import type * as Undo from "../people/undo.ts";
import { jsonOption, stackOption, yesOption } from "../shared-options.ts";
import type { PersonOptions } from "./person-command.ts";

/** `pictures undo`: the state before the last write from this machine. */
export function undoCommand(): Command {
  return new Command("undo")
    .description(
      "Restores the state before the last write from this machine, unless somebody changed it since.",
    )
    .argument("[user]", "undo the last write to this user (default: the last write to anybody)")
    .addOption(stackOption())
    .addOption(jsonOption())
    .addOption(yesOption())
    .addHelpText(
      "after",
      "\nExamples:\n  pictures undo --stack prod\n  pictures undo 'auth0|5f7c…' --stack prod",
    )
    .action(
      reporting(async (user: string | undefined, { stack, yes }: PersonOptions) => {
        const { openPeople } = require("../people/people.ts") as typeof People;
        const { undoLast } = require("../people/undo.ts") as typeof Undo;
        return undoLast(await openPeople(stack, process.env), user, yes);
      }),
    );
}
