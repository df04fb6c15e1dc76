import type { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as ChangePerson from "../people/change-person.ts";
import { changingCommand, type PersonOptions } from "./person-command.ts";

/** `pictures clear`: the default image instead of any picture. */
export function clearCommand(): Command {
  return changingCommand("clear", "Removes a user's picture: logins show the default image.")
    .alias("remove")
    .addHelpText("after", "\nExample:\n  pictures clear jane@acme.com --stack prod")
    .action(
      reporting((user: string, options: PersonOptions) => {
        const { changePerson } = require("../people/change-person.ts") as typeof ChangePerson;
        const plan = () => ({ change: { "user_metadata.picture": "" } });
        return changePerson(options, { command: "clear", wanted: user, plan });
      }),
    );
}
