import { Command } from "commander";
import { jsonOption, reporting, stackOption } from "../command.ts";
import type { AuditOptions } from "./run-audit.ts";

const help = `
It changes nothing. Exit code 0: nothing needs attention; 2: something does, or the users lack what decides; 1: the audit failed;
3: a wrong option, or a file of --users that cannot be used. The users come from an export job of the tenant, or from the file of such a job.

Examples:
  pictures audit --stack prod
  pictures audit --stack prod --users users.ndjson.gz --csv findings.csv --html audit.html
  pictures audit --stack prod --probe --files --json`;

/** `pictures audit`: what do logins show to all users, and whose picture needs attention? */
export function auditCommand(): Command {
  return new Command("audit")
    .description("Checks every user: what logins show and why, and whose picture needs attention.")
    .addOption(stackOption())
    .option(
      "--users <file>",
      "an export's file: users as JSON lines or an array, gzip or not; - for standard input",
    )
    .option("--probe", "also fetch each own picture, to check that it exists")
    .option("--files", "also check that the files of own pictures and copies are in the stack's bucket")
    .option("--csv <file>", "write one line per finding to this file")
    .option("--html <file>", "write a page with tables and examples to this file")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(
      reporting(async (options: AuditOptions) => {
        const { runAudit } = await import("./run-audit.ts");
        return runAudit(options, process.env);
      }),
    );
}
