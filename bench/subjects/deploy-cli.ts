import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/project-root.ts";
import { runTimed, type TimedRun } from "../run-timed.ts";
import type { BenchWorld } from "../world/bench-world.ts";

/** Auth0's Deploy CLI with a folder that holds the same Actions, flow, client and grant as our stack. */
export interface DeployCli {
  /** Brings the tenant to what the folder says. */
  readonly import: () => Promise<TimedRun>;
  /** The file with the code of an Action. */
  readonly codeFile: (action: string) => string;
}

const program = join(projectRoot, "node_modules/auth0-deploy-cli/lib/index.js");

/** The kinds of objects that our stack has at Auth0; the tool is told to look at no other. */
const included = ["actions", "triggers", "clients", "clientGrants"];

/** Exports what the tenant has now. */
export async function deployCli({ world, root }: BenchWorld): Promise<DeployCli> {
  const { tenant, caFile, runId } = world;
  const folder = join(root, "deploy-cli");
  mkdirSync(folder);
  const configFile = join(root, "deploy-cli.json");
  const config = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    AUTH0_INCLUDED_ONLY: included,
    AUTH0_ALLOW_DELETE: false,
  };
  writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
  const run = (...args: readonly string[]) =>
    runTimed({
      command: process.execPath,
      args: [program, ...args, "--config_file", configFile, "--env", "false"],
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_EXTRA_CA_CERTS: caFile },
      runId,
    });
  await run("export", "--format", "directory", "--output_folder", folder);
  removeOthers(folder);
  return {
    import: () => run("import", "--input_file", folder),
    codeFile: (action) => join(folder, "actions", action, "code.js"),
  };
}

/** The tenant's own applications, which our stack does not have. */
function removeOthers(folder: string): void {
  for (const kind of ["clients", "grants"]) {
    const path = join(folder, kind);
    for (const name of readdirSync(path)) {
      if (!name.startsWith("User pictures")) rmSync(join(path, name));
    }
  }
}
