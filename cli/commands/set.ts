import type { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as ChangePerson from "../people/change-person.ts";
import type * as SetPlans from "../people/set-plans.ts";
import { changingCommand, type PersonOptions } from "./person-command.ts";

interface SetOptions extends PersonOptions {
  readonly file?: string;
  readonly probe: boolean;
}

/** `pictures set`: a user's own picture, from an address or a file. */
export function setCommand(): Command {
  return changingCommand("set", "Sets a user's own picture, which wins over the original one.")
    .argument("[url]", "the picture's https address")
    .option("--file <image>", "a PNG, JPEG, WebP or GIF, which is made safe and stored in the stack's bucket")
    .option("--no-probe", "do not look whether there is a picture at the address")
    .addHelpText(
      "after",
      "\nExamples:\n  pictures set jane@acme.com --file portrait.jpg --stack prod\n" +
        "  pictures set 'auth0|5f7c…' https://img.acme.com/jane.png --stack prod",
    )
    .action(
      reporting(async (user: string, url: string | undefined, options: SetOptions) => {
        const { changePerson } = require("../people/change-person.ts") as typeof ChangePerson;
        const { setPlan } = require("../people/set-plans.ts") as typeof SetPlans;
        const { file, probe } = options;
        return changePerson(options, {
          command: "set",
          wanted: user,
          plan: (people, found) => setPlan(people, found, { url, file, probe }),
        });
      }),
    );
}
