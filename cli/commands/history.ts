import type { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as PersonHistory from "../people/person-history.ts";
import { personCommand, type PersonOptions } from "./person-command.ts";

/** `pictures history`: what these commands wrote. */
export function historyCommand(): Command {
  return personCommand("history", "Lists what pictures wrote to a user from this machine.")
    .addHelpText("after", "\nExample:\n  pictures history 'auth0|5f7c…' --stack prod")
    .action(
      reporting((user: string, { stack }: PersonOptions) => {
        const { personHistory } = require("../people/person-history.ts") as typeof PersonHistory;
        return personHistory(user, stack, process.env);
      }),
    );
}
