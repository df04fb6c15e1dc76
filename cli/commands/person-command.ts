import { Command } from "commander";
import { jsonOption, stackOption, yesOption } from "../shared-options.ts";

/** Options that every command about one user has. */
export interface PersonOptions {
  readonly stack?: string;
  readonly yes?: boolean;
}

/** A command about one user that changes nothing. */
export function personCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<user>", userDescription)
    .addOption(stackOption())
    .addOption(jsonOption());
}

/** A command that changes something of one user, and asks before. */
export function changingCommand(name: string, description: string): Command {
  return personCommand(name, description).addOption(yesOption());
}

export const userDescription = "the user id, the email or the exact name";
