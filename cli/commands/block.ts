import type { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as BlockUser from "../people/block-user.ts";
import type * as People from "../people/people.ts";
import { changingCommand, type PersonOptions } from "./person-command.ts";

type BlockOptions = PersonOptions & BlockUser.BlockOptions;

/** `pictures block`: the default image, whatever the user sets. */
export function blockCommand(): Command {
  return changingCommand(
    "block",
    "Blocks a user's picture: logins show the default image, whatever the user sets.",
  )
    .requiredOption("--reason <text>", "why; it is kept in app_metadata with the time and the client")
    .option("--purge", "also delete every version of the user's files, which cannot be undone")
    .option("--discourse", "also clear the user's avatar in Discourse")
    .option(
      "--no-probe",
      "do not look whether the default image can be fetched, before Discourse is told of it",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  pictures block 'auth0|5f7c…' --reason 'case 4711' --stack prod\n" +
        "  pictures block jane@acme.com --reason 'case 4711' --purge --discourse --stack prod",
    )
    .action(
      reporting(async (user: string, options: BlockOptions) => {
        const { openPeople } = require("../people/people.ts") as typeof People;
        const { blockUser } = require("../people/block-user.ts") as typeof BlockUser;
        return blockUser(await openPeople(options.stack, process.env), user, options);
      }),
    );
}
