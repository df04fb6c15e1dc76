import assert from "node:assert/strict";
import { checkScopes } from "../../../cli/doctor/check-scopes.ts";
import type { CredentialSource } from "../../../cli/credentials/management-credentials.ts";
import { deploymentScopes } from "../../../infra/deployment-scopes.ts";
import { factsOfDev, surroundings } from "./surroundings.ts";

describe("doctor's look at a token's scopes", () => {
  const domain = "acme-dev.eu.auth0.com";

  async function finding(source: CredentialSource, scopes: readonly string[]) {
    const credentials = { domain, source, proof: { clientId: "c", clientSecret: "s" } };
    const facts = await factsOfDev({ credentials, access: { domain, accessToken: "t", scopes } });
    return checkScopes.run(surroundings(), facts);
  }

  it("names each that a deployment would miss", async () => {
    const { status, detail } = await finding("AUTH0_*", ["read:users", "read:actions"]);
    assert.equal(status, "problem");
    assert.match(detail, /Too few to deploy: create:actions, .*read:client_credentials are missing/);
  });

  it("names each that the stack's capabilities would miss", async () => {
    for (const source of ["PICTURES_*", "stack outputs"] as const) {
      const { status, detail } = await finding(source, ["read:users"]);
      assert.equal(status, "problem");
      assert.match(detail, /capabilities show, change: update:users is missing/);
    }
  });

  it("takes enough", async () => {
    const enough = deploymentScopes({ connections: [], clientAuthentication: "client_secret_post" });
    assert.equal((await finding("AUTH0_*", enough)).status, "ok");
    assert.equal((await finding("PICTURES_*", ["read:users", "update:users"])).status, "ok");
  });

  it("is skipped without a token", async () => {
    assert.equal((await checkScopes.run(surroundings(), await factsOfDev())).status, "skipped");
  });
});
