import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

const database = "Username-Password-Authentication";

describe("/api/v2/users", () => {
  const setup = setupTenant();
  const createUser = (fields: object = {}) =>
    setup().api("POST", "/users", {
      connection: database,
      email: "jane@example.com",
      password: "A-long-one-1",
      ...fields,
    });
  const userPath = (id: string): string => `/users/${encodeURIComponent(id)}`;

  it("makes the placeholder's initials of the name, and of the email without one", async () => {
    const create = async (fields: object) => {
      const body = { connection: "Username-Password-Authentication", password: "A-long-one-1", ...fields };
      return (await setup().api("POST", "/users", body)).body as unknown as { picture: string };
    };
    const named = await create({ email: "a@example.com", name: "Jane van Doe" });
    assert.match(named.picture, /avatars%2Fjd\.png$/);
    assert.match((await create({ email: "xy@example.com" })).picture, /avatars%2Fxy\.png$/);
  });

  it("refuses a weak password, a user name where none is asked, and an email with a password", async () => {
    const { api } = setup();
    await api("POST", "/connections", { name: "plain", strategy: "auth0" });
    const body = { connection: "plain", email: "plain@example.com", password: "A-long-one-1" };
    const weak = await api("POST", "/users", { ...body, password: "short" });
    assert.deepEqual([weak.status, weak.body.message], [400, "PasswordStrengthError: Password is too weak"]);
    assert.equal((await api("POST", "/users", { ...body, username: "plain" })).status, 400);
    const id = encodeURIComponent((await api("POST", "/users", body)).body.user_id);
    const both = { email: "other@example.com", password: "Another-long-1" };
    assert.equal((await api("PATCH", `/users/${id}`, both)).status, 400);
    assert.equal((await api("PATCH", `/users/${id}`, { nickname: null })).status, 200);
  });

  describe("refuses", () => {
    const bodies: [string, object][] = [
      ["a connection that does not exist", { connection: "none" }],
      ["a social connection", { connection: "google-oauth2" }],
      ["a picture that is no URL", { picture: "no url" }],
      ["an email that is none", { email: "jane" }],
      ["an unknown field", { colour: "red" }],
    ];
    for (const [name, fields] of bodies) {
      it(`${name} at creation`, async () => {
        assert.equal((await createUser(fields)).status, 400);
      });
    }

    it("an email or an id that is taken", async () => {
      await createUser({ user_id: "one" });
      assert.equal((await createUser({ email: "JANE@example.com" })).status, 409);
      assert.equal((await createUser({ email: "other@example.com", user_id: "one" })).status, 409);
    });

    it("a new email that another user of the connection has", async () => {
      await createUser();
      const { body } = await createUser({ email: "other@example.com" });
      const refused = await setup().api("PATCH", userPath(body.user_id), { email: "JANE@example.com" });
      assert.equal(refused.status, 400);
      assert.equal(
        (await setup().api("PATCH", userPath(body.user_id), { email: "third@example.com" })).status,
        200,
      );
    });

    it("all but app_metadata where the token may change only that", async () => {
      const { request, tokenWith } = setup();
      const { body } = await createUser();
      const headers = { authorization: `Bearer ${await tokenWith("update:users_app_metadata")}` };
      const statusOf = async (changes: object) =>
        (await request("PATCH", `/api/v2${userPath(body.user_id)}`, { headers, body: changes })).status;
      assert.equal(await statusOf({ user_metadata: { picture: null } }), 403);
      assert.equal(await statusOf({ app_metadata: {}, name: "Jane" }), 403);
      assert.equal(await statusOf({ app_metadata: { a: 1 } }), 200);
    });

    it("an id that does not exist", async () => {
      const { body, status } = await setup().api("GET", "/users/auth0%7Cnone");
      assert.equal(status, 404);
      assert.equal(body.errorCode, "inexistent_user");
      assert.equal(body.message, "The user does not exist.");
    });

    it("an empty picture", async () => {
      const { body } = await createUser();
      assert.equal((await setup().api("PATCH", userPath(body.user_id), { picture: "" })).status, 400);
    });

    it("the picture of a social user while the connection syncs at each login", async () => {
      const { api, tenant } = setup();
      tenant.users.create({ user_id: "google-oauth2|1", picture: "https://example.com/a.png" });
      const path = userPath("google-oauth2|1");
      const refused = await api("PATCH", path, { picture: "https://example.com/b.png" });
      assert.equal(refused.status, 400);
      assert.equal(refused.body.errorCode, "operation_not_supported");
      const { body } = await api("GET", "/connections?name=google-oauth2&include_totals=true");
      const options = { set_user_root_attributes: "on_first_login" };
      await api("PATCH", `/connections/${body.connections[0]!.id}`, { options });
      const changed = await api("PATCH", path, { picture: "https://example.com/b.png" });
      assert.equal(changed.body.picture, "https://example.com/b.png");
    });
  });

  it("creates a user with Auth0's defaults and without the password", async () => {
    const { body, status } = await createUser();
    assert.equal(status, 201);
    assert.match(body.user_id, /^auth0\|[0-9a-f]{24}$/);
    assert.match(body.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const { created_at, updated_at, user_id, ...rest } = body as unknown as Record<string, unknown>;
    assert.equal(created_at, updated_at);
    assert.deepEqual(rest, {
      email: "jane@example.com",
      email_verified: false,
      name: "jane@example.com",
      nickname: "jane",
      picture:
        "https://s.gravatar.com/avatar/9e26471d35a78862c17e467d87cddedf?s=480&r=pg&d=" +
        "https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fja.png",
      identities: [
        { user_id: String(user_id).slice(6), connection: database, provider: "auth0", isSocial: false },
      ],
    });
  });

  it("refuses to remove a database user's picture where that fault is wanted", async () => {
    const { api, tenant } = setup();
    const { body } = await createUser();
    tenant.faults.set([{ kind: "kept-root-picture" }]);
    const refused = await api("PATCH", userPath(body.user_id), { picture: null, given_name: "Jane" });
    assert.equal(refused.status, 400);
    const { given_name, picture } = tenant.users.get(body.user_id)!;
    assert.deepEqual([given_name, picture], [undefined, body.picture]);
    const replaced = await api("PATCH", userPath(body.user_id), { picture: "https://example.com/b.png" });
    assert.equal(replaced.status, 200);
  });

  it("removes the picture with null, and a user who is seeded without one has none", async () => {
    const { api, tenant } = setup();
    const { body } = await createUser();
    const changed = await api("PATCH", userPath(body.user_id), { picture: null });
    assert.equal("picture" in changed.body, false);
    tenant.users.create({ user_id: "facebook|1", name: "Bo" });
    const seeded = await api("GET", userPath("facebook|1"));
    assert.deepEqual(Object.keys(seeded.body).sort(), [
      "created_at",
      "identities",
      "name",
      "updated_at",
      "user_id",
    ]);
  });

  it("merges metadata at its first level, removes with null, and wipes with {}", async () => {
    const { api } = setup();
    const user_metadata = { a: { b: 1, c: 2 }, d: 3 };
    const { body } = await createUser({ user_metadata, app_metadata: { x: 1 } });
    const patch = async (change: object) => (await api("PATCH", userPath(body.user_id), change)).body;
    const merged = await patch({ user_metadata: { a: { e: 4 }, d: null }, app_metadata: { y: 2 } });
    assert.deepEqual(merged.user_metadata, { a: { e: 4 } });
    assert.deepEqual(merged.app_metadata, { x: 1, y: 2 });
    const wiped = await patch({ user_metadata: {}, app_metadata: {} });
    assert.deepEqual(wiped.user_metadata, {});
    assert.equal("app_metadata" in wiped, false);
  });

  it("deletes, and deletes again without complaint", async () => {
    const { api } = setup();
    const { body } = await createUser();
    for (const expected of [204, 204]) {
      assert.equal((await api("DELETE", userPath(body.user_id))).status, expected);
    }
    assert.equal((await api("GET", userPath(body.user_id))).status, 404);
  });

  it("searches by q with totals, pages, and finds by email", async () => {
    const { api, tenant } = setup();
    for (let n = 0; n < 3; n += 1) tenant.users.create({ user_id: `auth0|${n}`, email: `u${n}@example.com` });
    const found = (await api("GET", "/users?q=email:%22u1@example.com%22&per_page=50&include_totals=true"))
      .body;
    assert.deepEqual(
      found.users.map(({ user_id }) => user_id),
      ["auth0|1"],
    );
    assert.deepEqual({ ...found, users: 0 }, { start: 0, limit: 50, length: 1, users: 0, total: 1 });
    const page = (await api("GET", "/users?page=1&per_page=2&fields=user_id")).body;
    assert.deepEqual(page, [{ user_id: "auth0|2" }]);
    const byEmail = (await api("GET", "/users-by-email?email=U2%40example.com&fields=user_id")).body;
    assert.deepEqual(byEmail, [{ user_id: "auth0|2" }]);
  });

  it("gives no more than the first thousand results, and no page above a hundred", async () => {
    const { api } = setup();
    assert.equal((await api("GET", "/users?page=9&per_page=100")).status, 200);
    const refused = await api("GET", "/users?page=10&per_page=100");
    assert.equal(refused.status, 400);
    assert.equal(refused.body.errorCode, "invalid_paging");
    assert.equal((await api("GET", "/users?per_page=101")).status, 400);
  });

  it("refuses to sort by metadata, and by what is no order", async () => {
    const { api } = setup();
    for (const sort of ["user_metadata.picture:1", "updated_at", "updated_at:2"]) {
      assert.equal((await api("GET", `/users?sort=${sort}`)).status, 400, sort);
    }
  });

  describe("sorted by the time of change", () => {
    const newest = async (more = "") => {
      const { body } = await setup().api("GET", `/users?fields=user_id&sort=updated_at:-1${more}`);
      return (body as unknown as { user_id: string }[]).map(({ user_id }) => user_id);
    };
    const times = ["2026-03-01", "2026-01-01", "2026-02-01", "2026-02-01"];

    beforeEach(() => {
      for (const [n, day] of times.entries()) {
        setup().tenant.users.create({
          user_id: `auth0|${n}`,
          updated_at: `${day}T00:00:00.000Z`,
          user_metadata: n === 2 ? {} : { picture: "https://img.acme.com/own.png" },
        });
      }
    });

    it("gives the latest first, those of one time by their id, and pages", async () => {
      assert.deepEqual(await newest(), ["auth0|0", "auth0|2", "auth0|3", "auth0|1"]);
      assert.deepEqual(await newest("&per_page=2&page=1"), ["auth0|3", "auth0|1"]);
      const { body } = await setup().api("GET", "/users?fields=user_id&sort=updated_at:1");
      assert.deepEqual(
        body,
        [1, 2, 3, 0].map((n) => ({ user_id: `auth0|${n}` })),
      );
    });

    it("finds the own pictures of a window of time", async () => {
      const q =
        "_exists_:user_metadata.picture AND updated_at:{2026-01-01T00:00:00.000Z TO 2026-03-01T00:00:00.000Z]";
      assert.deepEqual(await newest(`&q=${encodeURIComponent(q)}`), ["auth0|0", "auth0|3"]);
    });

    it("sees at once who was changed, deleted and made, by whatever way", async () => {
      const { api, tenant } = setup();
      await newest();
      await api("PATCH", "/users/auth0%7C1", { nickname: "jane" });
      assert.deepEqual(await newest(), ["auth0|1", "auth0|0", "auth0|2", "auth0|3"]);
      tenant.users.delete("auth0|0");
      tenant.users.create({ user_id: "auth0|2", updated_at: "2025-01-01T00:00:00.000Z" });
      tenant.users.create({ user_id: "auth0|4", updated_at: "2026-02-02T00:00:00.000Z" });
      assert.deepEqual(await newest(), ["auth0|1", "auth0|4", "auth0|3", "auth0|2"]);
    });
  });
});
