import { Command } from "commander";
import { jsonOption, reporting, stackOption } from "../command.ts";
import type * as RunAudit from "./run-audit.ts";
import type { AuditOptions } from "./run-audit.ts";

const help = `
It changes nothing. Exit code 0: nothing needs attention; 2: something does; 1: the audit failed; 3: a wrong option, also a file
of --users that cannot be used. All users come from an export job of the tenant, or from such a job's file.

Examples:
  pictures audit --stack prod
  pictures audit --stack prod --users users.ndjson.gz --csv findings.csv --html audit.html
  pictures audit --stack prod --probe --files --json`;

/** `pictures audit`: what do logins show to all users, and whose picture needs attention? */
export function auditCommand(): Command {
  return new Command("audit")
    .description("Looks at every user: what logins show and why, and whose picture needs attention.")
    .addOption(stackOption())
    .option(
      "--users <file>",
      "an export's file: users as JSON lines or an array, gzip or not; - for standard input",
    )
    .option("--probe", "also fetch each own picture, to see whether it is there")
    .option("--files", "also look whether own pictures' files are in the stack's bucket")
    .option("--csv <file>", "write a line for every finding to this file")
    .option("--html <file>", "write a page with tables and examples to this file")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(
      reporting(async (options: AuditOptions) => {
        const { runAudit } = require("./run-audit.ts") as typeof RunAudit;
        return runAudit(options, process.env);
      }),
    );
}
