import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createProvider } from "../../../plugins/aws/provider.ts";
import { unknownValue } from "../../../plugins/grpc/property-map.ts";
import { configuredProvider } from "./configured-provider.ts";

const bucket = "aws:s3/bucket:Bucket";
const bucketObject = "aws:s3/bucketObjectv2:BucketObjectv2";
const request = { name: "Logical", oldInputs: {}, randomSeed: Buffer.from("seed"), proposedName: undefined };

describe("the provider", () => {
  const setup = configuredProvider();

  it("refuses keys that the server does not know", async () => {
    const { env } = setup();
    const wrong = createProvider({ ...env, AWS_SECRET_ACCESS_KEY: "wrong" });
    await assert.rejects(wrong.configure({}), { code: "aws-credentials-refused" });
  });

  it("says when no server answers, and when it is not trusted", async () => {
    const { env, server } = setup();
    const untrusted = createProvider({ ...env, AWS_CA_BUNDLE: "" });
    await assert.rejects(untrusted.configure({}), { code: "aws-untrusted" });
    await server.stop();
    await assert.rejects(createProvider(env).configure({}), { code: "aws-unreachable" });
    rmSync(env["AWS_CA_BUNDLE"]!);
    await assert.rejects(createProvider(env).configure({}), { code: "aws-ca-unreadable" });
  });

  it("refuses a resource type and a function that it does not have, naming those that it has", async () => {
    const { provider } = setup();
    for (const token of ["aws:s3/bucketLogging:BucketLogging", "aws:cloudfront/distribution:Distribution"]) {
      assert.throws(() => provider.check(token, { ...request, inputs: {} }), {
        code: "aws-type-unknown",
        message: /aws:s3\/bucketPolicy:BucketPolicy/,
      });
    }
    await assert.rejects(provider.invoke("aws:ec2/getAmi:getAmi", {}), { code: "aws-function-unknown" });
  });

  it("does nothing before it is configured, except for previews", async () => {
    const unconfigured = createProvider({});
    await assert.rejects(unconfigured.invoke("aws:index/getRegion:getRegion", {}), {
      code: "aws-not-configured",
    });
    const { outputs } = await unconfigured.create(bucket, { bucket: "a" }, true);
    assert.deepEqual(
      [outputs["bucket"], outputs["arn"], outputs["region"]],
      ["a", unknownValue, unknownValue],
    );
  });

  it("refuses inputs that are missing, that it does not have, and another region", () => {
    const { provider } = setup();
    const inputs = { key: "k", acl: "private", region: "us-east-1" };
    const { problems } = provider.check(bucketObject, { ...request, inputs });
    assert.deepEqual(problems.map(({ property }) => property).sort(), ["acl", "bucket", "region"]);
  });

  it("names a bucket that has no name, and keeps that name", () => {
    const { provider } = setup();
    const check = (inputs: object, more: object = {}) =>
      provider.check(bucket, { ...request, ...more, inputs: { ...inputs } }).inputs["bucket"];
    const name = check({});
    assert.match(String(name), /^logical-[0-9a-f]{7}$/);
    assert.equal(check({}, { randomSeed: Buffer.from("other"), oldInputs: { bucket: name } }), name);
    assert.match(String(check({ bucketPrefix: "p-" })), /^p-[0-9a-f]{7}$/);
    assert.equal(check({}, { proposedName: "proposed" }), "proposed");
    assert.equal(check({ bucket: "mine" }, { proposedName: "proposed" }), "mine");
  });

  it("replaces what cannot change in place", () => {
    const { provider } = setup();
    const changes = provider.diff(bucketObject, { key: "a", content: "x" }, { key: "b", content: "y" });
    assert.deepEqual(
      changes.map(({ path, replaces }) => [path, replaces]),
      [
        ["content", false],
        ["key", true],
      ],
    );
  });

  it("knows before an update what will stay and what not", async () => {
    const { provider } = setup();
    await provider.create(bucket, { bucket: "pictures" }, false);
    const inputs = { bucket: "pictures", key: "a", content: "1" };
    const { id, outputs } = await provider.create(bucketObject, inputs, false);
    const update = { id, inputs: { ...inputs, content: "2" }, oldOutputs: outputs };
    const preview = await provider.update(bucketObject, update, true);
    assert.equal(preview["arn"], "arn:aws:s3:::pictures/a");
    assert.equal(preview["etag"], unknownValue);
    const updated = await provider.update(bucketObject, update, false);
    assert.notEqual(updated["etag"], outputs["etag"]);
    assert.deepEqual(Object.keys(updated).sort(), Object.keys(preview).sort());
  });

  it("says whose the credentials are and where it is", async () => {
    const { provider } = setup();
    const identity = await provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {});
    assert.equal(identity["accountId"], "000000000000");
    assert.equal((await provider.invoke("aws:index/getRegion:getRegion", {}))["region"], "eu-central-1");
    assert.equal((await provider.invoke("aws:index/getPartition:getPartition", {}))["partition"], "aws");
  });

  describe("asked for a bucket's objects", () => {
    const getObjects = "aws:s3/getObjects:getObjects";

    it("says that there is no such bucket", async () => {
      const answer = setup().provider.invoke(getObjects, { bucket: "pictures" });
      await assert.rejects(answer, { name: "NoSuchBucket" });
    });

    it("refuses what it does not have", async () => {
      const answer = setup().provider.invoke(getObjects, { bucket: "pictures", delimiter: "/" });
      await assert.rejects(answer, { code: "aws-argument-unknown", message: /delimiter/ });
    });

    it("gives their keys, all or those that begin alike", async () => {
      const { provider } = setup();
      await provider.create(bucket, { bucket: "pictures" }, false);
      for (const key of ["b/1", "b/2", "c"]) {
        await provider.create(bucketObject, { bucket: "pictures", key, content: "x" }, false);
      }
      const keysOf = async (args: object) =>
        (await provider.invoke(getObjects, { bucket: "pictures", ...args }))["keys"];
      assert.deepEqual(await keysOf({}), ["b/1", "b/2", "c"]);
      assert.deepEqual(await keysOf({ prefix: "b/" }), ["b/1", "b/2"]);
    });
  });
});
