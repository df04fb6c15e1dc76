import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { killMarked, newRunId, spawnMarked } from "../../local/processes/marked-processes.ts";
import { startReaper } from "../../local/processes/start-reaper.ts";
import type { Tenant } from "../../tenant/create-tenant.ts";

/** The families of which the tenant says that it has them. */
export const families = [
  "actions",
  "triggers",
  "clients",
  "clientGrants",
  "connections",
  "databases",
  "resourceServers",
  "roles",
  "tenant",
] as const;

export interface DeployCliRun {
  readonly command: "export" | "import";
  readonly tenant: Tenant;
  readonly caFile: string;
  /** Where the export goes or the import comes from. */
  readonly folder: string;
  /** Settings on top of the tenant's address and credentials. */
  readonly config?: Readonly<Record<string, unknown>>;
}

const program = join(__dirname, "../../node_modules/auth0-deploy-cli/lib/index.js");

/**
 * Runs Auth0's Deploy CLI on the families. Rejects with its output where it fails, and at once where the tenant answers
 * 501: the client would repeat the request for minutes.
 */
export async function runDeployCli(run: DeployCliRun): Promise<string> {
  const runId = newRunId();
  const reaper = await startReaper(runId);
  const { tenant } = run;
  const environment = { PATH: process.env["PATH"], NODE_EXTRA_CA_CERTS: run.caFile };
  const child = spawnMarked(process.execPath, [program, ...cliArguments(run)], {
    runId,
    env: environment,
    cwd: run.folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const watch = setInterval(() => {
    if (tenant.unhandled.length > 0) child.kill("SIGKILL");
  }, 50);
  try {
    const [code] = (await once(child, "close")) as [number | null];
    const unhandled = tenant.unhandled.map(({ method, path }) => `${method} ${path}`);
    if (code === 0 && unhandled.length === 0) return output;
    throw new Error(
      [`deploy-cli ${run.command} ended with ${code ?? "a signal"}`, ...unhandled, output].join("\n"),
    );
  } finally {
    clearInterval(watch);
    await killMarked(runId);
    await reaper.stop();
  }
}

/** The configuration file lies beside the folder, so that no export or import takes it for its own. */
function cliArguments({ command, tenant, folder, config }: DeployCliRun): string[] {
  mkdirSync(folder, { recursive: true });
  const configFile = `${folder}.json`;
  const settings = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    AUTH0_INCLUDED_ONLY: families,
    AUTH0_API_MAX_RETRIES: 1,
    ...config,
  };
  writeFileSync(configFile, JSON.stringify(settings), { mode: 0o600 });
  const target =
    command === "export" ? ["--format", "directory", "--output_folder", folder] : ["--input_file", folder];
  return [command, "--config_file", configFile, "--env", "false", ...target];
}
