import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { actionList } from "../../infra/action-list.ts";
import { scopesOf } from "../../infra/client-capabilities.ts";
import { managementAudience } from "../../infra/management-audience.ts";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { createTenant, type Tenant } from "../../local/tenant/create-tenant.ts";
import { runTimed, type TimedRun } from "../run-timed.ts";
import type { BenchWorld } from "../world/bench-world.ts";
import { findOnPath } from "./find-on-path.ts";
import { terraformConfig } from "./terraform-config.ts";
import { ensureTerraformProvider } from "./terraform-provider.ts";

/** Terraform with the same resources at a tenant of its own, applied. */
export interface Terraform {
  readonly tenant: Tenant;
  readonly terraform: (...args: readonly string[]) => Promise<TimedRun>;
  /** The file with the code of an Action. */
  readonly codeFile: (action: string) => string;
  readonly stop: () => Promise<void>;
}

/** Undefined where no `terraform` is on the path. */
export async function terraform(
  bench: BenchWorld,
  progress: (line: string) => void,
): Promise<Terraform | undefined> {
  const command = findOnPath("terraform");
  if (command === undefined) return undefined;
  const mirror = await ensureTerraformProvider(progress);
  const { world, root } = bench;
  const certificates = await ensureCertificates(world.folder.certificates);
  const tenant = await createTenant({ port: 0, certificates });
  const folder = mkdtempSync(join(root, "terraform-"));
  writeConfiguration(folder, bench, tenant);
  const env = environment(folder, mirror, tenant, world.caFile);
  const run = (...args: readonly string[]) =>
    runTimed({ command, args: [...args, "-no-color"], cwd: folder, env, runId: world.runId });
  try {
    await run("init", "-input=false");
    await run("apply", "-auto-approve", "-input=false");
  } catch (error) {
    await tenant.close();
    throw error;
  }
  const codeFile = (action: string) => join(folder, `${action}.js`);
  return { tenant, terraform: run, codeFile, stop: () => tenant.close() };
}

/** The code is what our stack deployed. */
function writeConfiguration(folder: string, { world }: BenchWorld, tenant: Tenant): void {
  const codes = world.tenant.flowCode();
  const actions = actionList.map(({ name }, index) => {
    writeFileSync(join(folder, `${name}.js`), codes[index] ?? "");
    return { name, codeFile: `${name}.js` };
  });
  const config = terraformConfig(actions, managementAudience(tenant.domain), scopesOf(["show", "change"]));
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(config, null, 2));
}

function environment(folder: string, mirror: string, tenant: Tenant, caFile: string): NodeJS.ProcessEnv {
  const configFile = join(folder, "cli.tfrc");
  const installation = `filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }`;
  writeFileSync(configFile, `provider_installation {\n  ${installation}\n}\n`);
  return {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    TF_CLI_CONFIG_FILE: configFile,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    SSL_CERT_FILE: caFile,
  };
}
