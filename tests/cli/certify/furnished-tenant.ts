import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCertify, type CertifyRequest } from "../../../cli/certify/run-certify.ts";
import { ownMark } from "../../../cli/certify/own-names.ts";
import type { Certificate } from "../../../cli/certify/report.ts";
import type { CommandReport } from "../../../cli/command.ts";
import type { Environment } from "../../../lib/environment.ts";
import type { TerminalText } from "../../../lib/terminal-text.ts";
import { ensureCertificates } from "../../../local/certificates/ensure-certificates.ts";
import { createTenant, type Tenant, type TenantOptions } from "../../../tenant/create-tenant.ts";
import { managementApi, type ManagementApi } from "../../management-api.ts";
import { trustedFetch } from "../../trusted-fetch.ts";

export interface FurnishedTenant {
  readonly tenant: Tenant;
  readonly api: ManagementApi;
  /** For a process of the command, or for the command in this one. */
  readonly env: Environment;
  /** What was told before the question, by all runs. */
  readonly said: TerminalText[];
  readonly certify: (request?: Partial<CertifyRequest>) => Promise<CommandReport & { json: Certificate }>;
  /** Everything that others can see of the tenant, but its logs and jobs, the ids and times of bindings, and tokens. */
  readonly contents: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/**
 * A tenant with things of others in it: two Actions in the Login flow, users, an application with a grant, and a social
 * connection with options.
 *
 * @param prepare Is called before the tenant's first request.
 */
export async function furnishedTenant(
  options: Partial<TenantOptions> = {},
  prepare: (tenant: Tenant) => void = () => undefined,
): Promise<FurnishedTenant> {
  const folder = mkdtempSync(join(tmpdir(), "certify-"));
  const certificates = await ensureCertificates(folder);
  const tenant = await createTenant({ port: 0, certificates, sandboxSize: 1, jobMs: 20, ...options });
  // A few seconds of each suite would be spent on waiting for the limit that this tenant only counts.
  tenant.app.addHook("onSend", async (request, reply) => {
    if (request.url.startsWith("/api/v2/")) void reply.header("x-ratelimit-remaining", "99");
  });
  prepare(tenant);
  const { domain, clientId, clientSecret } = tenant;
  const { caFile } = certificates;
  const api = await managementApi({ domain, clientId, clientSecret, caFile });
  await furnish(tenant, api);
  const trusted = trustedFetch(caFile);
  const said: TerminalText[] = [];
  const env = {
    XDG_STATE_HOME: folder,
    AUTH0_CLIENT_ID: clientId,
    AUTH0_CLIENT_SECRET: clientSecret,
    NODE_EXTRA_CA_CERTS: caFile,
  };
  return {
    tenant,
    api,
    env,
    said,
    certify: async (request = {}) => {
      const done = await runCertify({
        stack: undefined,
        domain,
        bind: true,
        yes: true,
        report: undefined,
        namesTenant: false,
        settleMs: 1000,
        env,
        say: (text) => said.push(text),
        ...request,
      });
      return { ...done, json: done.json as Certificate };
    },
    contents: () => contentsOf(api),
    close: async () => {
      await trusted.restore();
      await api.close();
      await tenant.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same for the surrounding suite: one for all its tests. */
export function furnishedForSuite(
  options: Partial<TenantOptions> = {},
  prepare?: (tenant: Tenant) => void,
): () => FurnishedTenant {
  let current: FurnishedTenant;
  before(async () => {
    current = await furnishedTenant(options, prepare);
  });
  after(() => current.close());
  return () => current;
}

async function furnish(tenant: Tenant, api: ManagementApi): Promise<void> {
  // No run gives such names: they are people's.
  for (const name of [
    ownMark,
    `${ownMark}notes`,
    `${ownMark}mf3k2a9b-4f2c-database-2`,
    `my-${ownMark}mf3k2a9b-4f2c`,
  ]) {
    await api.call("POST", "/clients", { name, app_type: "non_interactive" });
  }
  const bindings: object[] = [];
  for (const name of ["Enrich profile", "Notify sales"]) {
    const supported_triggers = [{ id: "post-login", version: "v3" }];
    const code = "exports.onExecutePostLogin = async () => {};";
    const { id } = (await api.call("POST", "/actions/actions", { name, code, supported_triggers })) as {
      id: string;
    };
    await api.call("GET", `/actions/actions/${id}`);
    await api.call("POST", `/actions/actions/${id}/deploy`);
    bindings.push({ ref: { type: "action_id", value: id }, display_name: `${name} (display name)` });
  }
  await api.call("PATCH", "/actions/triggers/post-login/bindings", { bindings });
  const user_metadata = { picture: "https://images.acme.com/jane.png" };
  tenant.users.create({
    user_id: "auth0|jane",
    email: "jane@acme.com",
    user_metadata,
    password: "A-long-one-1",
  });
  tenant.users.create({
    user_id: "google-oauth2|42",
    email: "paul@acme.com",
    picture: "https://images.acme.com/p.png",
  });
}

const lists = {
  actions: "/actions/actions?per_page=100",
  bindings: "/actions/triggers/post-login/bindings?per_page=100",
  clients: "/clients?per_page=100",
  grants: "/client-grants?per_page=100",
  connections: "/connections?per_page=100",
  users: "/users?per_page=100",
  roles: "/roles?per_page=100",
  apis: "/resource-servers?per_page=100",
  settings: "/tenants/settings",
};

async function contentsOf(api: ManagementApi): Promise<string> {
  const contents: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(lists)) contents[name] = await api.call("GET", path);
  // Each write of a flow gives every binding another id and time.
  const { bindings } = contents["bindings"] as { bindings: Record<string, unknown>[] };
  for (const binding of bindings)
    for (const name of ["id", "created_at", "updated_at"]) Reflect.deleteProperty(binding, name);
  return JSON.stringify(contents, null, 1);
}
