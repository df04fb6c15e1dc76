import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

const database = "Username-Password-Authentication";
const main = {
  user_id: "auth0|main",
  email: "main@example.com",
  name: "Main",
  picture: "https://example.com/main.png",
  password: "A-long-one-1",
  user_metadata: { a: 1 },
};
const profileData = {
  email: "second@example.com",
  name: "Second",
  picture: "https://example.com/second.png",
};
const second = {
  ...profileData,
  user_id: "google-oauth2|2",
  user_metadata: { b: 2 },
  app_metadata: { c: 3 },
  blocked: false,
};
const own = { user_id: "main", connection: database, provider: "auth0", isSocial: false };
const linked = { user_id: "2", connection: "google-oauth2", provider: "google-oauth2", isSocial: true };

describe("/api/v2/users/{id}/identities", () => {
  const setup = setupTenant();
  const path = (id: string): string => `/users/${encodeURIComponent(id)}/identities`;
  const link = (body: unknown, id = main.user_id) => setup().api("POST", path(id), body);
  const unlink = (provider: string, userId: string) =>
    setup().api("DELETE", `${path(main.user_id)}/${provider}/${encodeURIComponent(userId)}`);
  const identitiesOf = (id: string) => setup().tenant.users.get(id)?.identities;

  beforeEach(() => {
    const { tenant } = setup();
    tenant.users.create(main);
    tenant.users.create(second);
  });

  describe("refuses to link", () => {
    const bodies: [string, unknown, number][] = [
      ["nothing", {}, 400],
      ["no body", undefined, 400],
      ["a provider without a user", { provider: "google-oauth2" }, 400],
      ["a user without a provider", { user_id: "2" }, 400],
      ["a user id of another type", { provider: "google-oauth2", user_id: ["2"] }, 400],
      ["an unknown field", { provider: "google-oauth2", user_id: "2", colour: "red" }, 400],
      ["a user who does not exist", { provider: "google-oauth2", user_id: "3" }, 400],
      ["a user to itself", { provider: "auth0", user_id: "main" }, 400],
      [
        "a user of another connection than it says",
        { provider: "google-oauth2", user_id: "2", connection_id: "con_0123456789abcdef" },
        400,
      ],
      ["by a token, which it does not have", { link_with: "e30.e30.e30" }, 501],
    ];
    for (const [what, body, status] of bodies) {
      it(what, async () => {
        assert.equal((await link(body)).status, status);
        assert.deepEqual(identitiesOf(main.user_id), [own]);
        assert.deepEqual(identitiesOf(second.user_id), [linked]);
      });
    }

    it("to a user who does not exist", async () => {
      const { body, status } = await link({ provider: "google-oauth2", user_id: "2" }, "auth0|none");
      assert.deepEqual([status, body.errorCode], [404, "inexistent_user"]);
    });

    it("an identity that is linked already, to the same user or to another", async () => {
      setup().tenant.users.create({ user_id: "auth0|third" });
      await link({ provider: "google-oauth2", user_id: "2" });
      for (const id of [main.user_id, "auth0|third"]) {
        assert.equal((await link({ provider: "google-oauth2", user_id: "2" }, id)).status, 409);
      }
    });

    it("without the scope update:users", async () => {
      const { request, tokenWith } = setup();
      const headers = { authorization: `Bearer ${await tokenWith("update:users_app_metadata")}` };
      const body = { provider: "google-oauth2", user_id: "2" };
      const linking = await request("POST", `/api/v2${path(main.user_id)}`, { headers, body });
      const unlinking = await request("DELETE", `/api/v2${path(main.user_id)}/auth0/main`, { headers });
      assert.deepEqual([linking.status, unlinking.status], [403, 403]);
    });
  });

  describe("refuses to unlink", () => {
    it("the primary identity, and one that the user does not have", async () => {
      assert.equal((await unlink("auth0", "main")).status, 400);
      assert.equal((await unlink("google-oauth2", "2")).status, 400);
      assert.deepEqual(identitiesOf(main.user_id), [own]);
    });

    it("from a user who does not exist", async () => {
      const { status } = await setup().api("DELETE", `${path("auth0|none")}/auth0/main`);
      assert.equal(status, 404);
    });
  });

  it("links: the identity goes behind the primary one with its profile, and the user of its own is gone", async () => {
    const { tenant } = setup();
    const { body, status } = await link({ provider: "google-oauth2", user_id: "2" });
    assert.equal(status, 201);
    assert.deepEqual(body, [own, { ...linked, profileData }]);
    const { created_at, updated_at, identities, ...root } = tenant.users.get(main.user_id)!;
    assert.deepEqual(identities, body);
    const { password, ...unchanged } = main;
    assert.deepEqual(root, unchanged);
    assert.equal(tenant.users.get(second.user_id), undefined);
  });

  it("takes an id with its provider, and the connection's id", async () => {
    const { body } = await setup().api("GET", "/connections?name=google-oauth2&include_totals=true");
    const connection_id = body.connections[0]!.id;
    const { status } = await link({ provider: "google-oauth2", user_id: second.user_id, connection_id });
    assert.equal(status, 201);
  });

  it("moves along what was linked to the secondary user", async () => {
    setup().tenant.users.create({ user_id: "github|7" });
    await link({ provider: "github", user_id: 7 }, second.user_id);
    await link({ provider: "google-oauth2", user_id: "2" });
    assert.deepEqual(
      identitiesOf(main.user_id)?.map(({ provider }) => provider),
      ["auth0", "google-oauth2", "github"],
    );
  });

  it("unlinks: the identity is a user of its own again, without metadata", async () => {
    const { tenant } = setup();
    await link({ provider: "google-oauth2", user_id: "2" });
    const { body, status } = await unlink("google-oauth2", "2");
    assert.deepEqual([status, body], [200, [own]]);
    assert.deepEqual(identitiesOf(main.user_id), [own]);
    const { created_at, updated_at, ...root } = tenant.users.get(second.user_id)!;
    assert.deepEqual(root, { ...profileData, user_id: second.user_id, identities: [linked] });
  });

  it("takes the password along with the database identity, both ways", async () => {
    const { application } = setup();
    const app = await application();
    const person = { username: main.email, password: main.password };
    await link({ provider: "auth0", user_id: "main" }, second.user_id);
    assert.equal((await app.login(person)).idTokenClaims["sub"], second.user_id);
    await setup().api("DELETE", `${path(second.user_id)}/auth0/main`);
    assert.equal((await app.login(person)).idTokenClaims["sub"], main.user_id);
  });

  it("keeps the id and the email of a linked database identity taken", async () => {
    const { api } = setup();
    await link({ provider: "auth0", user_id: "main" }, second.user_id);
    const body = { connection: database, password: "A-long-one-1" };
    const byEmail = await api("POST", "/users", { ...body, email: "MAIN@example.com" });
    const byId = await api("POST", "/users", { ...body, email: "other@example.com", user_id: "main" });
    assert.deepEqual([byEmail.status, byId.status], [409, 409]);
  });

  it("is gone with the user: the linked identity can be created anew", async () => {
    const { api } = setup();
    await link({ provider: "auth0", user_id: "main" }, second.user_id);
    await api("DELETE", `/users/${encodeURIComponent(second.user_id)}`);
    const { password, email } = main;
    const created = await api("POST", "/users", { connection: database, password, email, user_id: "main" });
    assert.equal(created.status, 201);
  });
});
