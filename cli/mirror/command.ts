import { Command } from "commander";
import { jsonOption, reporting, stackOption } from "../command.ts";
import { keepHeapSmall } from "../small-heap.ts";
import type { MirrorOptions } from "./run-mirror.ts";

const help = `
A copy is wanted for each user whose login shows, without copies, a provider's picture or a Gravatar, or the default image because
the provider's picture cannot be shown as it is. Exit code 2: some pictures could not be copied.

Examples:
  pictures mirror --stack prod
  pictures mirror --stack prod --max-age 30 --yes
  pictures mirror --stack prod --users users.ndjson.gz --json
  pictures mirror --stack prod --prune --yes`;

/** `pictures mirror`: copies of providers' pictures in the stack's bucket. */
export function mirrorCommand(): Command {
  return new Command("mirror")
    .description(
      "Copies providers' pictures and Gravatars to the stack's bucket; without --yes it only says what it would do.",
    )
    .addOption(stackOption())
    .option(
      "--users <file>",
      "an export's file: users as JSON lines or an array, gzip or not; - for standard input",
    )
    .option("--connection <name>", "only users with an identity of this connection")
    .option("--limit <number>", "look at no more than so many users who want a copy")
    .option("--max-age <days>", "leave copies alone that are younger than this (default: check all)")
    .option("--prune", "instead, delete the copies that no user's profile points at")
    .option(
      "--older-than <days>",
      "with --prune: only those at which nothing has pointed for so long (default: 40)",
    )
    .option("-y, --yes", "do it; after an interrupted run, continue it")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(
      reporting(async (options: MirrorOptions) => {
        keepHeapSmall();
        if (options.prune === true) {
          const { runPrune } = await import("./run-prune.ts");
          return runPrune(options, process.env);
        }
        const { runMirror } = await import("./run-mirror.ts");
        return runMirror(options, process.env);
      }),
    );
}
