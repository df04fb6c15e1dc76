import assert from "node:assert/strict";
import { testKeyPair } from "./key-pair.ts";
import { onlyResource } from "./only-resource.ts";
import { recordProgram } from "./record-program.ts";
import { surroundingsOf } from "./record-stack.ts";

const dev = surroundingsOf("dev");

describe("the program's Management API clients", () => {
  it("gives the client the scopes of its capabilities, and the mark of the stack", async () => {
    const config = { ...dev.config, capabilities: '["show", "versions"]' };
    const { resources } = await recordProgram({ ...dev, config });
    assert.deepEqual(onlyResource(resources, "ClientGrant").inputs["scopes"], ["read:actions", "read:users"]);
    assert.deepEqual(onlyResource(resources, "Client").inputs["clientMetadata"], {
      managed_by: "auth0-user-pictures",
      stack: "dev",
    });
  });

  it("registers a client for drift that can only read", async () => {
    const { resources, outputs } = await recordProgram({
      ...dev,
      config: { ...dev.config, driftClient: "true" },
    });
    const grant = resources.find(
      ({ type, name }) => type.endsWith(":ClientGrant") && name === "user-pictures-drift",
    );
    assert.deepEqual(grant?.inputs["scopes"], ["read:actions", "read:client_grants", "read:clients"]);
    assert.ok((outputs["driftClientSecret"] as string).length > 0);
  });

  it("keeps the client and adds its successor while both exist", async () => {
    const { resources, outputs } = await recordProgram({
      ...dev,
      config: { ...dev.config, clientGenerations: "[1, 2]" },
    });
    const clients = resources.filter(({ type }) => type.endsWith(":Client"));
    assert.deepEqual(
      clients.map(({ name, inputs }) => [name, inputs["name"]]),
      [
        ["user-pictures", "User pictures"],
        ["user-pictures-2", "User pictures 2"],
      ],
    );
    assert.ok((outputs["nextManagementClientSecret"] as string).length > 0);
  });

  it("gives the client its public keys, and hands the private one to nobody", async () => {
    const { publicKey, privateKey } = testKeyPair();
    const { resources, outputs } = await recordProgram({
      ...dev,
      encrypted: ["clientPrivateKey"],
      config: {
        ...dev.config,
        clientAuthentication: "private_key_jwt",
        clientPublicKeys: JSON.stringify([publicKey]),
        clientPrivateKey: privateKey,
      },
    });
    const { inputs } = onlyResource(resources, "ClientCredentials");
    assert.equal(inputs["authenticationMethod"], "private_key_jwt");
    assert.deepEqual(inputs["privateKeyJwt"], {
      credentials: [{ credentialType: "public_key", pem: publicKey }],
    });
    assert.equal(outputs["managementClientSecret"], null);
    assert.doesNotMatch(JSON.stringify({ resources, outputs }), /PRIVATE KEY/);
  });
});
