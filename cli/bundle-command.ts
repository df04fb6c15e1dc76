import { resolve } from "node:path";
import { Command } from "commander";
import { callerFolder } from "../lib/environment.ts";
import { term } from "../lib/terminal-text.ts";
import { reporting } from "./command.ts";

interface BundleOptions {
  readonly out: string;
  readonly stack: string;
  readonly settings?: string;
}

/**
 * `pictures bundle`: the exact code of every Action, as files.
 *
 * @param load Loads what writes them, when the command runs.
 */
export function bundleCommand(load = () => import("./write-bundle.ts")): Command {
  return new Command("bundle")
    .description("Writes the code of every Action, exactly as it is deployed, and a manifest.")
    .requiredOption("--out <dir>", "the folder to write to; it is created if it does not exist")
    .option("--stack <name>", "the stack whose settings are built in", "dev")
    .option("--settings <file>", "JSON with settings that override the stack's")
    .option("--json", "also print the manifest")
    .addHelpText("after", "\nExample:\n  pictures bundle --out .local/bundles --stack dev")
    .action(
      reporting(async ({ out, stack, settings }: BundleOptions) => {
        const { writeBundle } = await load();
        const from = callerFolder();
        const settingsFile = settings === undefined ? undefined : resolve(from, settings);
        return { text: term``, json: await writeBundle(resolve(from, out), stack, settingsFile) };
      }),
    );
}
