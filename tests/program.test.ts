import assert from "node:assert/strict";
import { testKeyPair } from "./key-pair.ts";
import { recordProgram, type ProgramSurroundings, type RecordedResource } from "./record-program.ts";

const token = `e30.${Buffer.from(JSON.stringify({ iss: "https://acme-dev.eu.auth0.com/" })).toString("base64url")}.x`;

const dev: ProgramSurroundings = {
  stack: "dev",
  config: {
    auth0Domain: "acme-dev.eu.auth0.com",
    awsAccountId: "123456789012",
    awsRegion: "eu-central-1",
    imageBucket: "acme-dev-user-pictures",
  },
  awsAccountId: "123456789012",
  env: { AUTH0_API_TOKEN: token },
};

function only(resources: readonly RecordedResource[], type: string): RecordedResource {
  const [resource, ...others] = resources.filter((candidate) => candidate.type.endsWith(`:${type}`));
  assert.ok(resource !== undefined && others.length === 0, `exactly one ${type}`);
  return resource;
}

describe("the program", () => {
  it("registers nothing where a config value is wrong", async () => {
    await assert.rejects(recordProgram({ ...dev, config: { ...dev.config, gravatar: "no" } }), {
      message: /gravatar \(no\).*\[invalid-config\]$/s,
    });
  });

  it("registers nothing where the credentials are another tenant's", async () => {
    await assert.rejects(recordProgram({ ...dev, env: { ...dev.env, AUTH0_DOMAIN: "acme.eu.auth0.com" } }), {
      message: /\[auth0-wrong-tenant\]$/,
    });
  });

  it("registers nothing but the AWS provider where the AWS credentials are another account's", async () => {
    await assert.rejects(recordProgram({ ...dev, awsAccountId: "999999999999" }), {
      message: /belong to account 999999999999, but stack dev uses 123456789012.*\[aws-wrong-account\]$/s,
    });
  });

  it("names the file where the default image is missing", async () => {
    await assert.rejects(
      recordProgram({ ...dev, config: { ...dev.config, defaultImage: "assets/none.png" } }),
      {
        message: /assets\/none\.png.*\[default-image-missing\]$/s,
      },
    );
  });

  it("registers the resources of an environment under stable names", async () => {
    const { resources } = await recordProgram(dev);
    assert.deepEqual(resources.map(({ type, name }) => `${type} ${name}`).sort(), [
      "auth0-user-pictures:index:ImageBucket image-bucket",
      "auth0-user-pictures:index:LoginFlow login-flow",
      "auth0-user-pictures:index:ManagementClient management-client",
      "auth0:index/action:Action default-picture",
      "auth0:index/action:Action user-picture",
      "auth0:index/client:Client user-pictures",
      "auth0:index/clientCredentials:ClientCredentials user-pictures",
      "auth0:index/clientGrant:ClientGrant user-pictures",
      "aws:s3/bucket:Bucket images",
      "aws:s3/bucketObjectv2:BucketObjectv2 default-image",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls images",
      "aws:s3/bucketPolicy:BucketPolicy images",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock images",
      "pulumi:providers:auth0 auth0",
      "pulumi:providers:aws aws",
      "pulumi:providers:userpictures userpictures",
      "userpictures:index:SharedFlow post-login",
    ]);
  });

  it("publishes the default image before any Action may point at it", async () => {
    const { resources } = await recordProgram(dev);
    const names = resources.map(({ name }) => name);
    assert.ok(names.indexOf("default-image") < names.indexOf("default-picture"));
    assert.ok(names.indexOf("default-image") < names.indexOf("user-picture"));
  });

  it("builds the URL of the published object into the Actions", async () => {
    const { resources, outputs } = await recordProgram(dev);
    const object = only(resources, "BucketObjectv2").inputs;
    assert.equal(
      outputs["defaultUrl"],
      `https://acme-dev-user-pictures.s3.eu-central-1.amazonaws.com/${String(object["key"])}`,
    );
    const actions = resources.filter(({ type }) => type.endsWith(":Action"));
    const url = outputs["defaultUrl"];
    for (const { inputs } of actions) assert.ok((inputs["code"] as string).includes(url));
  });

  it("serves the default image with its type and a long cache life", async () => {
    const { inputs } = only((await recordProgram(dev)).resources, "BucketObjectv2");
    assert.equal(inputs["contentType"], "image/png");
    assert.equal(inputs["cacheControl"], "public, max-age=31536000, immutable");
  });

  it("binds the Actions deployed, the user's own picture last", async () => {
    const { resources } = await recordProgram(dev);
    const { inputs } = only(resources, "SharedFlow");
    assert.equal(inputs["position"], "last");
    assert.deepEqual(inputs["actions"], [
      { id: "default-picture-id", displayName: "default-picture" },
      { id: "user-picture-id", displayName: "user-picture" },
    ]);
    for (const action of resources.filter(({ type }) => type.endsWith(":Action"))) {
      assert.equal(action.inputs["deploy"], true);
    }
  });

  it("lets the Management API client read and update users, and nothing else", async () => {
    const { inputs } = only((await recordProgram(dev)).resources, "ClientGrant");
    assert.equal(inputs["audience"], "https://acme-dev.eu.auth0.com/api/v2/");
    assert.deepEqual(inputs["scopes"], ["read:users", "update:users"]);
  });

  it("gives the client the scopes of its capabilities, and the mark of the stack", async () => {
    const config = { ...dev.config, capabilities: '["show", "versions"]' };
    const { resources } = await recordProgram({ ...dev, config });
    assert.deepEqual(only(resources, "ClientGrant").inputs["scopes"], ["read:actions", "read:users"]);
    assert.deepEqual(only(resources, "Client").inputs["clientMetadata"], {
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
      config: {
        ...dev.config,
        clientAuthentication: "private_key_jwt",
        clientPublicKeys: JSON.stringify([publicKey]),
        clientPrivateKey: privateKey,
      },
    });
    const { inputs } = only(resources, "ClientCredentials");
    assert.equal(inputs["authenticationMethod"], "private_key_jwt");
    assert.deepEqual(inputs["privateKeyJwt"], {
      credentials: [{ credentialType: "public_key", pem: publicKey }],
    });
    assert.equal(outputs["managementClientSecret"], null);
    assert.doesNotMatch(JSON.stringify({ resources, outputs }), /PRIVATE KEY/);
  });
});
