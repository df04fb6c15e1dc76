import type { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as ChangePerson from "../people/change-person.ts";
import type * as SetRootPlan from "../people/set-root-plan.ts";
import { changingCommand, type PersonOptions } from "./person-command.ts";

interface SetRootOptions extends PersonOptions {
  readonly probe: boolean;
}

const help = `
Rarely needed: pictures set wins over the root picture. Auth0 refuses it while the user's connection overwrites
the root picture at each login.

Example:
  pictures set-root 'auth0|5f7c…' https://img.acme.com/jane.png --stack prod`;

/** `pictures set-root`: the profile's own picture. */
export function setRootCommand(): Command {
  return changingCommand("set-root", "Changes the profile's own (root) picture for good.")
    .argument("<url>", "the picture's https address")
    .option("--no-probe", "do not look whether there is a picture at the address")
    .addHelpText("after", help)
    .action(
      reporting((user: string, url: string, options: SetRootOptions) => {
        const { changePerson } = require("../people/change-person.ts") as typeof ChangePerson;
        const { setRootPlan } = require("../people/set-root-plan.ts") as typeof SetRootPlan;
        return changePerson(options, {
          command: "set-root",
          wanted: user,
          plan: (people, found) => setRootPlan(people, found, url, options.probe),
        });
      }),
    );
}
