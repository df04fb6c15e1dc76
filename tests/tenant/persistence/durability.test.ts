import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pollUntil } from "../../../lib/clock.ts";
import { ensureCertificates } from "../../../local/certificates/ensure-certificates.ts";
import { createLoginClient } from "../../../local/login/login.ts";
import { createTenant, type Tenant, type TenantOptions } from "../../../tenant/create-tenant.ts";
import { runTenant } from "../../../tenant/run-tenant.ts";
import { managementApi } from "../../management-api.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const redirectUri = "http://localhost:3000/callback";

describe("A tenant with a data folder", () => {
  let open: Tenant[] = [];

  // Before temporaryFolder(), which takes the folder away after the test.
  afterEach(async () => {
    await Promise.all(open.map((tenant) => tenant.close()));
    open = [];
  });
  const folder = temporaryFolder();
  const dataDir = () => join(folder(), "data");
  const file = () => join(dataDir(), "tenant.json");
  const certificates = () => ensureCertificates(join(folder(), "certificates"));
  async function start(options: Partial<TenantOptions> = {}): Promise<Tenant> {
    const tenant = await createTenant({
      port: 0,
      certificates: await certificates(),
      sandboxSize: 1,
      dataDir: dataDir(),
      ...options,
    });
    open.push(tenant);
    return tenant;
  }

  async function stop(tenant: Tenant): Promise<void> {
    open = open.filter((other) => other !== tenant);
    await tenant.close();
  }

  async function call(
    tenant: Tenant,
    method: "GET" | "POST" | "PATCH",
    path: string,
    body?: unknown,
  ): Promise<unknown> {
    const api = await managementApi({ ...tenant, caFile: (await certificates()).caFile });
    try {
      return await api.call(method, path, body);
    } finally {
      await api.close();
    }
  }

  async function logIn(tenant: Tenant, clientId: string, userId: string): Promise<Record<string, unknown>> {
    const { caFile } = await certificates();
    const client = await createLoginClient({ domain: tenant.domain, caFile, clientId, redirectUri });
    try {
      return (await client.login({ userId })).idTokenClaims;
    } finally {
      await client.close();
    }
  }

  for (const [what, content] of [
    ["cut off", '{"format":1,"domain":"localhost:1","state":{"actions":{"$m'],
    ["of another format", '{"format":2}'],
    ["without a key", '{"format":1,"domain":"localhost:1"}'],
    ["empty", ""],
  ]) {
    it(`refuses a file that is ${what}, says what to do, and leaves it as it is`, async () => {
      mkdirSync(dataDir());
      writeFileSync(file(), content!);
      await assert.rejects(start(), { code: "data-unreadable", message: /tenant\.json.*Move the file away/ });
      assert.equal(readFileSync(file(), "utf8"), content);
      assert.deepEqual(readdirSync(dataDir()), ["tenant.json"]);
    });
  }

  it("refuses a collection of the wrong kind", async () => {
    await stop(await start());
    const stored = JSON.parse(readFileSync(file(), "utf8")) as { state: Record<string, unknown> };
    stored.state["users"] = [];
    writeFileSync(file(), JSON.stringify(stored));
    await assert.rejects(start(), { code: "data-unreadable", message: /state\.users is not a Map/ });
  });

  it("belongs to one tenant at a time", async () => {
    const first = await start();
    await assert.rejects(start(), { code: "already-running" });
    await stop(first);
    await start();
  });

  it("gives the folder back where the port cannot be had", async () => {
    const other = await start({ dataDir: join(folder(), "other") });
    const port = Number(other.domain.split(":")[1]);
    await assert.rejects(start({ port }), { code: "port-in-use" });
    await start();
  });

  it("is the same after a restart on another port: application, key, Actions, flow, users", async () => {
    const user = { user_id: "auth0|$map", name: "M", user_metadata: { $map: [["a", 1]], $$x: { $set: [] } } };
    const linked = {
      user_id: "auth0|linked",
      identities: [
        { provider: "auth0", user_id: "linked" },
        { provider: "google-oauth2", user_id: "1", profileData: { name: "G", $map: [] } },
      ],
    };
    const app = { name: "App", client_id: "app", app_type: "spa", callbacks: [redirectUri] };
    const first = await start({ seed: { users: [user, linked], clients: [app] } });
    const code = `exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim("p", event.secrets.s); };`;
    const action = (await call(first, "POST", "/actions/actions", {
      name: "Bound",
      code,
      secrets: [{ name: "s", value: "kept" }],
      supported_triggers: [{ id: "post-login" }],
    })) as { id: string };
    await call(first, "GET", `/actions/actions/${action.id}`);
    await call(first, "POST", `/actions/actions/${action.id}/deploy`);
    await call(first, "PATCH", "/actions/triggers/post-login/bindings", {
      bindings: [{ ref: { type: "action_id", value: action.id } }],
    });
    assert.equal((await logIn(first, "app", user.user_id))["p"], "kept");
    const before = first.users.list();
    const keys = await publishedKeys(first);
    await stop(first);

    const second = await start({ seed: { users: [{ ...user, name: "Seeded again" }] } });
    assert.notEqual(second.domain, first.domain);
    assert.deepEqual([second.clientId, second.clientSecret], [first.clientId, first.clientSecret]);
    assert.deepEqual(second.users.list(), before);
    assert.deepEqual(await publishedKeys(second), keys);
    const { bindings } = (await call(second, "GET", "/actions/triggers/post-login/bindings")) as {
      bindings: { display_name: string }[];
    };
    assert.deepEqual(
      bindings.map(({ display_name }) => display_name),
      ["Bound"],
    );
    assert.equal((await logIn(second, "app", user.user_id))["p"], "kept");
    assert.equal(second.users.get(user.user_id)?.logins_count, 2);
  });

  async function publishedKeys(tenant: Tenant): Promise<unknown> {
    const answer = await tenant.app.inject({ method: "GET", url: "/.well-known/jwks.json" });
    return answer.json();
  }

  it("has written an answered change before its answer came", async () => {
    const tenant = await start();
    await call(tenant, "POST", "/resource-servers", { identifier: "https://written.test/" });
    assert.ok(readFileSync(file(), "utf8").includes("https://written.test/"));
  });

  it("answers 500 while a change cannot be written, and writes it with the next one", async () => {
    const tenant = await start();
    const create = (identifier: string) => call(tenant, "POST", "/resource-servers", { identifier });
    renameSync(dataDir(), `${dataDir()}-away`);
    await assert.rejects(create("https://first.test/"), /: 500 /);
    renameSync(`${dataDir()}-away`, dataDir());
    await create("https://second.test/");
    const text = readFileSync(file(), "utf8");
    assert.ok(text.includes("https://first.test/") && text.includes("https://second.test/"));
  });

  it("writes soon what a login or a program changes", async () => {
    const app = { name: "App", client_id: "app", app_type: "spa", callbacks: [redirectUri] };
    const tenant = await start({ seed: { users: [{ user_id: "auth0|1" }], clients: [app] } });
    const holds = (text: string) =>
      pollUntil(() => readFileSync(file(), "utf8").includes(text), { withinMs: 45_000 });
    await logIn(tenant, "app", "auth0|1");
    assert.ok(await holds('"logins_count":1'));
    tenant.users.create({ user_id: "auth0|2" });
    assert.ok(await holds("auth0|2"));
  });

  it("keeps the file, which holds secrets, to its owner", async () => {
    await start();
    assert.equal(statSync(file()).mode & 0o777, 0o600);
  });

  it("is the folder of --data", async () => {
    const out: string[] = [];
    const stopping = new AbortController();
    const running = runTenant(["--port", "0", "--data", dataDir()], {
      projectRoot: folder(),
      stdout: (text) => out.push(text),
      stderr: () => undefined,
      stop: stopping.signal,
    });
    assert.ok(await pollUntil(() => out.length > 0, { withinMs: 45_000 }));
    stopping.abort();
    assert.equal(await running, 0);
    const { clientId } = JSON.parse(out[0]!) as { clientId: string };
    assert.equal((await start()).clientId, clientId);
  });

  it("makes its own application anew where somebody deleted it", async () => {
    const first = await start();
    const api = await managementApi({ ...first, caFile: (await certificates()).caFile });
    await api.call("DELETE", `/clients/${first.clientId}`);
    await api.close();
    await stop(first);
    const second = await start();
    assert.notEqual(second.clientId, first.clientId);
    await call(second, "GET", "/clients");
  });
});
