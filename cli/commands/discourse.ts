import { Command } from "commander";
import { reporting } from "../command-report.ts";
import type * as DiscoursePeople from "../people/discourse-people.ts";
import type * as People from "../people/people.ts";
import type * as SyncForum from "../people/sync-forum.ts";
import { jsonOption, stackOption, yesOption } from "../shared-options.ts";
import { UsageError } from "../usage-error.ts";
import { changingCommand, userDescription, type PersonOptions } from "./person-command.ts";

interface ForumOptions extends PersonOptions {
  readonly all?: boolean;
  readonly probe: boolean;
}

/** `pictures discourse`: avatars in a Discourse forum. */
export function discourseCommand(): Command {
  return new Command("discourse")
    .description("Brings pictures to the accounts of a Discourse forum, or clears avatars there.")
    .addCommand(syncCommand())
    .addCommand(clearCommand())
    .addHelpText("after", syncExamples);
}

const syncExamples =
  "\nExamples:\n  pictures discourse sync jane@acme.com --stack prod\n  pictures discourse sync --all --stack prod";

const probeOption = ["--no-probe", "do not look whether the picture can be fetched"] as const;

function syncCommand(): Command {
  return new Command("sync")
    .description("Makes avatars what the users' next logins show, for accounts that exist there.")
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
        const { syncForum, syncForumUser } = require("../people/sync-forum.ts") as typeof SyncForum;
        const task = await openForum(options, command);
        return user === undefined ? syncForum(task) : syncForumUser(task, user);
      }),
    );
}

function clearCommand(): Command {
  return changingCommand("clear", "Takes a user's avatar away there.")
    .option(...probeOption)
    .addHelpText("after", "\nExample:\n  pictures discourse clear jane@acme.com --stack prod")
    .action(
      reporting(async (user: string, options: ForumOptions, command: Command) => {
        const { clearForumUser } = require("../people/sync-forum.ts") as typeof SyncForum;
        return clearForumUser(await openForum(options, command), user);
      }),
    );
}

async function openForum(
  { stack, yes, probe }: ForumOptions,
  command: Command,
): Promise<SyncForum.ForumTask> {
  const { openPeople } = require("../people/people.ts") as typeof People;
  const { openDiscourse } = require("../people/discourse-people.ts") as typeof DiscoursePeople;
  const people = await openPeople(stack, process.env);
  return {
    people,
    discourse: await openDiscourse(people, probe),
    yes,
    progress: (line) => command.configureOutput().writeErr?.(`${line}\n`),
  };
}
