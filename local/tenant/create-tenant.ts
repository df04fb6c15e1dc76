import type { FastifyInstance } from "fastify";
import type { Provider } from "oidc-provider";
import type { CertificateFiles } from "../certificates/certificate-files.ts";
import { createSandbox } from "../sandbox/create-sandbox.ts";
import type { FlowResult } from "../sandbox/flow.ts";
import { addFirstRecords } from "./first-records.ts";
import { listen } from "./listen.ts";
import { createProvider } from "./oidc/create-provider.ts";
import { registerOidc } from "./oidc/oidc-routes.ts";
import { createPostLoginFlow } from "./oidc/post-login-flow.ts";
import type { RequestLog } from "./request-log.ts";
import { createRequestLog } from "./request-log.ts";
import type { SeedClient, TenantClients } from "./seed-clients.ts";
import { createTenantClients } from "./seed-clients.ts";
import type { TenantUsers } from "./seed-users.ts";
import { createTenantUsers } from "./seed-users.ts";
import type { SeedUser } from "./state/new-user.ts";
import { createTenantState } from "./state/tenant-state.ts";
import type { UnhandledRequest } from "./tenant-app.ts";
import { createTenantApp } from "./tenant-app.ts";
import type { TenantContext } from "./tenant-context.ts";
import { signingKeyOfProcess } from "./token/signing-key.ts";

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
  /** How long a draft with npm dependencies is `building`, in milliseconds; by default 2 seconds. */
  dependencyBuildMs?: number;
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
  requests: RequestLog;
  /** Requests that no route knows, answered 501. Whoever tests with the tenant asserts that there are none. */
  unhandled: readonly UnhandledRequest[];
  /** Takes further routes until the first request. */
  app: FastifyInstance;
  close: () => Promise<void>;
}

const defaultDependencyBuildMs = 2000;

/**
 * Starts a local stand-in for an Auth0 tenant: the Management API, post-login Actions in a sandbox and OpenID Connect, over
 * https on 127.0.0.1, all in memory. Rejects with a LocalError (`port-in-use`, `port-not-allowed`) where the port cannot be had.
 */
export async function createTenant(options: TenantOptions): Promise<Tenant> {
  const log = options.log ?? ((): void => undefined);
  const signingKey = await signingKeyOfProcess();
  const listening = await listen(options.port, options.certificates);
  const domain = `localhost:${listening.port}`;
  const context: TenantContext = {
    domain,
    issuer: `https://${domain}/`,
    managementAudience: `https://${domain}/api/v2/`,
    tenantId: "local",
    state: createTenantState(),
    signingKey,
    dependencyBuildMs: options.dependencyBuildMs ?? defaultDependencyBuildMs,
    log,
  };
  const sandbox = createSandbox({
    ...(options.flowTimeLimitMs === undefined ? {} : { flowTimeLimitMs: options.flowTimeLimitMs }),
    ...(options.sandboxSize === undefined ? {} : { size: options.sandboxSize }),
  });
  const requests = createRequestLog();
  const unhandled: UnhandledRequest[] = [];
  const management = addFirstRecords(context, options.empty === true);
  const users = createTenantUsers(context);
  const clients = createTenantClients(context);

  const runFlow = createPostLoginFlow(context, sandbox, options.onFlow ?? ((): void => undefined));
  const provider: Provider = await createProvider(context, runFlow);
  const app = createTenantApp(context, listening, requests, unhandled);
  registerOidc(app, context, () => provider);
  for (const client of options.seed?.clients ?? []) clients.create(client);
  for (const user of options.seed?.users ?? []) users.create(user);

  return {
    domain,
    issuer: context.issuer,
    clientId: management.client_id,
    clientSecret: management.client_secret,
    users,
    clients,
    requests,
    unhandled,
    app,
    close: async () => {
      await Promise.all([listening.close(), sandbox.stop()]);
      await app.close();
    },
  };
}
