import type { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as ChangePerson from "../people/change-person.ts";
import { changingCommand, type PersonOptions } from "./person-command.ts";

/** `pictures use-original`: no own picture any more. */
export function useOriginalCommand(): Command {
  return changingCommand("use-original", "Goes back to the picture that Auth0 or the connection gave.")
    .addHelpText("after", "\nExample:\n  pictures use-original jane@acme.com --stack prod")
    .action(
      reporting((user: string, options: PersonOptions) => {
        const { changePerson } = require("../people/change-person.ts") as typeof ChangePerson;
        const plan = () => ({ change: { "user_metadata.picture": null } });
        return changePerson(options, { command: "use-original", wanted: user, plan });
      }),
    );
}
