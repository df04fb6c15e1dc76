import { Argument, type Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as ChangePerson from "../people/change-person.ts";
import { changingCommand, type PersonOptions } from "./person-command.ts";

/** `pictures gravatar`: whether a user's Gravatar may be shown. */
export function gravatarCommand(): Command {
  return changingCommand(
    "gravatar",
    "Switches a user's Gravatar on or off, where it is the original picture.",
  )
    .addArgument(new Argument("<state>", "whether it may be shown").choices(["on", "off"]))
    .addHelpText("after", "\nExample:\n  pictures gravatar jane@acme.com off --stack prod")
    .action(
      reporting((user: string, state: string, options: PersonOptions) => {
        const { changePerson } = require("../people/change-person.ts") as typeof ChangePerson;
        const change = { "user_metadata.gravatar_disabled": state === "off" ? true : null };
        return changePerson(options, { command: "gravatar", wanted: user, plan: () => ({ change }) });
      }),
    );
}
