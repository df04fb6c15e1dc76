import { Command, Option } from "commander";
import { reporting } from "../command-report.ts";
import type * as FindDrift from "../drift/find-drift.ts";
import type * as ReportDrift from "../drift/report-drift.ts";
import type { DriftFormat } from "../drift/report-drift.ts";
import type * as TenantOfStack from "../drift/tenant-of-stack.ts";
import type * as RunPulumi from "../pulumi/run-pulumi.ts";
import type * as SelectedStack from "../pulumi/selected-stack.ts";
import { jsonOption, stackOption } from "../shared-options.ts";

const help = `
It changes nothing. Exit code 0: no drift; 2: drift; 1: something could not be read, so it is not known.
With github, the job's summary goes to the file that GITHUB_STEP_SUMMARY names.

Examples:
  pictures drift --stack dev
  pictures drift --stack prod --format github`;

interface DriftOptions {
  readonly stack?: string;
  readonly format: DriftFormat;
}

/** `pictures drift`: what in the tenant and the bucket is not as the program says? */
export function driftCommand(): Command {
  const format = new Option("--format <format>", "how to print it")
    .choices(["text", "json", "markdown", "github"])
    .default("text");
  return new Command("drift")
    .description(
      "Finds what was changed by hand, also where the engine cannot see it, and says what mends it.",
    )
    .addOption(stackOption())
    .addOption(format)
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(
      reporting(async (options: DriftOptions) => {
        const { selectedStack } = require("../pulumi/selected-stack.ts") as typeof SelectedStack;
        const { runPulumi } = require("../pulumi/run-pulumi.ts") as typeof RunPulumi;
        const { tenantOfStack } = require("../drift/tenant-of-stack.ts") as typeof TenantOfStack;
        const { findDrift } = require("../drift/find-drift.ts") as typeof FindDrift;
        const { reportDrift } = require("../drift/report-drift.ts") as typeof ReportDrift;
        const { env } = process;
        const stack = await selectedStack(options.stack, env);
        const tenant = () => tenantOfStack(stack, env);
        const drift = await findDrift({ stack, tenant, env, pulumi: runPulumi });
        return reportDrift(drift, options.format, env);
      }),
    );
}
