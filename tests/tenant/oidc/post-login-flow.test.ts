import assert from "node:assert/strict";
import { createCookieJar, LoginError } from "../../../local/login/walk-login.ts";
import type { FlowResult } from "../../../sandbox/flow.ts";
import { setupTenant } from "../setup-tenant.ts";

const user = { user_id: "auth0|1", email: "one@example.com", picture: "https://example.com/root.png" };
const setPicture = "api.idToken.setCustomClaim('picture', 'https://example.com/set.png');";

/** An Action that shows what it is given. */
const showEvent = "api.idToken.setCustomClaim('https://example.com/event', event);";

describe("The post-login flow", () => {
  const setup = setupTenant();
  const setupUser = async (...bodies: string[]) => {
    const { application, bind, tenant } = setup();
    tenant.users.create(user);
    const ids = await bind(...bodies);
    return { ...setup(), app: await application(), ids };
  };
  const eventOf = (claims: Record<string, unknown>) =>
    claims["https://example.com/event"] as Record<string, Record<string, unknown>>;

  describe("ends the login with access_denied", () => {
    const endings: [string, string, string][] = [
      ["when an Action denies", "api.access.deny('not today')", "not today"],
      ["when an Action throws", "throw new Error('boom')", "boom"],
      [
        "when an Action uses what the tenant does not have",
        "api.multifactor.enable('any')",
        "not supported by the local tenant: api.multifactor.enable",
      ],
    ];
    for (const [name, body, description] of endings) {
      it(name, async () => {
        const { app } = await setupUser(body);
        await assert.rejects(app.login({ userId: user.user_id }), (error) => {
          assert.ok(error instanceof LoginError);
          assert.deepEqual([error.error, error.errorDescription], ["access_denied", description]);
          return true;
        });
      });
    }

    it("at a refresh too", async () => {
      const { api, app, ids } = await setupUser("");
      const { refreshToken } = await app.login({ userId: user.user_id, scope: "openid offline_access" });
      const code = "exports.onExecutePostLogin = async (event, api) => { api.access.deny('gone') };";
      await api("PATCH", `/actions/actions/${ids[0]!}`, { code });
      await api("GET", `/actions/actions/${ids[0]!}`);
      await api("POST", `/actions/actions/${ids[0]!}/deploy`);
      await assert.rejects(app.refresh(refreshToken!), { error: "access_denied", error_description: "gone" });
    });
  });

  it("tells Actions the names of the user's roles, and the log who logged in where", async () => {
    const { api, app } = await setupUser(showEvent);
    const { body: role } = await api("POST", "/roles", { name: "Curator" });
    await api("POST", `/users/${encodeURIComponent(user.user_id)}/roles`, { roles: [role.id] });
    const { idTokenClaims } = await app.login({ userId: user.user_id });
    assert.deepEqual(eventOf(idTokenClaims)["authorization"], { roles: ["Curator"] });
    const { logs } = (await api("GET", "/logs?include_totals=true")).body;
    const { type, user_id, client_id } = logs[0]!;
    assert.deepEqual([type, user_id, client_id], ["s", user.user_id, app.clientId]);
  });

  it("runs what is deployed, not the draft", async () => {
    const { api, app, ids } = await setupUser(setPicture);
    await api("PATCH", `/actions/actions/${ids[0]!}`, { code: "throw new Error('the draft')" });
    const { idTokenClaims } = await app.login({ userId: user.user_id });
    assert.equal(idTokenClaims["picture"], "https://example.com/set.png");
  });

  it("runs what is bound, in that order: the last claim wins, in the ID token and at /userinfo", async () => {
    const { api, app, ids } = await setupUser(
      setPicture,
      "api.idToken.setCustomClaim('picture', 'https://example.com/last.png')",
    );
    const tokens = await app.login({ userId: user.user_id });
    assert.equal(tokens.idTokenClaims["picture"], "https://example.com/last.png");
    assert.equal((await app.userinfo(tokens))["picture"], "https://example.com/last.png");
    const bindings = [
      { ref: { type: "action_id", value: ids[1] } },
      { ref: { type: "action_id", value: ids[0] } },
    ];
    await api("PATCH", "/actions/triggers/post-login/bindings", { bindings });
    const swapped = await app.login({ userId: user.user_id });
    assert.equal(swapped.idTokenClaims["picture"], "https://example.com/set.png");
    await api("PATCH", "/actions/triggers/post-login/bindings", { bindings: [] });
    const unbound = await app.login({ userId: user.user_id });
    assert.equal(unbound.idTokenClaims["picture"], user.picture);
  });

  it("leaves out claims whose names Auth0 keeps for itself, without an error", async () => {
    const { app } = await setupUser(
      "for (const name of ['sub', 'iss', 'aud', 'roles', 'ok']) api.idToken.setCustomClaim(name, 'x')",
    );
    const { idTokenClaims } = await app.login({ userId: user.user_id });
    assert.equal(idTokenClaims["sub"], user.user_id);
    assert.equal("roles" in idTokenClaims, false);
    assert.equal(idTokenClaims["ok"], "x");
  });

  it("shows the Action an event as Auth0 documents it", async () => {
    const { app, tenant } = await setupUser(showEvent);
    const { idTokenClaims } = await app.login({ userId: user.user_id, scope: "openid profile" });
    const event = eventOf(idTokenClaims);
    const { authentication, client, connection, request, stats, transaction } = event;
    assert.deepEqual(client, { client_id: app.clientId, name: "App", metadata: {} });
    assert.deepEqual(
      [connection!["name"], connection!["strategy"]],
      ["Username-Password-Authentication", "auth0"],
    );
    assert.deepEqual([request!["ip"], request!["method"]], ["127.0.0.1", "GET"]);
    assert.equal((request!["query"] as Record<string, unknown>)["client_id"], app.clientId);
    assert.deepEqual(stats, { logins_count: 1 });
    assert.deepEqual(
      [transaction!["protocol"], transaction!["requested_scopes"]],
      ["oidc-basic-profile", ["openid", "profile"]],
    );
    assert.equal((authentication!["methods"] as { name: string }[])[0]?.name, "pwd");
    const { created_at, updated_at, enrolledFactors, identities, ...root } = event["user"]!;
    assert.deepEqual(root, { ...user, user_metadata: {}, app_metadata: {} });
    assert.deepEqual(identities, tenant.users.get(user.user_id)?.identities);
    assert.deepEqual([typeof created_at, typeof updated_at, enrolledFactors], ["string", "string", []]);
    assert.equal("organization" in event, false);
  });

  it("shows both kinds of metadata of a user who has neither, at a login and at a refresh", async () => {
    const { app, tenant } = await setupUser(showEvent);
    const login = await app.login({ userId: user.user_id, scope: "openid offline_access" });
    const refreshed = await app.refresh(login.refreshToken!);
    for (const { idTokenClaims } of [login, refreshed]) {
      const { app_metadata, user_metadata } = eventOf(idTokenClaims)["user"]!;
      assert.deepEqual([app_metadata, user_metadata], [{}, {}]);
    }
    assert.equal(
      tenant.users.get(user.user_id)?.user_metadata,
      undefined,
      "the record itself stays as it was",
    );
  });

  it("runs at a refresh with the refresh's own transaction and without the token itself", async () => {
    const { app } = await setupUser(showEvent);
    const { refreshToken } = await app.login({ userId: user.user_id, scope: "openid offline_access" });
    const { idTokenClaims } = await app.refresh(refreshToken!);
    const { request, transaction } = eventOf(idTokenClaims);
    assert.deepEqual(transaction, { protocol: "oauth2-refresh-token", metadata: {} });
    const body = request!["body"] as object;
    assert.deepEqual(Object.keys(body).sort(), ["client_id", "grant_type"]);
  });

  it("sees at a refresh what has changed since the login", async () => {
    const { app, tenant } = await setupUser(
      "api.idToken.setCustomClaim('color', event.user.user_metadata?.color ?? 'none')",
    );
    const tokens = await app.login({ userId: user.user_id, scope: "openid offline_access" });
    tenant.users.get(user.user_id)!.user_metadata = { color: "red" };
    const refreshed = await app.refresh(tokens.refreshToken!);
    assert.deepEqual([tokens.idTokenClaims["color"], refreshed.idTokenClaims["color"]], ["none", "red"]);
    assert.equal((await app.userinfo(refreshed))["color"], "red");
  });

  it("runs at a login by session too, and only once for each", async () => {
    const { app, tenant } = await setupUser("");
    const cookies = createCookieJar();
    await app.login({ userId: user.user_id, cookies });
    await app.login({ userId: user.user_id, cookies, parameters: { prompt: "none" } });
    await app.login({ userId: user.user_id, cookies, parameters: { prompt: "login" } });
    assert.equal(tenant.users.get(user.user_id)?.logins_count, 3);
    // Seen and sent twice.
    assert.equal(tenant.requests.count({ pathPrefix: "/u/login" }), 4);
  });

  it("stores the metadata that Actions set, also of a denied login", async () => {
    const { app, tenant } = await setupUser(
      "api.user.setUserMetadata('seen', true); api.user.setAppMetadata('plan', 'x'); api.access.deny('no')",
    );
    await assert.rejects(app.login({ userId: user.user_id }));
    const { app_metadata, user_metadata } = tenant.users.get(user.user_id)!;
    assert.deepEqual([app_metadata, user_metadata], [{ plan: "x" }, { seen: true }]);
  });

  it("gives Actions the secrets that were deployed with them", async () => {
    const { api, app, ids } = await setupUser("");
    const code =
      "exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim('key', event.secrets.KEY) };";
    await api("PATCH", `/actions/actions/${ids[0]!}`, {
      code,
      secrets: [{ name: "KEY", value: "deployed" }],
    });
    await api("GET", `/actions/actions/${ids[0]!}`);
    await api("POST", `/actions/actions/${ids[0]!}/deploy`);
    await api("PATCH", `/actions/actions/${ids[0]!}`, { secrets: [{ name: "KEY", value: "draft" }] });
    assert.equal((await app.login({ userId: user.user_id })).idTokenClaims["key"], "deployed");
  });

  it("sets claims of JWT access tokens", async () => {
    const { api, app } = await setupUser("api.accessToken.setCustomClaim('plan', 'gold')");
    await api("POST", "/resource-servers", { identifier: "https://api.example/" });
    const parameters = { audience: "https://api.example/" };
    const { accessToken } = await app.login({ userId: user.user_id, parameters });
    const payload = JSON.parse(Buffer.from(accessToken.split(".")[1]!, "base64url").toString()) as {
      plan: string;
    };
    assert.equal(payload.plan, "gold");
  });

  it("gives two hundred people who log in at the same time each their own claim", async () => {
    const { app, tenant } = await setupUser(
      "api.idToken.setCustomClaim('picture', 'https://example.com/' + event.user.user_id)",
    );
    const ids = Array.from({ length: 200 }, (_, n) => `auth0|many${n}`);
    for (const user_id of ids) tenant.users.create({ user_id });
    const logins = await Promise.all(ids.map((userId) => app.login({ userId })));
    assert.deepEqual(
      logins.map(({ idTokenClaims }) => [idTokenClaims["sub"], idTokenClaims["picture"]]),
      ids.map((id) => [id, `https://example.com/${id}`]),
    );
  });

  describe("with a time limit", () => {
    const limited = setupTenant({ flowTimeLimitMs: 1000 });

    it("ends a login whose Actions take too long", async () => {
      const { application, bind, tenant } = limited();
      tenant.users.create(user);
      await bind("for (;;);");
      const app = await application();
      await assert.rejects(app.login({ userId: user.user_id }), { error: "access_denied" });
    });
  });

  describe("with onFlow", () => {
    const flows: FlowResult[] = [];
    const watched = setupTenant({ onFlow: (result) => flows.push(result) });

    it("tells what each flow did", async () => {
      const { application, bind, tenant } = watched();
      tenant.users.create(user);
      await bind(`console.log('hello'); ${setPicture}`);
      await (await application()).login({ userId: user.user_id });
      assert.deepEqual(
        flows.map(({ actions }) => actions[0]?.console),
        [["hello"]],
      );
      assert.deepEqual(flows[0]?.idTokenClaims, { picture: "https://example.com/set.png" });
    });
  });
});
