import type { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as ChangePerson from "../people/change-person.ts";
import type * as ForgetPlan from "../people/forget-plan.ts";
import { changingCommand, type PersonOptions } from "./person-command.ts";

const help = `
For a deletion request. It cannot be undone. A block stays, and so does what keeps a picture from being shown.

Example:
  pictures forget 'auth0|5f7c…' --stack prod`;

/** `pictures forget`: a user's picture and every version of its files. */
export function forgetCommand(): Command {
  return changingCommand("forget", "Deletes a user's own picture and every version of the user's files.")
    .addHelpText("after", help)
    .action(
      reporting((user: string, options: PersonOptions) => {
        const { changePerson } = require("../people/change-person.ts") as typeof ChangePerson;
        const { forgetPlan } = require("../people/forget-plan.ts") as typeof ForgetPlan;
        return changePerson(options, { command: "forget", wanted: user, plan: forgetPlan });
      }),
    );
}
