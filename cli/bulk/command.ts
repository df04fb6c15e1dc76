import { Command, Option } from "commander";
import { UsageError } from "../../lib/errors.ts";
import { standardError } from "../../lib/terminal-output.ts";
import {
  jsonOption,
  noWaitOption,
  reporting,
  stackOption,
  yesOption,
  type CommandReport,
  type PersonChangeOptions,
} from "../command.ts";
import { keepHeapSmall } from "../small-heap.ts";

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
          progress: createProgress(process.env, standardError),
        });
      }),
    );
}

interface UndoOptions extends PersonChangeOptions {
  readonly run?: string;
  readonly import: boolean;
  readonly report?: string;
}

/** `pictures undo`: the state before the last write from this machine, or before a whole run of `apply`. */
export function undoCommand(): Command {
  return new Command("undo")
    .description("Restores the state before the last write from this machine, unless it was changed since.")
    .argument("[user]", "undo the last write to this user (default: the last write to any user)")
    .option(
      "--run <id>",
      "undo a whole run of pictures apply or mirror; without --yes it only says what it would do",
    )
    .option("--report <file>", "with --run: write the outcome of each user to this file, as NDJSON")
    .option("--no-import", "with --run: write every user one by one, without Auth0's import jobs")
    .addOption(stackOption())
    .addOption(jsonOption())
    .addOption(yesOption())
    .addOption(noWaitOption())
    .addHelpText(
      "after",
      "\nExamples:\n  pictures undo --stack prod\n  pictures undo 'auth0|5f7c…' --stack prod\n" +
        "  pictures undo --run 0123456789abcdef0123-m1x2y3z4 --stack prod",
    )
    .action(
      reporting(async (user: string | undefined, options: UndoOptions) => {
        checkUndoOptions(user, options);
        return options.run === undefined ? undoWrite(user, options) : undoWholeRun(options.run, options);
      }),
    );
}

function checkUndoOptions(
  user: string | undefined,
  { run, report, import: imports, wait }: UndoOptions,
): void {
  if (run !== undefined && user !== undefined) {
    throw new UsageError("undo-user-and-run", "Name either a user or --run ID, not both.");
  }
  if (run !== undefined && wait === false) {
    const message =
      "--no-wait is for the write to one user: a run lets others in, and waits for them, many times.";
    throw new UsageError("undo-run-waits", message);
  }
  if (run === undefined && (report !== undefined || !imports)) {
    throw new UsageError("undo-needs-run", "--report and --no-import are for a whole run: add --run ID.");
  }
}

async function undoWrite(
  user: string | undefined,
  { stack, yes, wait }: UndoOptions,
): Promise<CommandReport> {
  const { openPeople } = await import("../people/people.ts");
  const { undoLast } = await import("../people/undo.ts");
  return undoLast(await openPeople(stack, process.env), user, yes, wait);
}

async function undoWholeRun(run: string, options: UndoOptions): Promise<CommandReport> {
  keepHeapSmall();
  const { openPeople } = await import("../people/people.ts");
  const { undoRun } = await import("./undo-run.ts");
  const { bulkLimits } = await import("./bulk-run.ts");
  const { createProgress } = await import("../../lib/progress.ts");
  return undoRun(await openPeople(options.stack, process.env), run, {
    yes: options.yes === true,
    report: options.report,
    limits: { ...bulkLimits, imports: options.import },
    progress: createProgress(process.env, standardError),
  });
}
