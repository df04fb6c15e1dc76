import { Command } from "commander";
import { reporting } from "../../cli/command.ts";
import { runMain } from "../../cli/run-command.ts";

/** A command that waits for what never comes, and for nothing that keeps a process alive. */
runMain(
  new Command("never").option("--json", "as JSON").action(reporting(() => new Promise(() => undefined))),
);
