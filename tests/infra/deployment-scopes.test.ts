import assert from "node:assert/strict";
import { deploymentScopes } from "../../infra/deployment-scopes.ts";

describe("the scopes of whoever deploys", () => {
  it("reach connections only where some are named, and then their options too", () => {
    assert.doesNotMatch(deploymentScopes({ connections: [] }).join(), /connections/);
    const scopes = deploymentScopes({ connections: ["google-oauth2"] });
    assert.ok(scopes.includes("read:connections_options") && scopes.includes("update:connections_options"));
  });
});
