import { Argument, Command } from "commander";
import { runMain } from "../cli/run-main.ts";
import { benchActions } from "./actions.ts";

const benchmarks: Readonly<Record<string, (asJson: boolean) => Promise<void>>> = { actions: benchActions };

/** `npm run bench`: measures one thing by its name. */
const command = new Command("bench")
  .description("Measures, prints a table and keeps the figures in bench/results/.")
  .addArgument(new Argument("<name>", "what to measure").choices(Object.keys(benchmarks)))
  .option("--json", "print the figures as JSON and nothing else", false)
  .addHelpText("after", "\nExample: npm run --silent bench actions -- --json")
  .action(async (name: string, { json }: { json: boolean }) => {
    await benchmarks[name]?.(json);
  });

runMain(command);
