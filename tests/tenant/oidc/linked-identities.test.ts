import assert from "node:assert/strict";
import type { LoginTokens } from "../../../local/login/login.ts";
import { createCookieJar } from "../../../local/login/walk-login.ts";
import { setupTenant } from "../setup-tenant.ts";

const database = "Username-Password-Authentication";
const google = "google-oauth2|7";
const jane = {
  user_id: "auth0|jane",
  name: "Jane",
  email: "jane@example.com",
  picture: "https://example.com/jane.png",
  password: "right",
  identities: [
    { provider: "auth0", user_id: "jane" },
    {
      provider: "google-oauth2",
      user_id: "7",
      profileData: { name: "Jane G", email: "jane@gmail.example", picture: "https://example.com/google.png" },
    },
  ],
};

/** What the flow saw, put into claims. */
interface Seen {
  readonly user: Record<string, unknown>;
  readonly connection: { readonly id: string; readonly name: string; readonly strategy: string };
  readonly authentication?: { readonly methods: readonly { readonly name: string }[] };
}

describe("A login by a linked identity", () => {
  const setup = setupTenant();
  const setupJane = async () => {
    const { application, bind, tenant } = setup();
    tenant.users.create(jane);
    await bind("api.idToken.setCustomClaim('seen', event);");
    return { ...setup(), app: await application() };
  };
  const seenBy = ({ idTokenClaims }: LoginTokens) => idTokenClaims["seen"] as Seen;
  const strategyOf = (tokens: LoginTokens) => seenBy(tokens).connection.strategy;
  const connectionOf = async (name: string) => {
    const { body } = await setup().api("GET", `/connections?name=${name}&include_totals=true`);
    return body.connections[0]!;
  };

  describe("is refused", () => {
    it("by an identity that nobody has, or that another user has", async () => {
      const { app, tenant } = await setupJane();
      tenant.users.create({ user_id: "github|9", name: "Nine" });
      for (const identity of ["google-oauth2|8", "github|9"]) {
        await assert.rejects(app.login({ userId: jane.user_id, identity }), { code: "no-such-user" });
      }
      await assert.rejects(app.login({ userId: google }), { code: "no-such-user" });
    });

    it("where the application asks for another connection", async () => {
      const { app } = await setupJane();
      const parameters = { connection: database };
      const wrong = app.login({ userId: jane.user_id, identity: google, parameters });
      await assert.rejects(wrong, { code: "no-such-user" });
    });

    it("with the password of an identity that is no database's, or the email of another one", async () => {
      const { app, tenant } = await setupJane();
      tenant.users.create({
        ...jane,
        user_id: "github|1",
        identities: [{ provider: "github", user_id: "1" }],
      });
      const ofGoogle = { username: "jane@gmail.example", password: jane.password };
      await assert.rejects(app.login(ofGoogle), { code: "wrong-password" });
      tenant.users.delete(jane.user_id);
      const ofGithub = { username: jane.email, password: jane.password };
      await assert.rejects(app.login(ofGithub), { code: "wrong-password" });
    });

    it("to a blocked user", async () => {
      const { app, tenant } = await setupJane();
      tenant.users.get(jane.user_id)!.blocked = true;
      const login = app.login({ userId: jane.user_id, identity: google });
      await assert.rejects(login, { error: "unauthorized" });
    });
  });

  it("has that identity's connection and method; sub, claims and event.user stay the primary one's", async () => {
    const { app, tenant } = await setupJane();
    const byGoogle = await app.login({ userId: jane.user_id, identity: google });
    const { authentication, connection, user } = seenBy(byGoogle);
    const { id } = await connectionOf("google-oauth2");
    assert.deepEqual(connection, { id, name: "google-oauth2", strategy: "google-oauth2", metadata: {} });
    assert.deepEqual(
      authentication?.methods.map(({ name }) => name),
      ["federated"],
    );
    const { sub, name, email, picture } = byGoogle.idTokenClaims;
    assert.deepEqual([sub, name, email, picture], [jane.user_id, jane.name, jane.email, jane.picture]);
    assert.equal("amr" in byGoogle.idTokenClaims, false);
    assert.deepEqual([user["user_id"], user["picture"]], [jane.user_id, jane.picture]);
    assert.deepEqual(user["identities"], tenant.users.get(jane.user_id)?.identities);
    assert.deepEqual(
      (user["identities"] as { provider: string }[]).map(({ provider }) => provider),
      ["auth0", "google-oauth2"],
    );
  });

  it("is by the primary identity where none is named, and by a password of the database", async () => {
    const { app } = await setupJane();
    const logins = [
      await app.login({ userId: jane.user_id }),
      await app.login({ username: jane.email, password: jane.password }),
    ];
    for (const tokens of logins) {
      assert.equal(seenBy(tokens).connection.name, database);
      assert.equal(seenBy(tokens).authentication?.methods[0]?.name, "pwd");
    }
  });

  it("takes the password of a database identity that is linked", async () => {
    const { app, tenant } = await setupJane();
    tenant.users.create({
      user_id: "github|1",
      email: "root@example.com",
      password: "other",
      identities: [
        { provider: "github", user_id: "1" },
        { provider: "auth0", user_id: "1", profileData: { email: "db@example.com" } },
      ],
    });
    const tokens = await app.login({ username: "DB@example.com", password: "other" });
    assert.equal(tokens.idTokenClaims["sub"], "github|1");
    assert.equal(strategyOf(tokens), "auth0");
  });

  it("is what the connection parameter leaves", async () => {
    const { app } = await setupJane();
    const parameters = { connection: "google-oauth2" };
    assert.equal(strategyOf(await app.login({ userId: jane.user_id, parameters })), "google-oauth2");
  });

  it("stays the session's identity at silent logins, until another one logs in", async () => {
    const { app } = await setupJane();
    const cookies = createCookieJar();
    const logIn = (identity: string, prompt?: string) =>
      app.login({
        userId: jane.user_id,
        identity,
        cookies,
        ...(prompt === undefined ? {} : { parameters: { prompt } }),
      });
    await logIn(google);
    const silent = await logIn(jane.user_id, "none");
    const reused = await logIn(jane.user_id);
    assert.deepEqual([silent, reused].map(strategyOf), ["google-oauth2", "google-oauth2"]);
    assert.equal(strategyOf(await logIn(jane.user_id, "login")), "auth0");
    assert.equal(strategyOf(await logIn(google, "none")), "auth0");
  });

  for (const rotation_type of ["non-rotating", "rotating"]) {
    it(`stays each refresh token's own identity, ${rotation_type}`, async () => {
      const { application } = await setupJane();
      const app = await application({ refresh_token: { rotation_type } });
      const cookies = createCookieJar();
      const scope = "openid profile offline_access";
      const byGoogle = await app.login({ userId: jane.user_id, identity: google, scope, cookies });
      const parameters = { prompt: "login" };
      const byDatabase = await app.login({ userId: jane.user_id, scope, cookies, parameters });
      const first = await app.refresh(byGoogle.refreshToken!);
      const second = await app.refresh(first.refreshToken ?? byGoogle.refreshToken!);
      assert.deepEqual([first, second].map(strategyOf), ["google-oauth2", "google-oauth2"]);
      assert.equal(second.idTokenClaims["sub"], jane.user_id);
      assert.equal(strategyOf(await app.refresh(byDatabase.refreshToken!)), "auth0");
    });
  }

  it("is by the primary identity once the one of the login is unlinked", async () => {
    const { api, app } = await setupJane();
    const scope = "openid offline_access";
    const { refreshToken } = await app.login({ userId: jane.user_id, identity: google, scope });
    await api("DELETE", `/users/${encodeURIComponent(jane.user_id)}/identities/google-oauth2/7`);
    assert.equal(strategyOf(await app.refresh(refreshToken!)), "auth0");
  });

  it("still says the name of a connection that was deleted", async () => {
    const { api, app } = await setupJane();
    await api("DELETE", `/connections/${(await connectionOf("google-oauth2")).id}`);
    const { connection } = seenBy(await app.login({ userId: jane.user_id, identity: google }));
    assert.deepEqual(connection, { name: "google-oauth2", strategy: "google-oauth2", metadata: {} });
  });

  it("works for users whom the Management API linked", async () => {
    const { api, app, tenant } = await setupJane();
    tenant.users.create({ user_id: "github|9", name: "Nine" });
    const path = `/users/${encodeURIComponent(jane.user_id)}/identities`;
    await api("POST", path, { provider: "github", user_id: "9" });
    const tokens = await app.login({ userId: jane.user_id, identity: "github|9" });
    assert.equal(strategyOf(tokens), "github");
    assert.equal(tokens.idTokenClaims["name"], jane.name);
  });

  it("counts in the one record that there is", async () => {
    const { app, tenant } = await setupJane();
    await app.login({ userId: jane.user_id });
    await app.login({ userId: jane.user_id, identity: google });
    assert.equal(tenant.users.get(jane.user_id)?.logins_count, 2);
  });

  it("is not to be had for a seeded user whose first identity is not their own", () => {
    const identities = [{ provider: "google-oauth2", user_id: "7" }];
    assert.throws(() => setup().tenant.users.create({ ...jane, identities }), /first identity/);
  });
});
