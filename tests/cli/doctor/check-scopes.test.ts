import assert from "node:assert/strict";
import type { CredentialSource } from "../../../auth0/credentials.ts";
import { checkScopes, deploymentScopes } from "../../../cli/doctor/check-scopes.ts";
import { factsOfDev, surroundings } from "./surroundings.ts";

describe("doctor's look at a token's scopes", () => {
  const domain = "acme-dev.eu.auth0.com";

  async function finding(source: CredentialSource, scopes: readonly string[]) {
    const credentials = { domain, source, clientAuth: { clientId: "c", clientSecret: "s" } };
    const facts = await factsOfDev({ credentials, access: { domain, accessToken: "t", scopes } });
    return checkScopes.run(surroundings(), facts);
  }

  it("names each that a deployment would miss", async () => {
    const { status, detail } = await finding("AUTH0_*", ["read:users", "read:actions"]);
    assert.equal(status, "problem");
    assert.match(detail, /Too few to deploy: create:actions, .*read:client_credentials are missing/);
  });

  it("names each that the stack's capabilities would miss", async () => {
    const { status, detail } = await finding("stack outputs", ["read:users"]);
    assert.equal(status, "problem");
    assert.match(detail, /capabilities show, change: update:users is missing/);
  });

  it("says which commands a client of somebody's own can run, and what the others lack", async () => {
    const none = await finding("PICTURES_*", ["read:connections"]);
    assert.equal(none.status, "problem");
    assert.match(none.detail, /no command; it lacks, for capabilities show \(read:users\)/);

    const moderator = await finding("PICTURES_*", ["read:users", "update:users_app_metadata"]);
    assert.equal(moderator.status, "ok");
    assert.match(
      moderator.detail,
      /^enough for show, history, audit, .*block, unblock, mirror; not for change \(update:users\)/,
    );

    const support = await finding("PICTURES_*", ["read:users", "update:users"]);
    assert.match(
      support.detail,
      /set, .*block, unblock, mirror; not for (?!.*\b(change|block|mirror|connections) )/,
    );
  });

  it("takes enough", async () => {
    const enough = deploymentScopes({ connections: [], clientAuthentication: "client_secret_post" });
    assert.equal((await finding("AUTH0_*", enough)).status, "ok");
    assert.equal((await finding("stack outputs", ["read:users", "update:users"])).status, "ok");
  });

  it("is skipped without a token", async () => {
    assert.equal((await checkScopes.run(surroundings(), await factsOfDev())).status, "skipped");
  });
});

describe("the scopes of whoever deploys", () => {
  const plain = { connections: [], clientAuthentication: "client_secret_post" } as const;

  it("do not hold those of what the stack does not have", () => {
    const scopes = deploymentScopes(plain).join(" ");
    assert.doesNotMatch(scopes, /connections|create:client_credentials|users|\*/);
  });

  it("hold reading and writing of connections' options where connections are named", () => {
    const scopes = deploymentScopes({ ...plain, connections: ["google"] });
    for (const scope of ["read:connections_options", "update:connections_options"])
      assert.ok(scopes.includes(scope));
  });

  it("hold writing of keys where the client has keys", () => {
    const scopes = deploymentScopes({ ...plain, clientAuthentication: "private_key_jwt" });
    assert.ok(scopes.includes("create:client_credentials"));
  });
});
