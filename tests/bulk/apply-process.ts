import { Command } from "commander";
import { applyFile } from "../../cli/bulk/apply-file.ts";
import { bulkLimits } from "../../cli/bulk/bulk-run.ts";
import { openFile } from "../../cli/bulk/open-file.ts";
import { reporting } from "../../cli/command-report.ts";
import { openPeople } from "../../cli/people/people.ts";
import { createProgress } from "../../cli/progress.ts";
import { runMain } from "../../cli/run-main.ts";

/** `pictures apply` with small imports, so that few users make several of them. */
const importBytes = 60_000;

const apply = new Command("apply")
  .argument("<file>")
  .option("--stack <name>")
  .option("--report <file>")
  .option("--yes")
  .action(
    reporting(async (file: string, { stack, report }: { stack?: string; report?: string }) =>
      applyFile(await openPeople(stack, process.env), {
        ...(await openFile(file, undefined)),
        yes: true,
        probe: false,
        report,
        limits: { ...bulkLimits, importBytes },
        progress: createProgress({}, process.stderr),
      }),
    ),
  );

runMain(new Command("pictures").addCommand(apply));
