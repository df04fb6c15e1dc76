import type { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as People from "../people/people.ts";
import type * as ShowUser from "../people/show-user.ts";
import { personCommand, type PersonOptions } from "./person-command.ts";

interface ShowOptions extends PersonOptions {
  readonly compare: readonly string[];
}

/** `pictures show`: a user's picture, and what the next login shows. */
export function showCommand(): Command {
  return personCommand("show", "Shows a user's picture, and what the next login shows and why.")
    .option(
      "--compare <stack>",
      "also say what it would be by another stack's settings (may be repeated)",
      (stack: string, former: readonly string[]) => [...former, stack],
      [],
    )
    .addHelpText(
      "after",
      "\nExamples:\n  pictures show 'auth0|5f7c…' --stack prod\n  pictures show jane@acme.com --stack dev --compare prod",
    )
    .action(
      reporting(async (user: string, { stack, compare }: ShowOptions) => {
        const { openPeople } = require("../people/people.ts") as typeof People;
        const { showUser } = require("../people/show-user.ts") as typeof ShowUser;
        return showUser(await openPeople(stack, process.env), user, compare);
      }),
    );
}
