import type { FastifyInstance } from "fastify";
import type { Provider } from "oidc-provider";
import { createSandbox } from "../sandbox/create-sandbox.ts";
import type { FlowResult } from "../sandbox/flow.ts";
import { weaknessWords } from "../sandbox/isolation.ts";
import { registerFaultRoutes } from "./faults/fault-routes.ts";
import type { FaultRule } from "./faults/fault-rule.ts";
import { addRateLimitHeaders, registerFaults } from "./faults/register-faults.ts";
import { createTenantFaults, type TenantFaults } from "./faults/tenant-faults.ts";
import {
  addFirstRecords,
  createTenantClients,
  createTenantUsers,
  type SeedClient,
  type TenantClients,
  type TenantUsers,
} from "./first-records.ts";
import { createProvider } from "./oidc/create-provider.ts";
import { createLoginRecords } from "./oidc/login-records.ts";
import { registerOidc } from "./oidc/oidc-routes.ts";
import { boundActions, createPostLoginFlow } from "./oidc/post-login-flow.ts";
import {
  openTenantData,
  saveAnsweredWrites,
  type CoalescedSave,
  type TenantData,
} from "./persistence/open-tenant-data.ts";
import { reopenRecords, type StoredTenant } from "./persistence/read-stored-tenant.ts";
import type { ClientRecord } from "./state/client.ts";
import { createTenantState } from "./state/tenant-state.ts";
import type { SeedUser } from "./state/user.ts";
import {
  createRequestLog,
  createTenantApp,
  listen,
  type CertificateFiles,
  type ListeningServer,
  type RequestLog,
  type UnhandledRequest,
} from "./tenant-app.ts";
import type { TenantContext } from "./tenant-context.ts";
import { signingCertificateOf, type SigningCertificate } from "./token/signing-certificate.ts";
import { signingKeyOfProcess, storedSigningKey, type SigningKey } from "./token/signing-key.ts";

export interface TenantOptions {
  /** 0 for any free one. */
  port: number;
  certificates: CertificateFiles;
  /** Without a social connection: as a tenant is right after it was made. */
  empty?: boolean;
  seed?: { users?: SeedUser[]; clients?: SeedClient[] };
  /** One line about what happens; never a token, an email or an event. By default nothing is written. */
  log?: (line: string) => void;
  /** How long a post-login flow may take, in milliseconds; by default 20 seconds. */
  flowTimeLimitMs?: number;
  /** How many flows run at once. */
  sandboxSize?: number;
  /** The only variables that the processes of the sandbox are given; by default none. */
  childEnvironment?: NodeJS.ProcessEnv;
  /** How long a draft with npm dependencies is `building`, in milliseconds; by default 2 seconds. */
  dependencyBuildMs?: number;
  /** How long an import or export job is pending, in milliseconds; by default so long that a client has to wait for it. */
  jobMs?: number;
  /** npm modules, as `name` or `name@version`, whose builds fail as if npm did not have them; no network is asked. */
  missingDependencies?: readonly string[];
  /**
   * The folder in which the tenant outlives its process: the tenant that lies there goes on, and `empty` and `seed`
   * are for a new one only. Sessions, codes and tokens of users end with the process. Without it all is in memory.
   */
  dataDir?: string;
  /** Faults from the start on; see {@link Tenant.faults}. */
  faults?: { rules: readonly FaultRule[]; seed?: number };
  /** Told the result of every post-login flow, after it ended. */
  onFlow?: (result: FlowResult) => void;
}

export interface Tenant {
  /** `localhost:PORT`. */
  domain: string;
  /** `https://localhost:PORT/`. */
  issuer: string;
  /** The application that may use the whole Management API; made at this start. */
  clientId: string;
  clientSecret: string;
  users: TenantUsers;
  clients: TenantClients;
  /** The deployed code of what is bound to post-login, in order: what the next login runs. */
  flowCode: () => string[];
  /** One line for people where this machine cannot close Actions' code in as it should be. */
  sandboxWeakness: () => string | undefined;
  requests: RequestLog;
  /** Requests that no route knows, answered 501. Tests that use the tenant assert that there are none. */
  unhandled: readonly UnhandledRequest[];
  /** Failures on demand; there are none unless the options say so. */
  faults: TenantFaults;
  /** Takes further routes until the first request. */
  app: FastifyInstance;
  close: () => Promise<void>;
}

const defaultDependencyBuildMs = 2000;
const defaultJobMs = 150;

/**
 * Starts a local stand-in for an Auth0 tenant: the Management API, post-login Actions in a sandbox and OpenID Connect, over
 * https on 127.0.0.1. Rejects with an ExpectedError: `port-in-use` or `port-not-allowed` where the port cannot be had,
 * `already-running` or `data-unreadable` where `dataDir` cannot be.
 */
export async function createTenant(options: TenantOptions): Promise<Tenant> {
  const log = options.log ?? ((): void => undefined);
  const data = options.dataDir === undefined ? undefined : await openTenantData(options.dataDir, log);
  let listening: ListeningServer | undefined;
  try {
    listening = await listen(options.port, options.certificates);
    return await startTenant(options, log, listening, data);
  } catch (error) {
    await listening?.close();
    data?.release();
    throw error;
  }
}

async function startTenant(
  options: TenantOptions,
  log: (line: string) => void,
  listening: ListeningServer,
  data: TenantData | undefined,
): Promise<Tenant> {
  const stored = data?.stored;
  const signingKey = await (stored ? storedSigningKey(stored.signingKey) : signingKeyOfProcess());
  const domain = `localhost:${listening.port}`;
  const keys = { signingKey, signingCertificate: await signingCertificateOf(signingKey, domain) };
  const context = createContext(options, domain, keys, stored, log);
  const management = openRecords(context, stored, options);
  const saving = data && (await keepData(data, context, management.client_id));
  const runFlow = createPostLoginFlow(context, options.onFlow ?? ((): void => undefined));
  const provider: Provider = await createProvider(context, runFlow);
  const requests = createRequestLog();
  const unhandled: UnhandledRequest[] = [];
  const app = createTenantApp(context, listening, requests, unhandled);
  if (saving) saveAnsweredWrites(app, saving);
  const faults = addFaults(app, context, management.client_id, options.faults);
  registerOidc(app, context, () => provider);

  return {
    domain: context.domain,
    issuer: context.issuer,
    clientId: management.client_id,
    clientSecret: management.client_secret,
    users: createTenantUsers(context),
    clients: createTenantClients(context),
    flowCode: () => boundActions(context.state).map(({ code }) => code),
    sandboxWeakness: weaknessWords,
    requests,
    unhandled,
    faults,
    app,
    close: async () => {
      await Promise.all([listening.close(), context.sandbox.stop()]);
      await app.close();
      await saving?.close();
      data?.release();
    },
  };
}

/** The stored records, or else those of a new tenant with what it is seeded with. Returns the tenant's own application. */
function openRecords(
  context: TenantContext,
  stored: StoredTenant | undefined,
  { empty = false, seed }: TenantOptions,
): ClientRecord {
  if (stored) return reopenRecords(context, stored);
  const management = addFirstRecords(context, empty);
  for (const client of seed?.clients ?? []) createTenantClients(context).create(client);
  for (const user of seed?.users ?? []) createTenantUsers(context).create(user);
  return management;
}

function createContext(
  options: TenantOptions,
  domain: string,
  keys: { signingKey: SigningKey; signingCertificate: SigningCertificate },
  stored: StoredTenant | undefined,
  log: (line: string) => void,
): TenantContext {
  return {
    domain,
    issuer: `https://${domain}/`,
    managementAudience: `https://${domain}/api/v2/`,
    tenantId: "local",
    state: stored?.state ?? createTenantState(),
    exportFiles: new Map(),
    logins: createLoginRecords(),
    ...keys,
    sandbox: createSandbox({
      ...(options.childEnvironment === undefined ? {} : { env: options.childEnvironment }),
      ...(options.flowTimeLimitMs === undefined ? {} : { flowTimeLimitMs: options.flowTimeLimitMs }),
      ...(options.sandboxSize === undefined ? {} : { size: options.sandboxSize }),
    }),
    dependencyBuildMs: options.dependencyBuildMs ?? defaultDependencyBuildMs,
    jobMs: options.jobMs ?? defaultJobMs,
    missingDependencies: new Set(options.missingDependencies),
    log,
    changed: () => undefined,
  };
}

/** Writes the tenant for the first time and from now on after each change. */
async function keepData(
  data: TenantData,
  context: TenantContext,
  managementClientId: string,
): Promise<CoalescedSave> {
  const { domain, signingKey, state } = context;
  const saving = data.keep({ domain, managementClientId, signingKey: signingKey.privateJwk, state });
  context.changed = saving.saveSoon;
  await saving.save();
  return saving;
}

function addFaults(
  app: FastifyInstance,
  context: TenantContext,
  managementClientId: string,
  initial: TenantOptions["faults"],
): TenantFaults {
  const faults = createTenantFaults();
  if (initial) faults.set(initial.rules, initial.seed);
  addRateLimitHeaders(app);
  registerFaults(app, context, faults);
  registerFaultRoutes(app, context, faults, managementClientId);
  return faults;
}
