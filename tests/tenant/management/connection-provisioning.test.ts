import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { setupTenant } from "../setup-tenant.ts";

describe("what belongs to a connection", () => {
  const setup = setupTenant();
  const made = async (strategy: string, options: object = {}): Promise<string> => {
    const { body } = await setup().api("POST", "/connections", { name: `a-${strategy}`, strategy, options });
    return `/connections/${body.id}`;
  };
  const deleted = async (path: string): Promise<void> => {
    await setup().api("DELETE", path);
  };

  describe("directory provisioning", () => {
    const settings = "directory-provisioning";
    const groupsOf = async (path: string, query = ""): Promise<unknown> => {
      const { body } = await setup().api("GET", `${path}/${settings}/synchronized-groups${query}`);
      return (body as unknown as { groups: unknown }).groups;
    };

    it("is refused for a connection that is not there, for another provider, and twice", async () => {
      const { api } = setup();
      const unknown = await api("POST", `/connections/con_none/${settings}`, {});
      assert.equal(unknown.status, 404);
      assert.equal(unknown.body.errorCode, "inexistent_connection");
      assert.equal((await api("POST", `${await made("samlp")}/${settings}`, {})).status, 404);
      const path = await made("google-apps", { domain: "a.example" });
      assert.equal((await api("GET", `${path}/${settings}`)).status, 404);
      assert.equal((await api("POST", `${path}/${settings}`, {})).status, 201);
      assert.equal((await api("POST", `${path}/${settings}`, {})).status, 409);
    });

    it("starts with the default mapping, is off, and keeps what a PATCH leaves out", async () => {
      const { api } = setup();
      const path = await made("google-apps", { domain: "a.example" });
      const first = (await api("POST", `${path}/${settings}`, {})).body as unknown as Record<string, unknown>;
      const mapping = (await api("GET", `${path}/${settings}/default-mapping`)).body as unknown as {
        mapping: object[];
      };
      assert.deepEqual(first["mapping"], mapping.mapping);
      assert.ok(mapping.mapping.some((pair) => JSON.stringify(pair).includes("app_metadata.external_id")));
      assert.deepEqual([first["synchronize_automatically"], first["synchronize_groups"]], [false, "off"]);
      const changed = await api("PATCH", `${path}/${settings}`, { synchronize_groups: "selected" });
      assert.deepEqual({ ...changed.body, updated_at: 0 }, {
        ...first,
        synchronize_groups: "selected",
        updated_at: 0,
      } as never);
    });

    it("replaces, adds and takes away groups, finds them by their names, and checks their addresses", async () => {
      const { api } = setup();
      const path = await made("google-apps", { domain: "a.example" });
      await api("POST", `${path}/${settings}`, { synchronize_groups: "selected" });
      const groups = `${path}/${settings}/synchronized-groups`;
      await api("PUT", groups, { groups: [{ id: "b2" }, { id: "a1", name: "Staff" }] });
      assert.deepEqual(await groupsOf(path), [{ id: "a1", name: "Staff" }, { id: "b2" }]);
      assert.deepEqual(await groupsOf(path, "?q=name:St*"), [{ id: "a1", name: "Staff" }]);
      assert.deepEqual(await groupsOf(path, "?q=name:St"), []);
      assert.equal((await api("POST", groups, { groups: [{ id: "c3" }] })).status, 204);
      assert.equal((await api("DELETE", groups, { groups: [{ id: "b2" }] })).status, 204);
      assert.deepEqual(await groupsOf(path), [{ id: "a1", name: "Staff" }, { id: "c3" }]);
      const refused = await api("POST", groups, { groups: [{ id: "d4", email: "" }] });
      assert.equal(refused.status, 400);
      assert.match(refused.body.message, /on property groups\[0\]\.email \(Google Workspace/);
    });

    it("goes with its connection", async () => {
      const { api } = setup();
      const path = await made("google-apps", { domain: "a.example" });
      await api("POST", `${path}/${settings}`, {});
      const listed = async () =>
        ((await api("GET", "/connections-directory-provisionings")).body as unknown as Record<string, []>)[
          "directory_provisionings"
        ];
      assert.equal((await listed())?.length, 1);
      await deleted(path);
      assert.deepEqual(await listed(), []);
    });
  });

  describe("a SCIM configuration", () => {
    it("is refused for a database, and is not there before it was made", async () => {
      const { api } = setup();
      const database = await api("POST", `${await made("auth0")}/scim-configuration`);
      assert.equal(database.status, 404);
      assert.match(database.body.message, /does not support SCIM/);
      const { status, body } = await api("GET", `${await made("okta")}/scim-configuration`);
      assert.equal(status, 404);
      assert.equal(body.message, "Not Found");
      assert.equal("errorCode" in body, false);
    });

    it("has the provider's default mapping until it is changed", async () => {
      const { api } = setup();
      const mappedTo = async (path: string): Promise<string | undefined> => {
        const { body } = await api("POST", `${path}/scim-configuration`);
        const { mapping } = body as unknown as { mapping: { scim: string; auth0: string }[] };
        return mapping.find(({ scim }) => scim === "userName")?.auth0;
      };
      const okta = await made("okta");
      assert.equal(await mappedTo(okta), "preferred_username");
      assert.equal(await mappedTo(await made("waad")), "upn");
      assert.equal((await api("PATCH", `${okta}/scim-configuration`, { mapping: [] })).status, 400);
      const own = { user_id_attribute: "own", mapping: [{ scim: "a", auth0: "b" }] };
      const { body } = await api("PATCH", `${okta}/scim-configuration`, own);
      assert.deepEqual((body as unknown as { mapping: object[] }).mapping, own.mapping);
    });

    it("shows a token once", async () => {
      const { api } = setup();
      const path = `${await made("okta")}/scim-configuration`;
      await api("POST", path);
      const { body } = await api("POST", `${path}/tokens`, { scopes: ["get:users"] });
      const { token, token_id } = body as unknown as { token: string; token_id: string };
      assert.ok(token.startsWith(`${token_id}.`));
      const listed = async () => (await api("GET", `${path}/tokens`)).body as unknown as object[];
      assert.deepEqual((await listed()).map(Object.keys), [["token_id", "scopes", "created_at"]]);
      await api("DELETE", `${path}/tokens/${token_id}`);
      assert.deepEqual(await listed(), []);
    });
  });

  describe("keys", () => {
    interface Key {
      kid: string;
      cert: string;
      thumbprint: string;
      current?: true;
      next?: true;
      previous?: true;
    }

    it("are none where the connection does not sign", async () => {
      const { api } = setup();
      assert.deepEqual((await api("GET", `${await made("oidc")}/keys`)).body, []);
    });

    it("move up by one when they are rotated", async () => {
      const { api } = setup();
      const path = await made("oidc", { token_endpoint_auth_method: "private_key_jwt" });
      const read = async () => (await api("GET", `${path}/keys`)).body as unknown as Key[];
      const [current, next] = await read();
      assert.deepEqual([current?.current, next?.next], [true, true]);
      const certificate = new X509Certificate(current?.cert ?? "");
      assert.equal(certificate.subject, "CN=a-oidc");
      assert.equal(certificate.fingerprint.replaceAll(":", ""), current?.thumbprint);

      const { status, body } = await api("POST", `${path}/keys/rotate`);
      assert.equal(status, 201);
      const roles = (await read()).map(({ kid, ...key }) => [
        kid,
        key.current ? "current" : key.next ? "next" : "previous",
      ]);
      assert.deepEqual(roles, [
        [next?.kid, "current"],
        [current?.kid, "previous"],
        [body.kid, "next"],
      ]);
    });
  });
});
