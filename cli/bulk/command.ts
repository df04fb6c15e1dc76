import { setFlagsFromString } from "node:v8";
import { Command, Option } from "commander";
import { jsonOption, reporting, stackOption } from "../command.ts";

interface ApplyOptions {
  readonly stack?: string;
  readonly yes?: boolean;
  readonly probe?: boolean;
  readonly import: boolean;
  readonly format?: "csv" | "ndjson";
  readonly report?: string;
}

/** `pictures apply`: changes of many users from a file. */
export function applyCommand(): Command {
  return new Command("apply")
    .description(
      "Sets, clears, blocks and unblocks many users' pictures from a file; without --yes it only says what it would do.",
    )
    .argument(
      "<file>",
      "CSV or NDJSON with user (the whole id), action, url and reason; - for standard input",
    )
    .addOption(
      new Option("--format <format>", "the file's format (default: from its extension)").choices([
        "csv",
        "ndjson",
      ]),
    )
    .option("--report <file>", "write the outcome of each line to this file, as NDJSON")
    .option("--probe", "fetch each URL, to check that it is a picture")
    .option("--no-import", "write every user one by one, without Auth0's import jobs")
    .addOption(stackOption())
    .addOption(jsonOption())
    .option("-y, --yes", "do it; after an interrupted run, continue it")
    .addHelpText(
      "after",
      "\nExamples:\n  pictures apply pictures.csv --stack prod\n" +
        "  pictures apply pictures.csv --yes --report outcomes.ndjson --stack prod\n" +
        "  pictures apply - --format ndjson --stack prod < changes.ndjson",
    )
    .action(
      reporting(async (file: string, options: ApplyOptions) => {
        keepHeapSmall();
        const { openFile } = await import("./read-rows.ts");
        const { openPeople } = await import("../people/people.ts");
        const { applyFile } = await import("./apply-file.ts");
        const { bulkLimits } = await import("./bulk-run.ts");
        const { createProgress } = await import("../../lib/progress.ts");
        const opened = await openFile(file, options.format);
        return applyFile(await openPeople(options.stack, process.env), {
          ...opened,
          yes: options.yes === true,
          probe: options.probe === true,
          report: options.report,
          limits: { ...bulkLimits, imports: options.import },
          progress: createProgress(process.env, process.stderr),
        });
      }),
    );
}

/**
 * Has V8 collect garbage early instead of taking more memory: for commands that see every user once and keep none. To be
 * called before much is loaded, since V8 gives little back.
 */
function keepHeapSmall(): void {
  for (const flag of ["--optimize-for-size", "--max-semi-space-size=2", "--semi-space-growth-factor=1"]) {
    setFlagsFromString(flag);
  }
}
