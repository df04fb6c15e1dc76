import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { ManagementClient, ManagementError } from "auth0";
import { Agent, fetch as undiciFetch, FormData as UndiciFormData, type BodyInit } from "undici";
import { pollUntil } from "../../lib/clock.ts";
import type { Tenant } from "../../tenant/create-tenant.ts";
import { conformanceTenants } from "./conformance-tenant.ts";

const database = "Username-Password-Authentication";

describe("Auth0's Node SDK", () => {
  const setup = conformanceTenants();
  let tenant: Tenant;
  let sdk: ManagementClient;
  let agent: Agent;

  beforeEach(async () => {
    const { certificates, start } = setup();
    ({ tenant } = await start());
    agent = new Agent({ connect: { ca: readFileSync(certificates.caFile, "utf8") } });
    const { domain, clientId, clientSecret } = tenant;
    const trusting = trustingFetch(agent);
    sdk = new ManagementClient({ domain, clientId, clientSecret, fetch: trusting, maxRetries: 0 });
  });
  afterEach(async () => {
    await agent.close();
    assert.deepEqual(tenant.unhandled, []);
  });

  const createUser = (email: string) =>
    sdk.users.create({
      connection: database,
      email,
      password: "A-long-one-1",
      user_metadata: { a: 1, b: 2 },
    });

  const connectionId = async (): Promise<string> => {
    const { data } = await sdk.connections.list({ name: database });
    return data[0]!.id!;
  };

  const finishedJob = async (id: string) => {
    const isDone = async () => (await sdk.jobs.get(id)).status !== "pending";
    assert.ok(await pollUntil(isDone, { withinMs: 45_000 }));
    return sdk.jobs.get(id);
  };

  it("understands what a refusal is", async () => {
    await assert.rejects(sdk.users.get("auth0|none"), (error: unknown) => {
      assert.ok(error instanceof ManagementError);
      assert.equal(error.statusCode, 404);
      assert.deepEqual(error.body, {
        statusCode: 404,
        error: "Not Found",
        message: "The user does not exist.",
        errorCode: "inexistent_user",
      });
      return true;
    });
    await createUser("jane@example.com");
    await assert.rejects(createUser("jane@example.com"), { statusCode: 409 });
  });

  it("creates, reads, merges, finds and deletes a user", async () => {
    const { user_id = "" } = await createUser("jane@example.com");
    const changed = await sdk.users.update(user_id, {
      picture: "https://example.com/jane.png",
      user_metadata: { b: null, c: 3 },
    });
    assert.deepEqual(changed.user_metadata, { a: 1, c: 3 });
    assert.equal((await sdk.users.get(user_id)).picture, "https://example.com/jane.png");
    const found = await sdk.users.list({ q: "email:jane@example.com", search_engine: "v3" });
    assert.deepEqual(
      found.data.map((user) => user.user_id),
      [user_id],
    );
    await sdk.users.delete(user_id);
    await assert.rejects(sdk.users.get(user_id), { statusCode: 404 });
  });

  it("links two users and unlinks them", async () => {
    const { user_id = "" } = await createUser("jane@example.com");
    tenant.users.create({ user_id: "google-oauth2|7", name: "Jane G" });
    const provider = "google-oauth2";
    const linked = await sdk.users.identities.link(user_id, { provider, user_id: "7" });
    assert.deepEqual(linked[1]?.profileData, { name: "Jane G" });
    await assert.rejects(sdk.users.identities.link(user_id, { provider, user_id: "7" }), { statusCode: 409 });
    const { identities } = await sdk.users.get(user_id);
    assert.equal(identities?.length, 2);
    assert.equal((await sdk.users.identities.delete(user_id, provider, "7")).length, 1);
    assert.equal((await sdk.users.get("google-oauth2|7")).name, "Jane G");
  });

  it("pages through users to the end", async () => {
    for (let n = 0; n < 5; n += 1) tenant.users.create({ user_id: `auth0|${n}` });
    const ids: (string | undefined)[] = [];
    for await (const { user_id } of await sdk.users.list({ per_page: 2, include_totals: true })) {
      ids.push(user_id);
    }
    assert.deepEqual(ids, ["auth0|0", "auth0|1", "auth0|2", "auth0|3", "auth0|4"]);
  });

  it("assigns roles and permissions", async () => {
    const { user_id = "" } = await createUser("jane@example.com");
    const identifier = "https://api.example.com";
    await sdk.resourceServers.create({ identifier, scopes: [{ value: "read:all" }] });
    const { id = "" } = await sdk.roles.create({ name: "Curator" });
    const permissions = [{ resource_server_identifier: identifier, permission_name: "read:all" }];
    await sdk.roles.permissions.add(id, { permissions });
    await sdk.users.roles.assign(user_id, { roles: [id] });
    await sdk.users.permissions.create(user_id, { permissions });
    assert.deepEqual(
      (await sdk.users.roles.list(user_id)).data.map(({ name }) => name),
      ["Curator"],
    );
    assert.equal((await sdk.users.permissions.list(user_id)).data[0]?.permission_name, "read:all");
    await sdk.users.permissions.delete(user_id, { permissions });
    await sdk.users.roles.delete(user_id, { roles: [id] });
    assert.deepEqual((await sdk.users.roles.list(user_id)).data, []);
    assert.deepEqual((await sdk.users.permissions.list(user_id)).data, []);
  });

  it("builds, tests, deploys and binds an Action, and reads its versions", async () => {
    const { id = "" } = await sdk.actions.create({
      name: "Picture",
      supported_triggers: [{ id: "post-login", version: "v3" }],
      code: "exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim('a', 1); };",
    });
    assert.equal((await sdk.actions.get(id)).status, "built");
    const { payload } = await sdk.actions.test(id, { payload: { user: { user_id: "auth0|1" } } });
    assert.deepEqual(payload?.["id_token_claims"], { a: 1 });
    const deployed = await sdk.actions.deploy(id);
    assert.equal(deployed.number, 1);
    const bindings = [{ ref: { type: "action_id" as const, value: id } }];
    await sdk.actions.triggers.bindings.updateMany("post-login", { bindings });
    const listed = await sdk.actions.list({ triggerId: "post-login", deployed: true });
    assert.deepEqual(
      listed.data.map(({ name }) => name),
      ["Picture"],
    );
    const bound = await sdk.actions.triggers.bindings.list("post-login");
    assert.equal(bound.data[0]?.action?.id, id);
    assert.equal((await sdk.actions.versions.list(id)).data.length, 1);
    await assert.rejects(sdk.actions.delete(id), { statusCode: 409 });
  });

  it("reads clients and connections by checkpoint", async () => {
    const { client_id = "" } = await sdk.clients.create({ name: "App", app_type: "spa" });
    const names: (string | undefined)[] = [];
    for await (const { name } of await sdk.clients.list()) names.push(name);
    assert.deepEqual(names, ["Local machine-to-machine", "App"]);
    await sdk.clients.update(client_id, { description: "An app" });
    assert.equal((await sdk.clients.get(client_id)).description, "An app");
    const connections: (string | undefined)[] = [];
    for await (const { name } of await sdk.connections.list({ take: 1 })) connections.push(name);
    assert.deepEqual(connections, [database, "google-oauth2"]);
  });

  it("exports users as gzipped JSON lines", async () => {
    await createUser("jane@example.com");
    const fields = [{ name: "email" }, { name: "user_metadata.a", export_as: "a" }];
    const { id } = await sdk.jobs.usersExports.create({ format: "json", fields });
    const { location = "" } = await finishedJob(id);
    const answer = await undiciFetch(location, { dispatcher: agent });
    const text = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString("utf8");
    assert.equal(text, '{"email":"jane@example.com","a":1}\n');
  });

  it("imports users, replaces what upsert replaces, and tells whom it refused", async () => {
    const { user_id = "" } = await createUser("jane@example.com");
    const users = [
      { email: "jane@example.com", user_metadata: { c: 3 } },
      { email: "joe@example.com", email_verified: true },
      { email: "no email" },
    ];
    const file = new Blob([JSON.stringify(users)], { type: "application/json" });
    const { id } = await sdk.jobs.usersImports.create({
      users: { data: file, filename: "users.json" },
      connection_id: await connectionId(),
      upsert: true,
      send_completion_email: false,
      external_id: "batch-1",
    });
    const job = await finishedJob(id);
    assert.deepEqual(job.summary, { failed: 1, updated: 1, inserted: 1, total: 3 });
    const failures = (await sdk.jobs.errors.get(id)) as { user: object; errors: { code: string }[] }[];
    assert.deepEqual(
      failures.map(({ user, errors }) => [user, errors.map(({ code }) => code)]),
      [[{ email: "no email" }, ["INVALID_FORMAT"]]],
    );
    const jane = await sdk.users.get(user_id);
    assert.deepEqual([jane.user_metadata, jane.email_verified], [{ c: 3 }, false]);
  });

  it("reads and changes the tenant's settings, and reads the log", async () => {
    await sdk.tenants.settings.update({ friendly_name: "Example" });
    assert.equal((await sdk.tenants.settings.get()).friendly_name, "Example");
    const { data } = await sdk.logs.list({ per_page: 10 });
    assert.deepEqual(
      data.map(({ type, description }) => [type, description]),
      [["sapi", "PATCH /api/v2/tenants/settings"]],
    );
  });
});

/** The built-in fetch, as far as the SDK sees, with the local authority trusted. */
function trustingFetch(dispatcher: Agent): typeof fetch {
  const trusting = (url: string, init: { body?: unknown }) =>
    undiciFetch(url, { ...init, body: bodyOf(init.body), dispatcher });
  // The same thing from a package of its own, whose types differ from the built-in's.
  return trusting as unknown as typeof fetch;
}

/** Each has its own kind of form. */
function bodyOf(body: unknown): BodyInit {
  if (!(body instanceof FormData)) return body as BodyInit;
  const form = new UndiciFormData();
  for (const [name, value] of body) form.append(name, value);
  return form;
}
