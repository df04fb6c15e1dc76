import { appendFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { createTenant, type Tenant } from "../../tenant/create-tenant.ts";
import { ensureCertificates } from "../certificates/ensure-certificates.ts";
import { createFlowLog, type FlowLog } from "../page/login-log.ts";
import { claimRun } from "../processes/claim-run.ts";
import { startProviders, type Providers } from "../providers/start-providers.ts";
import { killMarked, onlyMark } from "../processes/marked-processes.ts";
import { startReaper } from "../processes/start-reaper.ts";
import { startS3, type S3Server } from "../s3/start-s3.ts";
import { ensureToolchain } from "../toolchain/ensure-toolchain.ts";
import {
  localEnvironment,
  localFolder,
  prepareFolder,
  removeFormerRun,
  type LocalFolder,
} from "./local-folder.ts";
import { localBucket, localConfig, writeProject, writeStackFile, type StackConfig } from "./write-project.ts";

export interface LocalWorldOptions {
  /** The folder that holds everything of it; one world at a time. */
  readonly root: string;
  /** 0 takes free ones. */
  readonly tenantPort: number;
  readonly s3Port: number;
  /** Told what takes time. */
  readonly progress: (line: string) => void;
  /** Whether the user's own Pulumi may stand in for the pinned one. Default: false. */
  readonly mayUseOwnPulumi?: boolean;
}

/** A tenant, an S3 server and a Pulumi project with stack `local` on them. Nothing is deployed yet. */
export interface LocalWorld {
  readonly folder: LocalFolder;
  readonly runId: string;
  readonly tenant: Tenant;
  /** The post-login flows of the tenant. */
  readonly flows: FlowLog;
  readonly s3: S3Server & { readonly bucket: string };
  /** The stand-ins for providers of pictures. */
  readonly providers: Providers;
  readonly caFile: string;
  /** For `pulumi` and for commands that work on this world. */
  readonly environment: () => NodeJS.ProcessEnv;
  /** Replaces the configuration of stack `local`: its own values, changed by `changes`. */
  readonly configure: (changes: StackConfig) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a local world from an empty state. What a killed one left in the folder is ended and removed first.
 *
 * @throws ToolchainError, ExpectedError or TenantError: a part of it cannot be had, the message says which.
 */
export async function startLocalWorld(options: LocalWorldOptions): Promise<LocalWorld> {
  const folder = localFolder(options.root);
  await prepareFolder(folder);
  const run = await claimRun(folder.root);
  // In reverse order of what was started; the folder is given back last.
  const stops: (() => unknown)[] = [() => run.release()];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const reaper = await startReaper(run.runId);
    stops.push(() => reaper.stop());
    // Its links lead to folders, at which pulumi new would stop in a clone that was used.
    stops.push(() => rm(folder.pulumiHome, { recursive: true, force: true }));
    stops.push(() => killMarked(run.runId));
    return { ...(await startParts(options, folder, run.runId, stops)), folder, runId: run.runId, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  { tenantPort, s3Port, progress, mayUseOwnPulumi = false }: LocalWorldOptions,
  folder: LocalFolder,
  runId: string,
  stops: (() => unknown)[],
): Promise<
  Pick<LocalWorld, "tenant" | "flows" | "s3" | "providers" | "caFile" | "environment" | "configure">
> {
  const [toolchain, certificates] = await Promise.all([
    ensureToolchain({ progress, mayUseOwnPulumi }),
    ensureCertificates(folder.certificates),
    removeFormerRun(folder),
  ]);
  await writeProject(folder, toolchain);
  const { versitygw } = toolchain;
  const flows = createFlowLog();
  const log = logTo(folder, progress);
  const tenant = await createTenant({
    port: tenantPort,
    certificates,
    log,
    onFlow: flows.record,
    childEnvironment: onlyMark(process.env),
  });
  stops.push(() => tenant.close());
  const server = await startS3({ versitygw, dataDir: folder.s3, port: s3Port, certificates, runId });
  stops.push(() => server.stop());

  const providers = await startProviders(certificates);
  stops.push(() => providers.stop());
  const { names, port } = providers;
  await writeFile(folder.localNames, JSON.stringify({ names, port, caFile: certificates.caFile }));

  // If the file exists, the world runs.
  stops.push(() => rm(folder.runFile, { force: true }));
  const s3 = { ...server, bucket: localBucket };
  const { caFile } = certificates;
  const { domain, clientId, clientSecret } = tenant;
  const run = { tenant: { domain, clientId, clientSecret, caFile }, s3 };
  const configure = (changes: StackConfig) =>
    writeStackFile(folder, { ...localConfig(domain, s3), ...changes });
  await configure({});
  return {
    tenant,
    flows,
    s3,
    providers,
    caFile,
    environment: () => localEnvironment(process.env, folder, run),
    configure,
  };
}

/** Everything goes to a file; what the tenant does not have is said at once, since a client may retry for minutes. */
function logTo({ tenantLog }: LocalFolder, progress: (line: string) => void): (line: string) => void {
  return (line) => {
    appendFileSync(tenantLog, `${line}\n`);
    if (/ 501\b/.test(line)) progress(line);
  };
}
