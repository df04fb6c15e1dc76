import assert from "node:assert/strict";
import { unknownValue } from "../../../plugins/grpc/property-map.ts";
import type { ExpectedError } from "../../../lib/errors.ts";
import { providerOnTenant, rateLimitWrites } from "./provider-on-tenant.ts";

const token = "userpictures:index:ConnectionSync";
const inputs = { connection: "social", setting: "on_first_login" };
const options = {
  client_id: "id-of-the-app",
  client_secret: "kept-secret",
  email: true,
  profile: true,
  upstream_params: { prompt: { value: "login" } },
};

type Options = Readonly<Record<string, unknown>>;

describe("ConnectionSync", () => {
  const setup = providerOnTenant();

  async function connection(fields: object = {}): Promise<string> {
    const body = { name: "social", strategy: "oauth2", options, ...fields };
    return (await setup().api("POST", "/connections", body)).body.id;
  }

  async function optionsOf(id: string): Promise<Options> {
    const { body } = await setup().api("GET", `/connections/${id}`);
    return (body as unknown as { options: Options }).options;
  }

  const setByHand = (id: string, value: string) =>
    setup().api("PATCH", `/connections/${id}`, { options: { ...options, set_user_root_attributes: value } });

  it("writes nothing where the tenant does not tell the options", async () => {
    const id = await connection();
    const scopes = ["read:connections", "update:connections", "update:connections_options"];
    const limited = await setup().providerWith(...scopes);
    for (const preview of [true, false]) {
      await assert.rejects(limited.create(token, inputs, preview), {
        code: "connection-options-hidden",
        message: /read:connections_options/,
      });
    }
    const known = { inputs, outputs: { ...inputs, former: "unset" } };
    await assert.rejects(limited.read(token, id, known), { code: "connection-options-hidden" });
    await assert.rejects(limited.remove(token, id, known.outputs), { code: "connection-options-hidden" });
    assert.deepEqual(await optionsOf(id), options);
  });

  it("writes nothing where the options are empty", async () => {
    await connection({ options: {} });
    await assert.rejects(setup().provider.create(token, inputs, false), {
      code: "connection-options-hidden",
    });
    assert.deepEqual(setup().writes, []);
  });

  it("refuses a connection that is not there, that is passwordless, or whose secrets come encrypted", async () => {
    const { provider } = setup();
    await assert.rejects(provider.create(token, inputs, true), { code: "connection-missing" });
    await connection({ name: "mail", strategy: "email" });
    await connection({ name: "custom", strategy: "auth0", options: { configuration: { KEY: "2.0$x" } } });
    for (const [name, code] of [
      ["mail", "connection-passwordless"],
      ["custom", "connection-configuration"],
    ]) {
      await assert.rejects(provider.create(token, { ...inputs, connection: name }, true), { code });
    }
  });

  /** Each write of the provider is followed by somebody else's, of another secret. */
  function changeAfterWrites(id: string): void {
    setup().afterAnswer = async (method) => {
      if (method !== "PATCH") return;
      const changed = { ...options, client_secret: "changed", set_user_root_attributes: "on_first_login" };
      await setup().api("PATCH", `/connections/${id}`, { options: changed });
    };
  }

  it("fails where another option is a different one after an update, and names it without its value", async () => {
    const id = await connection();
    changeAfterWrites(id);
    const oldOutputs = { ...inputs, setting: "on_each_login", former: "unset" };
    await assert.rejects(
      setup().provider.update(token, { id, inputs, oldOutputs }, false),
      ({ code, message }: ExpectedError) => {
        assert.equal(code, "connection-changed-meanwhile");
        assert.match(message, /client_secret/);
        assert.doesNotMatch(message, /changed"|kept-secret/);
        return true;
      },
    );
  });

  it("warns of such a difference after a create, since a failure would lose the former value", async () => {
    const id = await connection();
    changeAfterWrites(id);
    const { outputs, warnings = [] } = await setup().provider.create(token, inputs, false);
    assert.match(warnings.join(), /client_secret.*\[connection-changed-meanwhile\]$/);
    assert.doesNotMatch(warnings.join(), /changed"|kept-secret/);
    assert.equal(outputs["former"], "unset");
    setup().afterAnswer = () => Promise.resolve();
    await setup().provider.remove(token, id, outputs);
    assert.deepEqual(await optionsOf(id), { ...options, client_secret: "changed" });
  });

  it("keeps the former value where the look after the write fails", async () => {
    await connection();
    let isWritten = false;
    setup().afterAnswer = (method) => {
      if (method === "PATCH") isWritten = true;
      return Promise.resolve();
    };
    setup().answerInstead = (method) =>
      Promise.resolve(isWritten && method === "GET" ? new Response("{}", { status: 503 }) : undefined);
    const { outputs, warnings } = await setup().provider.create(token, inputs, false);
    assert.match(warnings?.join() ?? "", /status 503.*\[auth0-unreachable\]/);
    assert.equal(outputs["former"], "unset");
  });

  it("warns where the option has the value already: a run that was cut off may have set it", async () => {
    const id = await connection();
    await setByHand(id, "on_first_login");
    const { outputs, warnings } = await setup().provider.create(token, inputs, false);
    assert.match(warnings?.join() ?? "", /social has set_user_root_attributes on_first_login already/);
    assert.equal(outputs["former"], "on_first_login");
    assert.deepEqual(setup().writes, []);
  });

  it("keeps what others changed while it waited for the end of a rate limit", async () => {
    const id = await connection();
    const changed = { ...options, client_secret: "changed", set_user_root_attributes: "on_each_login" };
    rateLimitWrites(setup(), 4, () => setup().api("PATCH", `/connections/${id}`, { options: changed }));
    const { outputs } = await setup().provider.create(token, inputs, false);
    assert.equal(outputs["former"], "on_each_login");
    assert.deepEqual(await optionsOf(id), { ...changed, set_user_root_attributes: "on_first_login" });
  });

  it("leaves a choice that somebody made while its removal waited for the end of a rate limit", async () => {
    const id = await connection();
    const { outputs } = await setup().provider.create(token, inputs, false);
    rateLimitWrites(setup(), 1, () => setByHand(id, "never_on_login"));
    await setup().provider.remove(token, id, outputs);
    assert.equal((await optionsOf(id))["set_user_root_attributes"], "never_on_login");
  });

  it("warns in the preview that names stop syncing too, and writes nothing then", async () => {
    await connection();
    const { outputs, warnings } = await setup().provider.create(token, inputs, true);
    assert.match(warnings?.join() ?? "", /social will no longer update users' pictures.*names/);
    assert.equal(outputs["former"], unknownValue);
    assert.deepEqual(setup().writes, []);
  });

  it("sets the one option, keeps every other, and knows no more than its former value", async () => {
    const id = await connection();
    const created = await setup().provider.create(token, inputs, false);
    assert.deepEqual(created, { id, outputs: { ...inputs, former: "unset" }, warnings: [] });
    assert.deepEqual(await optionsOf(id), { ...options, set_user_root_attributes: "on_first_login" });
    await setup().provider.remove(token, id, created.outputs);
    assert.deepEqual(await optionsOf(id), options);
  });

  it("brings an explicit former value back", async () => {
    const id = await connection();
    await setByHand(id, "on_each_login");
    const { outputs } = await setup().provider.create(token, inputs, false);
    await setup().provider.remove(token, id, outputs);
    assert.equal((await optionsOf(id))["set_user_root_attributes"], "on_each_login");
  });

  it("remembers the former value, not its own, where the answer to the write was lost", async () => {
    await connection();
    setup().afterAnswer = (method) =>
      method === "PATCH" ? Promise.reject(new Error("reset")) : Promise.resolve();
    const { outputs } = await setup().provider.create(token, inputs, false);
    assert.equal(outputs["former"], "unset");
    assert.equal(setup().writes.length, 1);
  });

  it("sees that somebody changed the option and puts it right, and leaves a later choice when it goes", async () => {
    const id = await connection();
    const { provider } = setup();
    const { outputs } = await provider.create(token, inputs, false);
    assert.deepEqual(await provider.read(token, id, { inputs, outputs }), { id, inputs, outputs });
    await setByHand(id, "on_each_login");
    const read = await provider.read(token, id, { inputs, outputs });
    assert.equal(read?.inputs["setting"], "on_each_login");
    assert.equal(provider.diff(token, read.inputs, inputs).length, 1);
    const updated = await provider.update(token, { id, inputs, oldOutputs: read.outputs }, false);
    assert.deepEqual(updated, outputs);
    await setByHand(id, "never_on_login");
    await provider.remove(token, id, updated);
    assert.equal((await optionsOf(id))["set_user_root_attributes"], "never_on_login");
  });

  it("takes a connection that is gone for gone", async () => {
    const id = await connection();
    const { outputs } = await setup().provider.create(token, inputs, false);
    await setup().api("DELETE", `/connections/${id}`);
    assert.equal(await setup().provider.read(token, id, { inputs, outputs }), undefined);
    await setup().provider.remove(token, id, outputs);
  });
});
