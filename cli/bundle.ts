import { resolve } from "node:path";
import { Command } from "commander";
import { runMain } from "./run-main.ts";
import { writeBundle } from "./write-bundle.ts";

/** `npm run --silent bundle`: the exact code of every Action, as files. */
const command = new Command("bundle")
  .description("Writes the code of every Action, exactly as it is deployed, and a manifest of it.")
  .requiredOption("--out <dir>", "the folder to write to; it is made where it is missing")
  .option("--stack <name>", "the stack whose settings are built in", "dev")
  .option("--settings <file>", "JSON with settings that override the stack's")
  .addHelpText("after", "\nExample: npm run --silent bundle -- --out .local/bundles --stack dev")
  .action(async (options: { out: string; stack: string; settings?: string }) => {
    const { out, stack, settings } = options;
    await writeBundle(fromCaller(out), stack, settings === undefined ? undefined : fromCaller(settings));
  });

/** npm changes into the project; a path is relative to where it was typed. */
function fromCaller(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

runMain(command);
