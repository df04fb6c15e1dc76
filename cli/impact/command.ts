import { Command } from "commander";
import { standardError } from "../../lib/terminal-output.ts";
import { jsonOption, reporting, stackOption, weakSandboxOption, type CommandReport } from "../command.ts";

interface MergeOptions {
  readonly maxChanged?: string;
  readonly html?: string;
  readonly summary?: string;
}

interface ImpactOptions extends MergeOptions {
  readonly stack?: string;
  readonly users?: string;
  readonly export?: boolean;
  readonly against: string;
  readonly shard?: string;
  readonly sample: string;
  readonly changed?: string;
  readonly pictures?: boolean;
  readonly weakSandbox?: boolean;
}

const help = `
It changes nothing. Without --users, the users come from an export job of the tenant. Text, JSON, --html and --changed name
users by their ids: do not put them where others can read them. --summary has only counts and reasons.
Exit code 2: more pictures change than --max-changed allows; 3: a wrong option, or a file of --users that cannot be used.

Examples:
  pictures impact --stack prod
  pictures impact --stack prod --users users.json.gz --against main --html impact.html
  pictures impact --stack prod --users users.json --shard 1/4 --json > part-1.json
  pictures impact merge part-*.json --max-changed 1%`;

/** `pictures impact`: whose picture does a deployment change? */
export function impactCommand(): Command {
  return (
    new Command("impact")
      .description(
        "Runs the deployed Actions and those that would be deployed, for every user, and compares the pictures.",
      )
      .addOption(stackOption())
      .option(
        "--users <file>",
        "an export's file: users as JSON lines or an array, gzip or not; - for standard input",
      )
      .option("--export", "the users of the tenant, by an export job (this is the default)")
      .option("--against <what>", "deployed, a commit, or another stack's name", "deployed")
      .option("--shard <part>", "only one part of the users, such as 1/4")
      .option(
        "--changed <file>",
        "write the ids of all users whose picture changes, one JSON string per line",
      )
      .option("--sample <count>", "how many examples of each change are kept", "5")
      .option("--max-changed <limit>", "how many pictures may change: 1% or 200")
      .option("--html <file>", "write a page with the examples' pictures before and after")
      .option("--pictures", "fetch the examples' pictures for the page from their servers")
      .option("--summary <file>", "write the counts as Markdown, for a pull request")
      .addOption(weakSandboxOption())
      .addOption(jsonOption())
      // So that the options of `merge` are its own.
      .enablePositionalOptions()
      .addCommand(mergeCommand())
      .addHelpText("after", help)
      .action(reporting(impact))
  );
}

const mergeHelp = `
The reports are the --json of pictures impact --shard 1/N to N/N. The result is the same as of one run over all users.

Example:
  pictures impact merge part-*.json --summary impact.md --max-changed 1%`;

function mergeCommand(): Command {
  return new Command("merge")
    .description("Merges the reports of all parts.")
    .argument("<report...>", "the files")
    .option("--max-changed <limit>", "how many pictures may change: 1% or 200")
    .option("--html <file>", "write a page with the examples' pictures before and after")
    .option("--summary <file>", "write the counts as Markdown, for a pull request")
    .addOption(jsonOption())
    .addHelpText("after", mergeHelp)
    .action(reporting(merge));
}

async function impact(options: ImpactOptions): Promise<CommandReport> {
  const { changedLimit, readShard, readSampleSize } = await import("./options.ts");
  const { UsageError } = await import("../../lib/errors.ts");
  const { users, against, html, summary, changed } = options;
  if (users !== undefined && options.export === true) {
    throw new UsageError("users-unclear", "Give either --users or --export.");
  }
  const maxChanged = options.maxChanged === undefined ? undefined : changedLimit(options.maxChanged);
  const shard = options.shard === undefined ? undefined : readShard(options.shard);
  const sample = readSampleSize(options.sample);
  const { selectedStack } = await import("../pulumi/run-pulumi.ts");
  const { runImpact } = await import("./run-impact.ts");
  const { fetchPicture } =
    options.pictures === true ? await import("../report-page/page-image.ts") : { fetchPicture: undefined };
  const { env } = process;
  const stack = await selectedStack(options.stack, env);
  const files = { changed, html, summary };
  return runImpact({
    stack,
    users,
    against,
    maxChanged,
    shard,
    sample,
    weakSandbox: options.weakSandbox === true,
    ...files,
    fetchPicture,
    env,
    progress: standardError,
  });
}

async function merge(reports: readonly string[], options: MergeOptions): Promise<CommandReport> {
  const { changedLimit } = await import("./options.ts");
  const { mergeReports } = await import("./merge-reports.ts");
  const { finishReport, withReportFiles } = await import("./finish-report.ts");
  const { html, summary, maxChanged } = options;
  const limit = maxChanged === undefined ? undefined : changedLimit(maxChanged);
  return withReportFiles({ html, summary }, (files) => finishReport(mergeReports(reports), files, limit));
}
