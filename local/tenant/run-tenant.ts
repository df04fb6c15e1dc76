import { once } from "node:events";
import { join, resolve } from "node:path";
import { ensureCertificates } from "../certificates/ensure-certificates.ts";
import { LocalError } from "../processes/local-error.ts";
import { createTenant } from "./create-tenant.ts";
import { parseTenantArguments, tenantUsage } from "./parse-tenant-arguments.ts";

export interface RunTenantDependencies {
  /** The folder whose `.local/certificates` holds the certificates. */
  projectRoot: string;
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  /** Aborts when the tenant shall stop. */
  stop: AbortSignal;
}

/**
 * `npm run --silent tenant`: a tenant in the foreground until `stop`. Returns the exit code: 0 after it was stopped, 1 where
 * it could not start, 3 for bad usage.
 */
export async function runTenant(
  args: readonly string[],
  dependencies: RunTenantDependencies,
): Promise<number> {
  const { projectRoot, stdout, stderr, stop } = dependencies;
  try {
    const { port, empty, help, dataDir, faults } = parseTenantArguments(args);
    if (help) {
      stdout(tenantUsage);
      return 0;
    }
    const certificates = await ensureCertificates(join(projectRoot, ".local", "certificates"));
    const tenant = await createTenant({
      port,
      empty,
      certificates,
      faults,
      ...(dataDir === undefined ? {} : { dataDir: resolve(dataDir) }),
      log: (line) => {
        stderr(`${line}\n`);
      },
    });
    const { domain, clientId, clientSecret } = tenant;
    stdout(`${JSON.stringify({ domain, caFile: certificates.caFile, clientId, clientSecret })}\n`);
    stderr(`The local tenant listens on https://${domain}/ until it is stopped (Ctrl+C).\n`);
    if (!stop.aborted) await once(stop, "abort");
    await tenant.close();
    return 0;
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    stderr(`${error.message} [${error.code}]\n`);
    return error.code === "bad-usage" ? 3 : 1;
  }
}
