import { Command } from "commander";
import { standardOutput } from "../../lib/terminal-output.ts";
import { usesColours } from "../../lib/terminal.ts";
import { jsonOption, reporting, stackOption, streamsOf } from "../command.ts";

const setupHelp = `
It asks for what the stack's file lacks; in scripts the options say it. It changes nothing in the tenant or at AWS, and writes
no secret. Run it again at any time: what is in the file stays, but for what an option names.
Exit code 2: something is left to do before pulumi up; the end of the report says what.

Examples:
  pictures setup --stack dev
  pictures setup --stack dev --domain acme-dev.eu.auth0.com --account 123456789012 --region eu-central-1 --bucket acme-dev-pictures`;

interface SetupOptions {
  readonly stack?: string;
  readonly domain?: string;
  readonly account?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly hosts?: string;
}

/** `pictures setup`: from nothing to a stack that can be deployed, one step after the other. */
export function setupCommand(): Command {
  return new Command("setup")
    .description("Writes a stack's file, and says what its first deployment needs and what to run next.")
    .addOption(stackOption())
    .option("--domain <domain>", "the tenant's own domain (config key auth0Domain)")
    .option("--account <id>", "the AWS account for the bucket (config key awsAccountId)")
    .option("--region <region>", "the bucket's AWS region (config key awsRegion)")
    .option("--bucket <name>", "the bucket's name (config key imageBucket)")
    .option("--hosts <hosts>", "with commas: where users' own pictures may be (config key allowedHosts)")
    .addOption(jsonOption())
    .addHelpText("after", setupHelp)
    .action(
      reporting(async ({ stack: named, ...flags }: SetupOptions, command: Command) => {
        const { runPulumi, selectedStack } = await import("../pulumi/run-pulumi.ts");
        const { askingTerminal } = await import("../../lib/terminal-output.ts");
        const { runSetup } = await import("./run-setup.ts");
        const { env, versions } = process;
        const { domain, account, region, bucket, hosts } = flags;
        return runSetup({
          stack: await selectedStack(named, env),
          flags: { domain, account, region, bucket, hosts },
          env,
          pulumi: runPulumi,
          nodeVersion: versions.node,
          terminal: askingTerminal(),
          say: streamsOf(command).err,
          colours: usesColours(env, standardOutput),
        });
      }),
    );
}
