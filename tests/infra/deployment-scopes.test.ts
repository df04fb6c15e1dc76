import assert from "node:assert/strict";
import { deploymentScopes } from "../../infra/deployment-scopes.ts";

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
