import assert from "node:assert/strict";
import { createLoginClient, type LoginClient } from "../../local/login/login.ts";
import { requirePulumi } from "../../local/start/run-pulumi.ts";
import { deployBundles } from "../actions/deploy-bundles.ts";
import { seededApp } from "../e2e/seeded-app.ts";
import { apiForSuite, worldForSuite } from "../e2e/world.ts";

interface Binding {
  readonly id: string;
  readonly display_name: string;
}

const bindingsPath = "/actions/triggers/post-login/bindings";
const own = "https://img.acme.com/users/uma.png";
const google = "https://lh3.googleusercontent.com/a/abc=s96-c";
const uma = "google-oauth2|uma";
const paul = "auth0|paul";
const sofia = "google-oauth2|sofia";
const nora = "auth0|nora";
const oldDefault = "https://old.acme.com/default.png";

/** What people paste: it throws for a user without a root picture. */
const pasted = `exports.onExecutePostLogin = async (event, api) => {
  const { picture, user_metadata } = event.user;
  const root = picture.includes("cdn.auth0.com") ? "${oldDefault}" : picture;
  api.idToken.setCustomClaim("picture", user_metadata.picture ?? root);
};`;

/** The steps of docs/migrating.md for pasted Actions, in their order. */
describe("migrating from a pasted Action with the real engine", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);
  let app: LoginClient;

  before(async () => {
    const { tenant, caFile } = world();
    app = await createLoginClient({ domain: tenant.domain, caFile, ...seededApp(tenant) });
    tenant.users.create({ user_id: uma, name: "Uma", picture: google, user_metadata: { picture: own } });
    const placeholder = "https://cdn.auth0.com/avatars/pa.png";
    tenant.users.create({ user_id: paul, name: "Paul", picture: placeholder, user_metadata: {} });
    tenant.users.create({ user_id: sofia, name: "Sofia", picture: google });
    tenant.users.create({ user_id: nora, name: "Nora" });
  });

  after(async () => {
    await app.close();
  });

  async function picture(userId: string): Promise<unknown> {
    return (await app.login({ userId })).idTokenClaims["picture"];
  }

  const bindings = async () =>
    ((await api.call("GET", bindingsPath)) as { bindings: readonly Binding[] }).bindings;
  const boundNames = async () => (await bindings()).map(({ display_name }) => display_name);
  const defaultUrl = async () => (await requirePulumi(world(), ["stack", "output", "defaultUrl"])).trim();

  it("starts where the pasted Action decides, and breaks logins without a picture", async () => {
    // Any Action is deployed the same way; only its name is not one of ours.
    await deployBundles(api, [{ name: "pasted" as "user-picture", code: pasted }]);
    assert.equal(await picture(uma), own);
    assert.equal(await picture(paul), oldDefault);
    assert.equal(await picture(sofia), google);
    await assert.rejects(picture(nora));
  });

  it("deploys without binding: no login changes", async () => {
    await requirePulumi(world(), ["stack", "init", "local"]);
    await requirePulumi(world(), ["up", "--yes", "--skip-preview", "--exclude", "**::post-login"]);
    assert.deepEqual(await boundNames(), ["pasted"]);
    assert.equal(await picture(paul), oldDefault);
  });

  it("decides after the old Action once ours are bound behind it", async () => {
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    assert.deepEqual(await boundNames(), ["pasted", "default-picture", "user-picture"]);
    assert.equal(await picture(uma), own);
    assert.equal(await picture(paul), await defaultUrl());
    await assert.rejects(picture(nora), "the old Action still breaks this login");
  });

  it("works for every login once the old Action is unbound by hand, and that is no drift", async () => {
    const ours = (await bindings()).filter(({ display_name }) => display_name !== "pasted");
    const left = ours.map(({ id, display_name }) => ({
      ref: { type: "binding_id", value: id },
      display_name,
    }));
    await api.call("PATCH", bindingsPath, { bindings: left });
    assert.equal(await picture(uma), own);
    assert.equal(await picture(paul), await defaultUrl());
    assert.equal(await picture(sofia), google);
    assert.equal(await picture(nora), await defaultUrl());
    await requirePulumi(world(), ["preview", "--refresh", "--expect-no-changes"]);
  });

  it("goes back with one write of the list that was saved", async () => {
    const { actions } = (await api.call("GET", "/actions/actions?actionName=pasted")) as {
      actions: readonly { readonly id: string }[];
    };
    const ref = { type: "action_id", value: actions[0]?.id };
    await api.call("PATCH", bindingsPath, { bindings: [{ ref, display_name: "pasted" }] });
    assert.equal(await picture(paul), oldDefault);
  });
});
