import { resolve } from "node:path";
import { Command } from "commander";
import { callerFolder } from "../infra/caller-folder.ts";
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
    const from = callerFolder();
    await writeBundle(
      resolve(from, out),
      stack,
      settings === undefined ? undefined : resolve(from, settings),
    );
  });

runMain(command);
