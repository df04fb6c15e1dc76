import { Command } from "commander";
import { applyFile } from "../../cli/bulk/apply-file.ts";
import { bulkLimits } from "../../cli/bulk/bulk-run.ts";
import { openFile } from "../../cli/bulk/read-rows.ts";
import { undoRun } from "../../cli/bulk/undo-run.ts";
import { reporting } from "../../cli/command.ts";
import { openPeople } from "../../cli/people/people.ts";
import { runMain } from "../../cli/run-command.ts";
import { createProgress } from "../../lib/progress.ts";

/** `pictures apply` and `pictures undo --run` with small imports, so that few users make several of them. */
const importBytes = Number(process.env["IMPORT_BYTES"] ?? 60_000);

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

const undo = new Command("undo")
  .requiredOption("--run <id>")
  .option("--stack <name>")
  .option("--report <file>")
  .option("--yes")
  .action(
    reporting(async ({ run, stack, report }: { run: string; stack?: string; report?: string }) =>
      undoRun(await openPeople(stack, process.env), run, {
        yes: true,
        report,
        limits: { ...bulkLimits, importBytes },
        progress: createProgress({}, process.stderr),
      }),
    ),
  );

runMain(new Command("pictures").addCommand(apply).addCommand(undo));
