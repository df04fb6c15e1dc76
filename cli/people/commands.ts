import { Argument, type Command } from "commander";
import {
  changingCommand,
  personCommand,
  reporting,
  type PersonChangeOptions,
  type PersonOptions,
} from "../command.ts";
import type { BlockOptions } from "./block-user.ts";

interface ShowOptions extends PersonOptions {
  readonly compare: readonly string[];
}

/** `pictures show`: a user's picture, and what the next login shows. */
export function showCommand(): Command {
  return personCommand("show", "Shows a user's picture, and what the next login shows and why.")
    .option(
      "--compare <stack>",
      "also show the result with another stack's settings (may be repeated)",
      (stack: string, former: readonly string[]) => [...former, stack],
      [],
    )
    .addHelpText(
      "after",
      "\nExamples:\n  pictures show 'auth0|5f7c…' --stack prod\n  pictures show jane@acme.com --stack dev --compare prod",
    )
    .action(
      reporting(async (user: string, { stack, compare }: ShowOptions) => {
        const { openPeople } = await import("./people.ts");
        const { showUser } = await import("./show-user.ts");
        return showUser(await openPeople(stack, process.env), user, compare);
      }),
    );
}

/** `pictures history`: what these commands wrote. */
export function historyCommand(): Command {
  return personCommand("history", "Lists the changes of a user that pictures made from this machine.")
    .addHelpText("after", "\nExample:\n  pictures history 'auth0|5f7c…' --stack prod")
    .action(
      reporting(async (user: string, { stack }: PersonOptions) => {
        const { personHistory } = await import("./history.ts");
        return personHistory(user, stack, process.env);
      }),
    );
}

interface SetOptions extends PersonChangeOptions {
  readonly file?: string;
  readonly probe: boolean;
}

/** `pictures set`: a user's own picture, from an address or a file. */
export function setCommand(): Command {
  return changingCommand("set", "Sets a user's own picture, which takes precedence over the original one.")
    .argument("[url]", "the picture's https URL")
    .option("--file <image>", "a PNG, JPEG, WebP or GIF, which is made safe and stored in the stack's bucket")
    .option("--no-probe", "do not fetch the URL to check that it is a picture")
    .addHelpText(
      "after",
      "\nExamples:\n  pictures set jane@acme.com --file portrait.jpg --stack prod\n" +
        "  pictures set 'auth0|5f7c…' https://img.acme.com/jane.png --stack prod",
    )
    .action(
      reporting(async (user: string, url: string | undefined, options: SetOptions) => {
        const { changePerson } = await import("./change-picture.ts");
        const { setPlan } = await import("./set-plans.ts");
        const { file, probe } = options;
        return changePerson(options, {
          command: "set",
          wanted: user,
          plan: (people, found) => setPlan(people, found, { url, file, probe }),
        });
      }),
    );
}

/** `pictures clear`: the default image instead of any picture. */
export function clearCommand(): Command {
  return changingCommand("clear", "Removes a user's picture: logins show the default image.")
    .alias("remove")
    .addHelpText("after", "\nExample:\n  pictures clear jane@acme.com --stack prod")
    .action(
      reporting(async (user: string, options: PersonChangeOptions) => {
        const { changePerson } = await import("./change-picture.ts");
        const { clearPlan } = await import("./plain-plans.ts");
        return changePerson(options, { command: "clear", wanted: user, plan: clearPlan });
      }),
    );
}

/** `pictures use-original`: no own picture any more. */
export function useOriginalCommand(): Command {
  return changingCommand("use-original", "Goes back to the picture from Auth0 or the connection.")
    .addHelpText("after", "\nExample:\n  pictures use-original jane@acme.com --stack prod")
    .action(
      reporting(async (user: string, options: PersonChangeOptions) => {
        const { changePerson } = await import("./change-picture.ts");
        const { useOriginalPlan } = await import("./plain-plans.ts");
        return changePerson(options, { command: "use-original", wanted: user, plan: useOriginalPlan });
      }),
    );
}

/** `pictures gravatar`: whether a user's Gravatar may be shown. */
export function gravatarCommand(): Command {
  return changingCommand("gravatar", "Switches a user's Gravatar on or off, if it is the original picture.")
    .addArgument(new Argument("<state>", "whether it may be shown").choices(["on", "off"]))
    .addHelpText("after", "\nExample:\n  pictures gravatar jane@acme.com off --stack prod")
    .action(
      reporting(async (user: string, state: "on" | "off", options: PersonChangeOptions) => {
        const { changePerson } = await import("./change-picture.ts");
        const { gravatarPlan } = await import("./plain-plans.ts");
        const plan = () => gravatarPlan(state);
        return changePerson(options, { command: "gravatar", wanted: user, plan });
      }),
    );
}

const reviewHelp = `
For moderators: pictures console does not show it as new any more. A picture that is set later is new again.

Example:
  pictures review 'auth0|5f7c…' --stack prod`;

/** `pictures review`: a moderator's mark, which changes nothing of what is shown. */
export function reviewCommand(): Command {
  return changingCommand("review", "Marks a user's own picture as looked at and fine.")
    .addHelpText("after", reviewHelp)
    .action(
      reporting(async (user: string, options: PersonChangeOptions) => {
        const { changePerson } = await import("./change-picture.ts");
        const { blocking } = await import("./block-plans.ts");
        const { reviewPlan } = await import("./review-plan.ts");
        const needs = blocking;
        return changePerson(options, { command: "review", wanted: user, needs, plan: reviewPlan });
      }),
    );
}

interface SetRootOptions extends PersonChangeOptions {
  readonly probe: boolean;
}

const setRootHelp = `
Rarely needed: pictures set takes precedence over the root picture. Auth0 refuses it while the user's connection overwrites
the root picture at each login.

Example:
  pictures set-root 'auth0|5f7c…' https://img.acme.com/jane.png --stack prod`;

/** `pictures set-root`: the profile's own picture. */
export function setRootCommand(): Command {
  return changingCommand("set-root", "Changes the profile's own (root) picture for good.")
    .argument("<url>", "the picture's https URL")
    .option("--no-probe", "do not fetch the URL to check that it is a picture")
    .addHelpText("after", setRootHelp)
    .action(
      reporting(async (user: string, url: string, options: SetRootOptions) => {
        const { changePerson } = await import("./change-picture.ts");
        const { setRootPlan } = await import("./set-root-plan.ts");
        return changePerson(options, {
          command: "set-root",
          wanted: user,
          plan: (people, found) => setRootPlan(people, found, url, options.probe),
        });
      }),
    );
}

/** `pictures block`: the default image, whatever the user sets. */
export function blockCommand(): Command {
  return changingCommand(
    "block",
    "Blocks a user's picture: logins show the default image, whatever the user sets.",
  )
    .requiredOption("--reason <text>", "why; it is stored in app_metadata with the time and the client")
    .option("--purge", "also delete every version of the user's files, which cannot be undone")
    .option("--discourse", "also clear the user's avatar in Discourse")
    .option("--no-probe", "do not check that the default image can be fetched before it is sent to Discourse")
    .addHelpText(
      "after",
      "\nExamples:\n  pictures block 'auth0|5f7c…' --reason 'case 4711' --stack prod\n" +
        "  pictures block jane@acme.com --reason 'case 4711' --purge --discourse --stack prod",
    )
    .action(
      reporting(async (user: string, options: PersonChangeOptions & BlockOptions) => {
        const { openPeople } = await import("./people.ts");
        const { blockUser } = await import("./block-user.ts");
        return blockUser(await openPeople(options.stack, process.env), user, options);
      }),
    );
}

/** `pictures unblock`: takes a block away. */
export function unblockCommand(): Command {
  return changingCommand("unblock", "Removes the block of a user's picture.")
    .addHelpText("after", "\nExample:\n  pictures unblock 'auth0|5f7c…' --stack prod")
    .action(
      reporting(async (user: string, options: PersonChangeOptions) => {
        const { changePerson } = await import("./change-picture.ts");
        const { blocking, unblockPlan } = await import("./block-plans.ts");
        return changePerson(options, {
          command: "unblock",
          wanted: user,
          needs: blocking,
          plan: unblockPlan,
        });
      }),
    );
}

const forgetHelp = `
For a deletion request. It cannot be undone. A block stays, and so do settings that keep a picture from being shown.

Example:
  pictures forget 'auth0|5f7c…' --stack prod`;

/** `pictures forget`: a user's picture and every version of its files. */
export function forgetCommand(): Command {
  return changingCommand("forget", "Deletes a user's own picture and every version of the user's files.")
    .addHelpText("after", forgetHelp)
    .action(
      reporting(async (user: string, options: PersonChangeOptions) => {
        const { changePerson } = await import("./change-picture.ts");
        const { forgetPlan } = await import("./forget-plan.ts");
        return changePerson(options, { command: "forget", wanted: user, plan: forgetPlan });
      }),
    );
}
