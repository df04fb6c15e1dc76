import assert from "node:assert/strict";
import { pollUntil } from "../../../lib/clock.ts";
import { deployedAction, setupTenant } from "../setup-tenant.ts";

const postLogin = [{ id: "post-login", version: "v3" }];
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const nanoseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;

describe("/api/v2/actions/actions", () => {
  const setup = setupTenant({ dependencyBuildMs: 150 });

  it("stays deployed where a change changes nothing, and deploys at once where it is asked to", async () => {
    const { api } = setup();
    const code = "exports.onExecutePostLogin = async () => {};";
    const { body } = await api("POST", "/actions/actions", {
      name: "at once",
      supported_triggers: postLogin,
      code,
      deploy: true,
    });
    const read = async () => (await api("GET", `/actions/actions/${body.id}`)).body;
    assert.equal((await read()).all_changes_deployed, true);
    await api("PATCH", `/actions/actions/${body.id}`, { code });
    assert.equal((await read()).all_changes_deployed, true);
    await api("PATCH", `/actions/actions/${body.id}`, { code: `${code}\n` });
    assert.equal((await read()).all_changes_deployed, false);
  });

  it("has the triggers of a real tenant, the deprecated versions too, and no modules", async () => {
    const { triggers } = (await setup().api("GET", "/actions/triggers")).body as unknown as {
      triggers: { id: string; version: string; status: string }[];
    };
    const login = triggers.filter(({ id }) => id === "post-login");
    assert.deepEqual(
      login.map(({ version, status }) => `${version} ${status}`),
      ["v3 CURRENT", "v2 DEPRECATED", "v1 DEPRECATED"],
    );
    const modules = (await setup().api("GET", "/actions/modules")).body;
    assert.deepEqual(modules, { modules: [], total: 0, page: 0, per_page: 50 });
  });

  describe("refuses", () => {
    it("a body without triggers, in Auth0's words and without an errorCode", async () => {
      const answer = await setup().api("POST", "/actions/actions", { name: "a" });
      assert.equal(answer.status, 400);
      assert.deepEqual(answer.body, {
        statusCode: 400,
        error: "Bad Request",
        message: "Payload validation error: 'Missing required property: supported_triggers'.",
      });
    });

    const bodies: [string, object, RegExp][] = [
      [
        "a name of the wrong type",
        { name: 1 },
        /^Payload validation error: 'Expected type string but found type integer' on property name \(The name of an action\)\.$/,
      ],
      ["an unknown field", { colour: "red" }, /'Additional properties not allowed: colour'/],
      ["an unknown runtime", { runtime: "node1" }, /'No enum match for: node1' on property runtime/],
      [
        "an unknown trigger",
        { supported_triggers: [{ id: "pre-login" }] },
        /trigger 'pre-login' does not exist/,
      ],
      ["more than 100 kB of code", { code: "é".repeat(50_001) }, /too long \(100002 bytes\), maximum 100000/],
      [
        "more than 30 secrets",
        { secrets: Array.from({ length: 31 }, (_, n) => ({ name: `s${n}`, value: "" })) },
        /Array is too long \(31\), maximum 30/,
      ],
    ];
    for (const [name, fields, message] of bodies) {
      it(name, async () => {
        const body = { name: "a", supported_triggers: postLogin, ...fields };
        const answer = await setup().api("POST", "/actions/actions", body);
        assert.equal(answer.status, 400);
        assert.match(answer.body.message, message);
      });
    }

    it("a name that is taken, at creation and at renaming", async () => {
      const { api } = setup();
      await api("POST", "/actions/actions", { name: "a", supported_triggers: postLogin });
      const second = await api("POST", "/actions/actions", { name: "b", supported_triggers: postLogin });
      assert.equal(
        (await api("POST", "/actions/actions", { name: "a", supported_triggers: postLogin })).status,
        409,
      );
      assert.equal((await api("PATCH", `/actions/actions/${second.body.id}`, { name: "a" })).status, 409);
      assert.equal((await api("PATCH", `/actions/actions/${second.body.id}`, { name: "b" })).status, 200);
    });

    it("an id that does not exist", async () => {
      for (const method of ["GET", "DELETE"]) {
        const answer = await setup().api(method, "/actions/actions/none");
        assert.equal(answer.status, 404);
        assert.deepEqual(answer.body, {
          statusCode: 404,
          error: "Not Found",
          message: "That action does not exist.",
        });
      }
    });

    it("to deploy a draft before it is built", async () => {
      const { api } = setup();
      const { body } = await api("POST", "/actions/actions", { name: "a", supported_triggers: postLogin });
      assert.equal((await api("POST", `/actions/actions/${body.id}/deploy`)).status, 400);
    });

    it("to delete an Action that is bound, until it is unbound", async () => {
      const { api, bind } = setup();
      const [id] = await bind("");
      assert.equal((await api("DELETE", `/actions/actions/${id!}`)).status, 409);
      await api("PATCH", "/actions/triggers/post-login/bindings", { bindings: [] });
      assert.equal((await api("DELETE", `/actions/actions/${id!}`)).status, 204);
    });
  });

  it("creates a pending draft with Auth0's defaults and never returns a secret's value", async () => {
    const secrets = [{ name: "KEY", value: "hush" }];
    const answer = await setup().api("POST", "/actions/actions", {
      name: "a",
      supported_triggers: postLogin,
      secrets,
    });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8");
    const { id, created_at, updated_at, secrets: shown, ...rest } = answer.body;
    assert.match(id, uuid);
    assert.match(created_at, nanoseconds);
    assert.equal(updated_at, created_at);
    assert.deepEqual(shown, [{ name: "KEY", updated_at: created_at }]);
    assert.deepEqual(rest, {
      name: "a",
      code: "",
      supported_triggers: postLogin,
      dependencies: [],
      runtime: "node22",
      status: "pending",
      all_changes_deployed: false,
    });
  });

  it("builds by the next look, deploys, and shows the deployed version", async () => {
    const { api } = setup();
    const code = "exports.onExecutePostLogin = async () => {};";
    const { body } = await api("POST", "/actions/actions", {
      name: "a",
      supported_triggers: postLogin,
      code,
    });
    assert.equal((await api("GET", `/actions/actions/${body.id}`)).body.status, "built");
    const deploy = await api("POST", `/actions/actions/${body.id}/deploy`);
    assert.equal(deploy.status, 200);
    assert.equal(deploy.body.number, 1);
    assert.equal(deploy.body.deployed, false);
    // Beside a version it is false whatever is deployed.
    assert.equal(deploy.body.action.all_changes_deployed, false);
    assert.equal("built_at" in deploy.body, false);

    const { body: action } = await api("GET", `/actions/actions/${body.id}`);
    assert.equal(action.all_changes_deployed, true);
    assert.equal(action.updated_at, body.updated_at);
    assert.deepEqual(Object.keys(action.current_version).sort(), [
      "build_time",
      "code",
      "created_at",
      "id",
      "number",
      "runtime",
      "status",
      "updated_at",
    ]);
    assert.equal(action.current_version.status, "BUILT");
    assert.equal(action.deployed_version.status, "built");
    assert.equal(action.deployed_version.deployed, true);
    assert.equal(action.deployed_version.id, deploy.body.id);
    assert.equal(action.deployed_version.code, code);
  });

  it("leaves what is deployed alone when the draft is edited", async () => {
    const { api } = setup();
    const id = await deployedAction(api, "a", "1;");
    const before = (await api("GET", `/actions/actions/${id}`)).body;
    const { body } = await api("PATCH", `/actions/actions/${id}`, { code: "2;" });
    assert.equal(body.status, "pending");
    assert.equal(body.all_changes_deployed, false);
    assert.equal(body.code, "2;");
    assert.deepEqual(body.deployed_version, before.deployed_version);
    assert.deepEqual(body.supported_triggers, before.supported_triggers);
    assert.notEqual(body.updated_at, before.updated_at);
  });

  it("keeps the value of a secret that is sent without one, and dates one that has a value anew", async () => {
    const { api } = setup();
    const secrets = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    const { body } = await api("POST", "/actions/actions", {
      name: "a",
      supported_triggers: postLogin,
      secrets,
    });
    const change = { secrets: [{ name: "NEW", value: "3" }, { name: "B", value: "2" }, { name: "A" }] };
    const changed = (await api("PATCH", `/actions/actions/${body.id}`, change)).body;
    assert.deepEqual(changed.secrets, [
      { name: "A", updated_at: body.updated_at },
      { name: "B", updated_at: changed.updated_at },
      { name: "NEW", updated_at: changed.updated_at },
    ]);
  });

  it("builds a draft with dependencies for some time first", async () => {
    const { api } = setup();
    const dependencies = [{ name: "lodash", version: "4.17.21" }];
    const { body } = await api("POST", "/actions/actions", {
      name: "a",
      supported_triggers: postLogin,
      dependencies,
    });
    const status = async (): Promise<unknown> =>
      (await api("GET", `/actions/actions/${body.id}`)).body.status;
    assert.equal(await status(), "building");
    assert.equal((await api("POST", `/actions/actions/${body.id}/deploy`)).status, 400);
    assert.ok(await pollUntil(async () => (await status()) === "built", { withinMs: 45_000 }));
    assert.equal((await api("POST", `/actions/actions/${body.id}/deploy`)).status, 200);
  });

  it("lists by name and page, without zeros in the envelope", async () => {
    const { api } = setup();
    for (const name of ["a", "ab", "c"]) {
      await api("POST", "/actions/actions", { name, supported_triggers: postLogin });
    }
    const byName = (await api("GET", "/actions/actions?actionName=a&per_page=50")).body;
    assert.deepEqual(
      byName.actions.map(({ name }) => name),
      ["a"],
    );
    assert.deepEqual({ ...byName, actions: 0 }, { actions: 0, total: 1, per_page: 50 });
    const none = (await api("GET", "/actions/actions?actionName=none&per_page=50")).body;
    assert.deepEqual(none, { actions: [], per_page: 50 });
    const second = (await api("GET", "/actions/actions?page=1&per_page=2")).body;
    assert.deepEqual(
      { ...second, actions: second.actions.length },
      { actions: 1, total: 3, page: 1, per_page: 2 },
    );
  });
});
