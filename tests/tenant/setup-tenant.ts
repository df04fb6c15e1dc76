import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch, type Response } from "undici";
import { ensureCertificates, type CertificateFiles } from "../../local/certificates/ensure-certificates.ts";
import { createLoginClient, type LoginClient } from "../../local/login/login.ts";
import { createTenant, type Tenant, type TenantOptions } from "../../tenant/create-tenant.ts";
import type { AnswerBody } from "./answer-body.ts";

export interface Answer {
  status: number;
  headers: Response["headers"];
  /** Parsed JSON; see {@link AnswerBody}. Empty, or no JSON at all, it is `{}`. */
  body: AnswerBody;
  text: string;
}

export interface RequestInit {
  headers?: Record<string, string>;
  /** An object goes as JSON, a string as a form. */
  body?: unknown;
}

export interface TestTenant {
  tenant: Tenant;
  certificates: CertificateFiles;
  /** Any request, redirects not followed. */
  request: (method: string, path: string, init?: RequestInit) => Promise<Answer>;
  /** A request to the Management API with the tenant's own application's token. */
  api: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** A Management token with these scopes, of an application made for it. */
  tokenWith: (...scopes: string[]) => Promise<string>;
  /** Creates and deploys Actions from handler bodies and binds them to post-login, in order. Returns their ids. */
  bind: (...bodies: string[]) => Promise<string[]>;
  /** A public application with a callback, and the means to log in there. */
  application: (fields?: object) => Promise<LoginClient & { clientId: string }>;
}

/**
 * A tenant for each test of the surrounding suite, on a free port. After a test it is closed, and the test fails where the
 * tenant answered 501 unless it says `unhandledExpected`.
 */
export function setupTenant(
  options: Partial<TenantOptions> & { unhandledExpected?: boolean } = {},
): () => TestTenant {
  let folder: string;
  let current: TestTenant;
  let agent: Agent;
  let logins: LoginClient[];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tenant-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    const certificates = await ensureCertificates(folder);
    const { unhandledExpected: _, ...tenantOptions } = options;
    const tenant = await createTenant({ port: 0, certificates, sandboxSize: 1, ...tenantOptions });
    agent = new Agent({ connect: { ca: readFileSync(certificates.caFile, "utf8") } });
    logins = [];
    current = testTenant(tenant, certificates, agent, logins);
  });
  afterEach(async () => {
    await Promise.all(logins.map((client) => client.close()));
    await agent.close();
    await current.tenant.close();
    if (options.unhandledExpected !== true) assert.deepEqual(current.tenant.unhandled, []);
  });
  return () => current;
}

function testTenant(
  tenant: Tenant,
  certificates: CertificateFiles,
  agent: Agent,
  logins: LoginClient[],
): TestTenant {
  const request: TestTenant["request"] = async (method, path, { headers = {}, body } = {}) => {
    const isForm = typeof body === "string";
    const type = isForm ? "application/x-www-form-urlencoded" : "application/json";
    const response = await fetch(`https://${tenant.domain}${path}`, {
      method,
      dispatcher: agent,
      redirect: "manual",
      headers: { ...(body === undefined ? {} : { "content-type": type }), ...headers },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text), text };
  };
  const tokenOf = async (client_id: string, client_secret: string): Promise<string> => {
    const audience = `https://${tenant.domain}/api/v2/`;
    const body = { grant_type: "client_credentials", client_id, client_secret, audience };
    return (await request("POST", "/oauth/token", { body })).body.access_token;
  };
  let ownToken: Promise<string> | undefined;
  const api: TestTenant["api"] = async (method, path, body) => {
    ownToken ??= tokenOf(tenant.clientId, tenant.clientSecret);
    const headers = { authorization: `Bearer ${await ownToken}` };
    return request(method, `/api/v2${path}`, { headers, ...(body === undefined ? {} : { body }) });
  };
  return {
    tenant,
    certificates,
    request,
    api,
    tokenWith: async (...scope) => {
      const client = tenant.clients.create({ name: "Limited", app_type: "non_interactive" });
      const audience = `https://${tenant.domain}/api/v2/`;
      await api("POST", "/client-grants", { client_id: client.client_id, audience, scope });
      return tokenOf(client.client_id, client.client_secret);
    },
    bind: (...bodies) => bindActions(api, bodies),
    application: async (fields = {}) => {
      const redirectUri = "http://localhost:3000/callback";
      const { client_id } = tenant.clients.create({
        name: "App",
        app_type: "spa",
        callbacks: [redirectUri],
        ...fields,
      });
      const client = await createLoginClient({
        domain: tenant.domain,
        caFile: certificates.caFile,
        clientId: client_id,
        redirectUri,
      });
      logins.push(client);
      return { ...client, clientId: client_id };
    },
  };
}

function parsed(text: string): AnswerBody {
  try {
    return JSON.parse(text) as AnswerBody;
  } catch {
    return {} as AnswerBody;
  }
}

async function bindActions(api: TestTenant["api"], bodies: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, body] of bodies.entries()) {
    ids.push(await deployedAction(api, `Action ${index + 1}`, body));
  }
  const bindings = ids.map((value) => ({ ref: { type: "action_id", value } }));
  const { status } = await api("PATCH", "/actions/triggers/post-login/bindings", { bindings });
  assert.equal(status, 200);
  return ids;
}

/** A post-login Action that is built and deployed; its id. */
export async function deployedAction(api: TestTenant["api"], name: string, body = ""): Promise<string> {
  const code = `exports.onExecutePostLogin = async (event, api) => {${body}};`;
  const created = await api("POST", "/actions/actions", {
    name,
    code,
    supported_triggers: [{ id: "post-login" }],
  });
  const { id } = created.body;
  await api("GET", `/actions/actions/${id}`);
  assert.equal((await api("POST", `/actions/actions/${id}/deploy`)).status, 200);
  return id;
}
