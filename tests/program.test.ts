import assert from "node:assert/strict";
import { loadDefaultImage } from "../stack/default-image.ts";
import { onlyResource } from "./only-resource.ts";
import { recordProgram } from "./record-program.ts";
import { environments, recordStack, surroundingsOf } from "./record-stack.ts";

const dev = surroundingsOf("dev");

/** The key of the repository's own default image. */
async function defaultKey(): Promise<string> {
  return (await loadDefaultImage("assets/default-picture.png", { gravatarFallback: true })).key;
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
    const registered: string[] = [];
    const onResource = (name: string) => void registered.push(name);
    await assert.rejects(recordProgram({ ...dev, awsAccountId: "999999999999", onResource }), {
      message: /belong to account 999999999999, but stack dev uses 111122223333.*\[aws-wrong-account\]$/s,
    });
    assert.deepEqual(registered, ["pulumi:providers:aws aws"]);
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
      "auth0-user-pictures:index:DeploymentRecord deployments",
      "auth0-user-pictures:index:ImageBucket image-bucket",
      "auth0-user-pictures:index:LoginFlow login-flow",
      "auth0-user-pictures:index:ManagementClient management-client",
      "auth0:index/action:Action default-picture",
      "auth0:index/action:Action user-picture",
      "auth0:index/client:Client user-pictures",
      "auth0:index/clientCredentials:ClientCredentials user-pictures",
      "auth0:index/clientGrant:ClientGrant user-pictures",
      "aws:s3/bucket:Bucket images",
      "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration images",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration images",
      `aws:s3/bucketObjectv2:BucketObjectv2 ${await defaultKey()}`,
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls images",
      "aws:s3/bucketPolicy:BucketPolicy images",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock images",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration images",
      "aws:s3/bucketVersioning:BucketVersioning images",
      "pulumi:providers:auth0 auth0",
      "pulumi:providers:aws aws",
      "pulumi:providers:userpictures userpictures",
      "userpictures:index:SharedFlow post-login",
    ]);
  });

  it("publishes the default image before any Action may point at it", async () => {
    const { resources } = await recordProgram(dev);
    const names = resources.map(({ name }) => name);
    for (const action of ["default-picture", "user-picture"]) {
      assert.ok(names.indexOf(await defaultKey()) < names.indexOf(action));
      assert.ok(
        resources.findIndex(({ type }) => type.endsWith(":BucketPolicy")) < names.indexOf(action),
        "nobody could read it before",
      );
    }
  });

  it("builds the URL of the published object into the Actions", async () => {
    const { resources, outputs } = await recordProgram(dev);
    const object = onlyResource(resources, "BucketObjectv2").inputs;
    assert.equal(
      outputs["defaultUrl"],
      `https://acme-dev-user-pictures.s3.eu-central-1.amazonaws.com/${String(object["key"])}`,
    );
    const actions = resources.filter(({ type }) => type.endsWith(":Action"));
    const url = outputs["defaultUrl"];
    for (const { inputs } of actions) assert.ok((inputs["code"] as string).includes(url));
  });

  it("on stack prod registers nothing where any host would do and nobody says so", async () => {
    await assert.rejects(recordProgram({ ...dev, stack: "prod" }), {
      message: /allowedHosts.*\[invalid-config\]$/s,
    });
    const config = { ...dev.config, allowAnyHost: "true" };
    assert.ok((await recordProgram({ ...dev, stack: "prod", config })).resources.length > 0);
  });

  it("binds the Actions deployed, the user's own picture last", async () => {
    const { resources } = await recordProgram(dev);
    const { inputs } = onlyResource(resources, "SharedFlow");
    assert.equal(inputs["position"], "last");
    assert.deepEqual(inputs["actions"], [
      { id: "default-picture-id", displayName: "default-picture" },
      { id: "user-picture-id", displayName: "user-picture" },
    ]);
    for (const action of resources.filter(({ type }) => type.endsWith(":Action"))) {
      assert.equal(action.inputs["deploy"], true);
    }
  });

  it("binds ours alone where the flow is exclusive, and nothing where others would be dropped unnamed", async () => {
    const exclusive = {
      ...dev,
      config: { ...dev.config, flowOwnership: "exclusive" },
      bound: ["user-picture", "mfa"],
    };
    await assert.rejects(recordProgram(exclusive), {
      message:
        /do not belong to this project: mfa\..*dropForeignActions '\["mfa"\]'\. \[flow-drops-actions\]$/s,
    });
    const named = { ...exclusive, config: { ...exclusive.config, dropForeignActions: '["mfa"]' } };
    const { resources } = await recordProgram(named);
    assert.equal(onlyResource(resources, "TriggerActions").name, "post-login");
    assert.equal(resources.filter(({ type }) => type.endsWith(":SharedFlow")).length, 0);
  });

  it("keeps the flow's former owner in the run that changes it, and leaves it out in the next", async () => {
    const prefix = "urn:pulumi:dev::auth0-user-pictures::auth0-user-pictures:index:LoginFlow";
    const former = { [`${prefix}$auth0:index/triggerActions:TriggerActions::post-login`]: {} };
    const owners = async (retiredFlowOwner: string) => {
      const state = { ...former, [`${prefix}::login-flow`]: { retiredFlowOwner } };
      const { resources } = await recordProgram({ ...dev, state });
      return resources.filter(({ name }) => name === "post-login").map(({ type }) => type.split(":").at(-1));
    };
    assert.deepEqual(await owners(""), ["TriggerActions", "SharedFlow"]);
    assert.deepEqual(await owners("exclusive"), ["SharedFlow"]);
  });

  it("lets the named connections sync at the first login only", async () => {
    const config = { ...dev.config, connections: '["google-oauth2", "Acme AD"]' };
    const { resources } = await recordProgram({ ...dev, config });
    const syncs = resources.filter(({ type }) => type.endsWith(":ConnectionSync"));
    assert.deepEqual(
      syncs.map(({ inputs }) => [inputs["connection"], inputs["setting"]]),
      [
        ["google-oauth2", "on_first_login"],
        ["Acme AD", "on_first_login"],
      ],
    );
  });

  it("lets the Management API client read and update users, and nothing else", async () => {
    const { inputs } = onlyResource((await recordProgram(dev)).resources, "ClientGrant");
    assert.equal(inputs["audience"], "https://acme-dev.eu.auth0.com/api/v2/");
    assert.deepEqual(inputs["scopes"], ["read:users", "update:users"]);
  });

  it("stops where an encrypted value is in an Action's code", async () => {
    const config = { ...dev.config, imageBaseUrl: "https://hush-hush.acme.com" };
    await assert.rejects(recordProgram({ ...dev, config, encrypted: ["imageBaseUrl"] }), {
      message: /contains the value of the encrypted config key [\w.-]+:imageBaseUrl.*\[secret-in-code\]$/s,
    });
  });

  it("stops where a setting in an Action's code looks like a token", async () => {
    const config = { ...dev.config, samlPicture: "true", samlAttribute: `ghp_${"a1".repeat(18)}` };
    await assert.rejects(recordProgram({ ...dev, config }), {
      message: /contains what looks like a GitHub token.*\[secret-in-code\]$/s,
    });
  });
});

describe("the program, where the tenant runs a version of an Action that nobody deployed from here", () => {
  const urn = "urn:pulumi:dev::auth0-user-pictures::auth0-user-pictures:index:DeploymentRecord::deployments";
  const byHand = {
    ...dev,
    deployed: [{ name: "user-picture", versionId: "v9", number: 9, codeHash: "by hand" }],
    state: { [urn]: { records: { "user-picture": { codeHash: "ours", replacedVersion: "v7" } } } },
  };

  it("registers nothing but providers", async () => {
    await assert.rejects(recordProgram(byHand), {
      message: /- user-picture: version 9 runs \(code by hand\).*\(ours\).*\[deployed-version-unknown\]$/s,
    });
  });

  it("goes on where it is another Action, or replaceDeployed names it", async () => {
    await recordProgram({
      ...byHand,
      deployed: byHand.deployed.map((version) => ({ ...version, name: "theirs" })),
    });
    const config = { ...dev.config, replaceDeployed: '["user-picture"]' };
    await recordProgram({ ...byHand, config });
  });
});

describe("the environments", () => {
  it("have everything protected in prod, but for the providers, and nothing elsewhere", async () => {
    for (const stack of environments) {
      const { resources } = await recordStack(stack);
      const held = resources.filter(({ type }) => !type.startsWith("pulumi:providers:"));
      const wrong = held.filter(({ isProtected }) => isProtected !== (stack === "prod"));
      assert.deepEqual(
        wrong.map(({ type, name }) => `${stack} ${type} ${name}`),
        [],
      );
    }
  });

  it("each create in their own tenant and bucket only", async () => {
    for (const stack of environments) {
      const { auth0Domain = "", awsAccountId, imageBucket } = surroundingsOf(stack).config;
      const inputs = JSON.stringify((await recordStack(stack)).resources.map((resource) => resource.inputs));
      assert.ok(inputs.includes(`https://${auth0Domain}/api/v2/`));
      assert.ok(inputs.includes(`https://${imageBucket}.s3.`));
      for (const other of environments.filter((name) => name !== stack)) {
        const theirs = surroundingsOf(other).config;
        assert.equal(inputs.includes(`https://${theirs["auth0Domain"]}/`), false, `${stack} and ${other}`);
        assert.equal(inputs.includes(`https://${theirs["imageBucket"]}.`), false, `${stack} and ${other}`);
        assert.notEqual(awsAccountId, theirs["awsAccountId"]);
      }
    }
  });
});
