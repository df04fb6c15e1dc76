import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { runMain } from "../cli/run-command.ts";
import { benchActions } from "./actions.ts";
import { benchFigures, figureNames, type BenchOptions } from "./bench-figures.ts";

const help = `
Examples:
  npm run --silent bench
  npm run --silent bench -- --quick --json
  npm run --silent bench -- --only drift/deploy-cli
  npm run --silent bench actions -- --json`;

/** `npm run bench`: this project's speed, each figure beside that of an alternative. */
const command = new Command("bench")
  .description("Measures, prints a table and keeps the figures in bench/results/.")
  .addArgument(
    new Argument("[name]", "figures: the commands, beside their alternatives; actions: what a login pays")
      .choices(["figures", "actions"])
      .default("figures"),
  )
  .option("--json", "print the figures as JSON and nothing else", false)
  .option("--quick", "leave out what takes minutes, with fewer runs; the results are kept apart", false)
  .addOption(
    new Option("--only <figure...>", "measure these figures only, and keep no results").choices(figureNames),
  )
  .option("--runs <number>", "how often each thing runs (default: 7, with --quick 2)", runCount)
  .addHelpText("after", help)
  .action(async (name: string, options: BenchOptions) => {
    await (name === "actions" ? benchActions(options.json) : benchFigures(options));
  });

function runCount(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("It is a number from 1 to 999.");
  return Number(text);
}

runMain(command);
