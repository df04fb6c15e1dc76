import { Command } from "commander";
import { stackOption, streamsOf } from "../command.ts";

interface ConsoleOptions {
  readonly stack?: string;
  readonly port: string;
  readonly open: boolean;
  readonly json?: boolean;
  readonly reason: readonly string[];
  readonly discourse?: boolean;
}

const help = `
It runs until Ctrl-C, or for an hour after it was last used. What the client's scopes do not allow is not offered. See docs/console.md.

Examples:
  pictures console --stack prod
  pictures console --stack prod --reason nudity --reason "somebody else" --discourse`;

/** `pictures console`: a page for the people who look at pictures. */
export function consoleCommand(): Command {
  return new Command("console")
    .description("Serves a page on this machine on which moderators judge and change users' pictures.")
    .addOption(stackOption())
    .option("--port <number>", "the port to listen on, by default a free one", "0")
    .option("--no-open", "do not open the browser")
    .option(
      "--reason <text>",
      "a reason for blocks to choose from (may be repeated)",
      (reason: string, former: readonly string[]) => [...former, reason],
      [],
    )
    .option("--discourse", "also clear the avatar in Discourse where a picture is blocked or cleared")
    .option("--json", "print the address as one JSON document instead of text")
    .addHelpText("after", help)
    .action(async (options: ConsoleOptions, command: Command) => {
      const { keepHeapSmall } = await import("../small-heap.ts");
      keepHeapSmall();
      const { readPort, runConsole } = await import("./run-console.ts");
      const { port, reason: reasons, ...others } = options;
      const request = { ...others, port: readPort(port), reasons };
      await runConsole(request, process.env, streamsOf(command));
      // What is read for pages may take minutes, and nobody looks at it any more.
      setImmediate(() => process.exit());
    });
}
