import assert from "node:assert/strict";
import { pollUntil } from "../../../lib/clock.ts";
import type { AnswerBody } from "../answer-body.ts";
import { setupTenant, type TestTenant } from "../setup-tenant.ts";

const boundary = "----part";

function importsAt(setup: () => TestTenant) {
  const databaseId = async (): Promise<string> => {
    const { body } = await setup().api("GET", "/connections?strategy=auth0&include_totals=true");
    return body.connections[0]!.id;
  };
  const send = async (file: string, fields: Record<string, string>) => {
    const { request, tokenWith } = setup();
    const parts = Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value));
    const body = [...parts, part(`name="users"; filename="users.json"`, file), `--${boundary}--\r\n`].join(
      "",
    );
    const headers = {
      authorization: `Bearer ${await tokenWith("create:users")}`,
      "content-type": `multipart/form-data; boundary=${boundary}`,
    };
    return request("POST", "/api/v2/jobs/users-imports", { headers, body });
  };
  const importUsers = async (users: unknown, fields: Record<string, string> = {}) =>
    send(JSON.stringify(users), { connection_id: await databaseId(), ...fields });
  return { databaseId, send, importUsers };
}

describe("/api/v2/jobs while imports are pending", () => {
  const { importUsers } = importsAt(setupTenant({ jobMs: 600_000 }));

  it("refuses a third import", async () => {
    assert.equal((await importUsers([])).status, 202);
    assert.equal((await importUsers([])).status, 202);
    const refused = await importUsers([]);
    assert.equal(refused.status, 429);
    assert.match(refused.body.message, /^There are 2 active import users jobs/);
  });
});

describe("/api/v2/jobs", () => {
  const setup = setupTenant();
  const { databaseId, send, importUsers } = importsAt(setup);
  const finished = async (id: string): Promise<AnswerBody> => {
    const job = async () => (await setup().api("GET", `/jobs/${id}`)).body;
    assert.ok(await pollUntil(async () => (await job()).status !== "pending", { withinMs: 45_000 }));
    return job();
  };

  it("refuses an import that is no array, lacks its connection or goes to a social one", async () => {
    const { api } = setup();
    assert.equal((await importUsers({})).status, 400);
    assert.equal((await send("[", { connection_id: await databaseId() })).status, 400);
    assert.equal((await send("[]", {})).status, 400);
    assert.equal((await api("POST", "/jobs/users-imports", {})).status, 400);
    const { body } = await api("GET", "/connections?name=google-oauth2&include_totals=true");
    assert.equal((await send("[]", { connection_id: body.connections[0]!.id })).status, 400);
  });

  it("refuses a file above 500 KB", async () => {
    const large = [{ email: "a@b.cd", name: "x".repeat(512_000) }];
    assert.equal((await importUsers(large)).status, 413);
  });

  it("tells why it refused a user, and 204 where it refused none", async () => {
    const { api, tenant } = setup();
    tenant.users.create({ user_id: "auth0|1", email: "jane@example.com", name: "Jane" });
    const { body } = await importUsers([
      { email: "jane@example.com" },
      { email: "x@example.com", colour: "red" },
      { email: "y@example.com", email_verified: "yes", password_hash: "secret" },
      { name: "Nobody" },
    ]);
    assert.deepEqual((await finished(body.id)).summary, { failed: 4, updated: 0, inserted: 0, total: 4 });
    const errors = (await api("GET", `/jobs/${body.id}/errors`)).body as unknown as Failure[];
    assert.deepEqual(
      errors.map((failure) => failure.errors[0]?.code),
      ["DUPLICATED_USER", "OBJECT_ADDITIONAL_PROPERTIES", "INVALID_TYPE", "OBJECT_MISSING_REQUIRED_PROPERTY"],
    );
    assert.equal("password_hash" in errors[2]!.user, false);
    const empty = await importUsers([]);
    await finished(empty.body.id);
    assert.equal((await api("GET", `/jobs/${empty.body.id}/errors`)).status, 204);
    assert.equal((await api("GET", "/jobs/none")).status, 404);
  });

  it("refuses a linked identity whatever is asked for, and keeps the identities of a user that it updates", async () => {
    const { api, tenant } = setup();
    const linked = { provider: "auth0", user_id: "1", profileData: { email: "linked@example.com" } };
    const google = { provider: "google-oauth2", user_id: "2" };
    tenant.users.create({ user_id: "google-oauth2|2", name: "Goo", identities: [google, linked] });
    const identities = [
      { provider: "auth0", user_id: "3" },
      { provider: "github", user_id: "3" },
    ];
    tenant.users.create({ user_id: "auth0|3", email: "three@example.com", identities });
    const before = tenant.users.get("auth0|3")?.identities;
    const users = [
      { user_id: "1", email: "other@example.com" },
      { email: "LINKED@example.com" },
      { user_id: "3", email: "three@example.com", name: "Three" },
    ];
    const { body } = await importUsers(users, { upsert: "true" });
    assert.deepEqual((await finished(body.id)).summary, { failed: 2, updated: 1, inserted: 0, total: 3 });
    const errors = (await api("GET", `/jobs/${body.id}/errors`)).body as unknown as Failure[];
    assert.deepEqual(
      errors.map((failure) => failure.errors[0]?.code),
      ["DUPLICATED_USER", "DUPLICATED_USER"],
    );
    assert.equal(tenant.users.get("google-oauth2|2")?.name, "Goo");
    assert.equal(tenant.users.get("auth0|1"), undefined);
    const { identities: after, name } = tenant.users.get("auth0|3")!;
    assert.deepEqual([after, name], [before, "Three"]);
  });

  it("updates with upsert: metadata replaced, the email no longer verified, and creates who is gone", async () => {
    const { tenant } = setup();
    const user_metadata = { a: 1 };
    tenant.users.create({
      user_id: "auth0|1",
      email: "jane@example.com",
      email_verified: true,
      user_metadata,
    });
    const users = [
      { user_id: "1", email: "jane@example.com", user_metadata: { b: 2 } },
      { user_id: "2", email: "joe@example.com", email_verified: true },
    ];
    const { body, status } = await importUsers(users, { upsert: "true", external_id: "batch" });
    assert.equal(status, 202);
    assert.deepEqual([body.type, body.status], ["users_import", "pending"]);
    assert.equal(tenant.users.get("auth0|2"), undefined);
    assert.deepEqual((await finished(body.id)).summary, { failed: 0, updated: 1, inserted: 1, total: 2 });
    const jane = tenant.users.get("auth0|1");
    assert.deepEqual([jane?.user_metadata, jane?.email_verified], [{ b: 2 }, false]);
    assert.equal(tenant.users.get("auth0|2")?.email_verified, true);
  });

  it("leaves with upsert the metadata that a line does not have, and replaces what it has as a whole", async () => {
    const { tenant } = setup();
    const both = { user_metadata: { a: 1, b: 2 }, app_metadata: { plan: "pro", blocked: true } };
    for (const id of ["1", "2", "3"])
      tenant.users.create({ user_id: `auth0|${id}`, email: `${id}@a.bc`, ...both });
    const users = [
      { user_id: "1", email: "1@a.bc", user_metadata: { a: 2 } },
      { user_id: "2", email: "2@a.bc", app_metadata: { plan: "free" } },
      { user_id: "3", email: "3@a.bc" },
    ];
    await finished((await importUsers(users, { upsert: "true" })).body.id);
    const metadata = ["1", "2", "3"].map((id) => {
      const { user_metadata, app_metadata } = tenant.users.get(`auth0|${id}`)!;
      return { user_metadata, app_metadata };
    });
    assert.deepEqual(metadata, [
      { ...both, user_metadata: { a: 2 } },
      { ...both, app_metadata: { plan: "free" } },
      both,
    ]);
  });

  it("makes up a picture of Gravatar's other host for a user whom it creates", async () => {
    const { tenant } = setup();
    const { body } = await importUsers([{ email: "joe@example.com", name: "Joe Doe" }]);
    await finished(body.id);
    const joe = tenant.users.list().find(({ email }) => email === "joe@example.com");
    assert.match(
      joe?.picture ?? "",
      /^https:\/\/secure\.gravatar\.com\/avatar\/[0-9a-f]{32}\?.*avatars%2Fjd\.png$/,
    );
  });

  it("exports the users of one connection, each a line, or as CSV", async () => {
    const { api, request, tenant } = setup();
    tenant.users.create({ user_id: "auth0|1", name: 'The "first"', picture: "https://example.com/a.png" });
    tenant.users.create({ user_id: "google-oauth2|1" });
    const fields = [
      { name: "user_id" },
      { name: "name" },
      { name: "identities[0].provider", export_as: "from" },
    ];
    const file = async (input: object): Promise<string> => {
      const { body } = await api("POST", "/jobs/users-exports", { fields, ...input });
      const { location } = await finished(body.id);
      const path = new URL(location).pathname;
      assert.equal((await request("GET", path)).status, 200);
      return path;
    };
    assert.match(
      await file({ connection_id: await databaseId(), format: "json" }),
      /^\/exports\/job_\w+\.json\.gz$/,
    );
    assert.match(await file({ format: "csv" }), /\.csv\.gz$/);
    assert.equal((await api("POST", "/jobs/users-exports", { connection_id: "none" })).status, 400);
    assert.equal((await api("POST", "/jobs/users-exports", { format: "xml" })).status, 400);
    assert.equal((await request("GET", "/exports/none.json.gz")).status, 404);
  });
});

interface Failure {
  user: object;
  errors: { code: string }[];
}

function part(name: string, content: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; ${name}\r\n\r\n${content}\r\n`;
}
