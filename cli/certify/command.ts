import { Command } from "commander";
import { jsonOption, reporting, stackOption, streamsOf, yesOption, type CommandReport } from "../command.ts";

interface CertifyOptions {
  readonly stack?: string;
  readonly domain?: string;
  readonly bind?: boolean;
  readonly report?: string;
  readonly nameTenant?: boolean;
  readonly yes?: boolean;
}

const help = `
It makes things of its own, all named auth0-user-pictures-certify-…, removes them again, and touches nothing else. What a run
that was killed has left, the next one removes. Exit code 0: every fact that could be asked holds; 2: something differs;
1: something could not be known, or the run failed. See docs/certify.md for the scopes.

Examples:
  pictures certify --stack dev
  pictures certify --domain acme-dev.eu.auth0.com --bind --report certificate.json`;

/** `pictures certify`: what of our knowledge of Auth0 holds in a real tenant. */
export function certifyCommand(): Command {
  return new Command("certify")
    .description(
      "Asks a tenant, within two minutes, whether what this product takes for true of Auth0 holds there. Shows its plan and asks first.",
    )
    .addOption(stackOption())
    .option(
      "--domain <host>",
      "a tenant without a stack; the credentials are in AUTH0_* or PICTURES_* variables",
    )
    .option(
      "--bind",
      "also put an Action that does nothing for anyone else into the Login flow for some seconds",
    )
    .option("--report <file>", "write the JSON report to this file as well")
    .option("--name-tenant", "name the tenant in the report")
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(reporting(certifyAction));
}

async function certifyAction(
  { stack, domain, bind = false, report, nameTenant = false, yes = false }: CertifyOptions,
  command: Command,
): Promise<CommandReport> {
  const { runCertify } = await import("./run-certify.ts");
  const say = streamsOf(command).err;
  const { env } = process;
  return runCertify({ stack, domain, bind, report, namesTenant: nameTenant, yes, env, say });
}
