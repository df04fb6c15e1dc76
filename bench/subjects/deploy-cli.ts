import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import type { Tenant } from "../../tenant/create-tenant.ts";
import { runTimed, type TimedRun } from "../run-timed.ts";
import type { BenchWorld } from "../world/bench-world.ts";

/** Auth0's Deploy CLI with a folder that holds what our stack has at Auth0. */
export interface DeployCli {
  /** Brings a tenant to what the folder says. */
  readonly import: (tenant: Tenant) => Promise<TimedRun>;
  /** The file with the code of an Action. */
  readonly codeFile: (action: string) => string;
}

const program = join(projectRoot, "node_modules/auth0-deploy-cli/lib/index.js");

/** The kinds of objects that our stack has at Auth0: the tool is told to look at no other. */
export const ourKinds = ["actions", "triggers", "clients", "clientGrants"] as const;

/** Exports what the world's tenant has now of these kinds. */
export async function deployCli(
  { world, root }: BenchWorld,
  kinds: readonly (typeof ourKinds)[number][],
): Promise<DeployCli> {
  const folder = mkdtempSync(join(root, "deploy-cli-"));
  const run = (tenant: Tenant, ...args: readonly string[]) =>
    runTimed({
      command: process.execPath,
      args: [program, ...args, "--config_file", configFile(folder, tenant, kinds), "--env", "false"],
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_EXTRA_CA_CERTS: world.caFile },
      runId: world.runId,
    });
  await run(world.tenant, "export", "--format", "directory", "--output_folder", folder);
  removeOthers(folder);
  return {
    import: (tenant) => run(tenant, "import", "--input_file", folder),
    codeFile: (action) => join(folder, "actions", action, "code.js"),
  };
}

/** It lies beside the folder, so that no import takes it for its own. */
function configFile(folder: string, tenant: Tenant, kinds: readonly string[]): string {
  const file = `${folder}.json`;
  const config = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    AUTH0_INCLUDED_ONLY: kinds,
    AUTH0_ALLOW_DELETE: false,
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

/** The tenant's own applications, which our stack does not have. */
function removeOthers(folder: string): void {
  const kinds = readdirSync(folder).filter((name) => name === "clients" || name === "grants");
  for (const path of kinds.map((kind) => join(folder, kind))) {
    for (const name of readdirSync(path)) {
      if (!name.startsWith("User pictures")) rmSync(join(path, name));
    }
  }
}
