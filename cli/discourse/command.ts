import { Command } from "commander";
import { UsageError } from "../../lib/errors.ts";
import {
  jsonOption,
  personCommand,
  reporting,
  stackOption,
  streamsOf,
  userDescription,
  yesOption,
  type PersonOptions,
} from "../command.ts";
import type { ForumTask } from "./sync-forum.ts";

interface ForumOptions extends PersonOptions {
  readonly all?: boolean;
  readonly probe: boolean;
}

/** `pictures discourse`: avatars in a Discourse forum. */
export function discourseCommand(): Command {
  return new Command("discourse")
    .description("Copies pictures to the accounts of a Discourse forum, or clears avatars there.")
    .addCommand(syncCommand())
    .addCommand(clearCommand())
    .addCommand(checkCommand())
    .addHelpText("after", syncExamples);
}

const syncExamples =
  "\nExamples:\n  pictures discourse sync jane@acme.com --stack prod\n  pictures discourse sync --all --stack prod";

const probeOption = ["--no-probe", "do not check that the picture can be fetched"] as const;

function syncCommand(): Command {
  return new Command("sync")
    .description("Sets avatars to what the users' next logins show, for existing accounts.")
    .argument("[user]", userDescription)
    .option("--all", "every user of the tenant")
    .option(...probeOption)
    .addOption(stackOption())
    .addOption(jsonOption())
    .addOption(yesOption())
    .addHelpText("after", syncExamples)
    .action(
      reporting(async (user: string | undefined, options: ForumOptions, command: Command) => {
        if ((user === undefined) === (options.all !== true)) {
          throw new UsageError("user-not-named", "Name either a user or --all.");
        }
        const { syncForum, syncForumUser } = await import("./sync-forum.ts");
        const task = await openForum(options, command);
        return user === undefined ? syncForum(task) : syncForumUser(task, user);
      }),
    );
}

function clearCommand(): Command {
  return personCommand("clear", "Removes a user's avatar in the forum.")
    .addOption(yesOption())
    .option(...probeOption)
    .addHelpText("after", "\nExample:\n  pictures discourse clear jane@acme.com --stack prod")
    .action(
      reporting(async (user: string, options: ForumOptions, command: Command) => {
        const { clearForumUser } = await import("./sync-forum.ts");
        return clearForumUser(await openForum(options, command), user);
      }),
    );
}

function checkCommand(): Command {
  return new Command("check")
    .description("Reads the forum's settings, and lists what is missing for these commands.")
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  pictures discourse check --stack prod")
    .action(
      reporting(async ({ stack }: Pick<PersonOptions, "stack">) => {
        const { checkForum } = await import("./check-forum.ts");
        const { openForumAlone } = await import("./open-discourse.ts");
        return checkForum(await openForumAlone(stack, process.env));
      }),
    );
}

async function openForum({ stack, yes, probe }: ForumOptions, command: Command): Promise<ForumTask> {
  const { openPeople } = await import("../people/people.ts");
  const { openDiscourse } = await import("./open-discourse.ts");
  const people = await openPeople(stack, process.env);
  return {
    people,
    discourse: await openDiscourse(people, probe),
    yes,
    progress: streamsOf(command).err,
  };
}
