import type { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as BlockPlans from "../people/block-plans.ts";
import type * as ChangePerson from "../people/change-person.ts";
import { changingCommand, type PersonOptions } from "./person-command.ts";

/** `pictures unblock`: takes a block away. */
export function unblockCommand(): Command {
  return changingCommand("unblock", "Takes the block of a user's picture away.")
    .addHelpText("after", "\nExample:\n  pictures unblock 'auth0|5f7c…' --stack prod")
    .action(
      reporting((user: string, options: PersonOptions) => {
        const { changePerson } = require("../people/change-person.ts") as typeof ChangePerson;
        const { blocking, unblockPlan } = require("../people/block-plans.ts") as typeof BlockPlans;
        return changePerson(options, {
          command: "unblock",
          wanted: user,
          needs: blocking,
          plan: unblockPlan,
        });
      }),
    );
}
