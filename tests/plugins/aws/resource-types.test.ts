import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { PropertyMap } from "../../../plugins/grpc/property-map.ts";
import { fileAsset, stringAsset } from "../grpc/assets.ts";
import { configuredProvider } from "./configured-provider.ts";

const bucketToken = "aws:s3/bucket:Bucket";
const objectToken = "aws:s3/bucketObjectv2:BucketObjectv2";
const policyToken = "aws:s3/bucketPolicy:BucketPolicy";
const versioningToken = "aws:s3/bucketVersioning:BucketVersioning";
const accessToken = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const Bucket = "pictures";

const statement = {
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: `arn:aws:s3:::${Bucket}/*`,
};
const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2);

/** One resource of each type that is a setting of a bucket. */
const settings: Readonly<Record<string, PropertyMap>> = {
  [policyToken]: { policy },
  [versioningToken]: { versioningConfiguration: { status: "Enabled" } },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    rule: { objectOwnership: "BucketOwnerEnforced" },
  },
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": {
    corsRules: [{ id: "a", allowedMethods: ["GET", "HEAD"], allowedOrigins: ["*"], maxAgeSeconds: 60 }],
  },
  [accessToken]: { blockPublicAcls: true, blockPublicPolicy: false },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    rules: [{ id: "old", status: "Enabled", expiration: { days: 1 } }],
  },
};

describe("the resource types", () => {
  const setup = configuredProvider();
  const create = (token: string, inputs: object) => setup().provider.create(token, { ...inputs }, false);
  const read = (token: string, id: string, known?: object) =>
    setup().provider.read(token, id, { inputs: known && { ...known }, outputs: {} });
  const createBucket = (more: object = {}) => create(bucketToken, { bucket: Bucket, ...more });

  describe("a bucket", () => {
    it("is not created where there is one already", async () => {
      await createBucket();
      await assert.rejects(createBucket(), { name: "BucketAlreadyOwnedByYou" });
    });

    it("keeps what it holds when it is removed without forceDestroy", async () => {
      const { provider, s3 } = setup();
      const { id, outputs } = await createBucket();
      await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
      await assert.rejects(provider.remove(bucketToken, id, outputs), { code: "aws-bucket-not-empty" });
      await s3.send(new GetObjectCommand({ Bucket, Key: "a" }));
    });

    it("goes with all versions and delete markers with forceDestroy, and may be gone already", async () => {
      const { provider, s3 } = setup();
      const { id, outputs } = await createBucket({ forceDestroy: true });
      await create(versioningToken, { bucket: Bucket, versioningConfiguration: { status: "Enabled" } });
      await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
      const file = await create(objectToken, { bucket: Bucket, key: "a", content: "2" });
      await provider.remove(objectToken, file.id, file.outputs);
      await s3.send(new PutObjectCommand({ Bucket, Key: "ab", Body: "other" }));
      await provider.remove(bucketToken, id, outputs);
      assert.deepEqual((await s3.send(new ListBucketsCommand({}))).Buckets ?? [], []);
      await provider.remove(bucketToken, id, outputs);
    });

    it("shows tags that changed behind the provider's back", async () => {
      const { provider, s3 } = setup();
      const inputs = { bucket: Bucket, tags: { a: "1" } };
      const { id, outputs } = await createBucket(inputs);
      assert.deepEqual(await read(bucketToken, id, inputs).then((found) => found?.inputs["tags"]), {
        a: "1",
      });
      const Tagging = { TagSet: [{ Key: "a", Value: "2" }] };
      await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging }));
      assert.deepEqual((await read(bucketToken, id, inputs))?.inputs["tags"], { a: "2" });
      const updated = await provider.update(
        bucketToken,
        { id, inputs: { bucket: Bucket }, oldOutputs: outputs },
        false,
      );
      assert.deepEqual(updated["tagsAll"], {});
    });
  });

  describe("an object", () => {
    const inputs = { bucket: Bucket, key: "a/b.txt", content: "text" };

    it("is refused with two contents, with an archive and with metadata in upper case", () => {
      const { provider } = setup();
      const problems = (more: object) =>
        provider
          .check(objectToken, {
            name: "o",
            oldInputs: {},
            randomSeed: Buffer.alloc(0),
            proposedName: undefined,
            inputs: { ...inputs, ...more },
          })
          .problems.map(({ property }) => property);
      assert.deepEqual(problems({ source: stringAsset("x") }), ["content"]);
      assert.deepEqual(problems({ content: undefined, source: { assets: {} } }), ["source"]);
      assert.deepEqual(problems({ metadata: { Owner: "me" } }), ["metadata"]);
      assert.deepEqual(problems({ checksumAlgorithm: "CRC32" }), ["checksumAlgorithm"]);
      assert.deepEqual(problems({}), []);
    });

    it("says which source cannot be read", async () => {
      await createBucket();
      const missing = { bucket: Bucket, key: "k", source: fileAsset(join(setup().folder, "none.png"), "x") };
      await assert.rejects(create(objectToken, missing), {
        code: "aws-source-unreadable",
        message: /none\.png/,
      });
    });

    it("holds the bytes of its file, its text or its base64", async () => {
      const { folder, s3 } = setup();
      await createBucket();
      const file = join(folder, "x.bin");
      writeFileSync(file, "file");
      const contents = { source: fileAsset(file, "file"), content: "text", contentBase64: "YjY0" };
      for (const [name, value] of Object.entries(contents)) {
        const given = { bucket: Bucket, key: name, [name]: value };
        const { id } = await create(objectToken, given);
        assert.deepEqual((await read(objectToken, id, given))?.inputs[name], value);
      }
      const body = async (Key: string) =>
        (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
      assert.deepEqual(await Promise.all(["source", "content", "contentBase64"].map(body)), [
        "file",
        "text",
        "b64",
      ]);
    });

    it("has its checksum where the program names the algorithm, and shows others' bytes by it", async () => {
      const { s3 } = setup();
      await createBucket();
      const given = { ...inputs, checksumAlgorithm: "SHA256", sourceHash: "any" };
      const { id, outputs } = await create(objectToken, given);
      const base64 = (text: string) => createHash("sha256").update(text).digest("base64");
      assert.equal(outputs["checksumSha256"], base64("text"));
      assert.equal(
        setup().provider.diff(objectToken, given, (await read(objectToken, id, given))!.inputs).length,
        0,
      );
      await s3.send(
        new PutObjectCommand({ Bucket, Key: inputs.key, Body: "other", ChecksumAlgorithm: "SHA256" }),
      );
      assert.equal((await read(objectToken, id, given))?.outputs["checksumSha256"], base64("other"));
    });

    it("shows that others changed its bytes or its headers", async () => {
      const { provider, s3 } = setup();
      await createBucket();
      const { id } = await create(objectToken, { ...inputs, contentType: "text/plain" });
      const other = {
        Bucket,
        Key: inputs.key,
        Body: "other",
        ContentType: "text/html",
        CacheControl: "no-store",
      };
      await s3.send(new PutObjectCommand(other));
      const found = await read(objectToken, id, { ...inputs, contentType: "text/plain" });
      const changes = provider.diff(objectToken, found?.inputs ?? {}, {
        ...inputs,
        contentType: "text/plain",
      });
      assert.deepEqual(
        changes.map(({ path, kind }) => `${kind} ${path}`),
        ["delete cacheControl", "add content", "update contentType"],
      );
    });

    it("is gone with its bucket", async () => {
      const { provider } = setup();
      const { id, outputs } = await createBucket({ forceDestroy: true });
      const file = await create(objectToken, inputs);
      await provider.remove(bucketToken, id, outputs);
      assert.equal(await read(objectToken, file.id, inputs), undefined);
      await provider.remove(objectToken, file.id, file.outputs);
    });

    it("is imported by its id or its URL", async () => {
      await createBucket();
      await create(objectToken, { ...inputs, cacheControl: "public", metadata: { owner: "me" } });
      const expected = { bucket: Bucket, key: inputs.key, cacheControl: "public", metadata: { owner: "me" } };
      for (const id of [`${Bucket}/${inputs.key}`, `s3://${Bucket}/${inputs.key}`]) {
        const found = await read(objectToken, id);
        assert.equal(found?.id, `${Bucket}/${inputs.key}`);
        assert.deepEqual(JSON.parse(JSON.stringify(found.inputs)), expected);
      }
      await assert.rejects(read(objectToken, "nothing"), { code: "aws-bad-id" });
    });
  });

  for (const [token, inputs] of Object.entries(settings)) {
    describe(token, () => {
      const given = { bucket: Bucket, ...inputs };

      it("fails without its bucket", async () => {
        await assert.rejects(create(token, given), /NoSuchBucket|NotFound/);
      });

      it("is read as it was written, gone after its removal or with its bucket", async () => {
        const { provider, s3 } = setup();
        await createBucket();
        const { id, outputs } = await create(token, given);
        assert.equal(id, Bucket);
        const found = await read(token, id, given);
        assert.deepEqual(provider.diff(token, given, found?.inputs ?? {}), []);
        assert.deepEqual(JSON.parse(JSON.stringify(found?.outputs)), JSON.parse(JSON.stringify(outputs)));
        await provider.remove(token, id, outputs);
        await s3.send(new DeleteBucketCommand({ Bucket }));
        assert.equal(await read(token, id, given), undefined);
        await provider.remove(token, id, outputs);
      });
    });
  }

  describe("a bucket's policy", () => {
    it("keeps the program's words as long as it means the same, and shows when it does not", async () => {
      const { s3 } = setup();
      await createBucket();
      const given = { bucket: Bucket, policy };
      const { id } = await create(policyToken, given);
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(JSON.parse(policy)) }));
      assert.equal((await read(policyToken, id, given))?.inputs["policy"], policy);

      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, Effect: "Deny" }] });
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      assert.equal((await read(policyToken, id, given))?.inputs["policy"], Policy);

      await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
      assert.equal(await read(policyToken, id, given), undefined);
    });
  });

  describe("a bucket's versioning", () => {
    it("is suspended when removed, and cannot become Disabled again", async () => {
      const { provider } = setup();
      await createBucket();
      const configuration = (status: string) => ({ bucket: Bucket, versioningConfiguration: { status } });
      await create(versioningToken, configuration("Disabled"));
      const { id, outputs } = await create(versioningToken, configuration("Enabled"));
      await assert.rejects(create(versioningToken, configuration("Disabled")), {
        code: "aws-versioning-not-disabled",
      });
      await provider.remove(versioningToken, id, outputs);
      const found = await read(versioningToken, id);
      assert.deepEqual(found?.inputs["versioningConfiguration"], { status: "Suspended" });
    });

    it("shows that others suspended it", async () => {
      await createBucket();
      const given = { bucket: Bucket, versioningConfiguration: { status: "Enabled", mfaDelete: "Disabled" } };
      const { id } = await create(versioningToken, given);
      const VersioningConfiguration = { Status: "Suspended" } as const;
      await setup().s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      const found = await read(versioningToken, id, given);
      assert.deepEqual(found?.inputs["versioningConfiguration"], {
        status: "Suspended",
        mfaDelete: "Disabled",
      });
    });
  });

  it("import settings that live in the state alone as S3 has them for a new bucket", async () => {
    await createBucket();
    const found = await read(accessToken, Bucket);
    assert.equal(found?.inputs["restrictPublicBuckets"], true);
    const lifecycle = await read("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", Bucket);
    assert.equal(lifecycle, undefined);
  });
});
