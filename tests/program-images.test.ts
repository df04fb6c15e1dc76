import assert from "node:assert/strict";
import { loadDefaultImage } from "../stack/default-image.ts";
import { configNamespace } from "../stack/read-config.ts";
import { onlyResource } from "./only-resource.ts";
import { recordProgram, type ProgramSurroundings } from "./record-program.ts";
import { surroundingsOf } from "./record-stack.ts";

const dev = surroundingsOf("dev");

/** The key of the repository's own default image. */
async function defaultKey(): Promise<string> {
  return (await loadDefaultImage("assets/default-picture.png", { gravatarFallback: true })).key;
}

interface LifecycleRule {
  readonly filter: object;
}

function lifecycleRules(resources: Parameters<typeof onlyResource>[0]): readonly LifecycleRule[] {
  return onlyResource(resources, "BucketLifecycleConfiguration").inputs["rules"] as LifecycleRule[];
}

/** That the object has these properties, whatever else it has. */
function assertHolds(found: object | undefined, expected: object): void {
  const named = Object.entries(found ?? {}).filter(([name]) => Object.hasOwn(expected, name));
  assert.deepEqual(Object.fromEntries(named), expected);
}

describe("the program's bucket and images", () => {
  it("serves the default image with its type, a long cache life and a checksum", async () => {
    const { inputs } = onlyResource((await recordProgram(dev)).resources, "BucketObjectv2");
    assert.equal(inputs["contentType"], "image/png");
    assert.equal(inputs["cacheControl"], "public, max-age=31536000, immutable");
    assert.equal(inputs["checksumAlgorithm"], "SHA256");
    assert.ok(String(inputs["key"]).includes(String(inputs["sourceHash"]).slice(0, 16)));
  });

  it("leaves a bucket that cannot be deleted its policy, encryption and other settings", async () => {
    const { resources } = await recordProgram({ ...dev, bucketKeys: [await defaultKey()] });
    const settings = resources.filter(({ deletedWith }) => deletedWith !== "");
    assert.deepEqual(
      settings.map(({ type, deletedWith }) => [type.split(":").at(-1), deletedWith.split("$").at(-1)]).sort(),
      [
        "BucketCorsConfiguration",
        "BucketLifecycleConfiguration",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
      ].map((type) => [type, "aws:s3/bucket:Bucket::images"]),
    );
  });

  it("deletes what is in the bucket only where a key says so, and never on stack prod", async () => {
    const inputs = async (config: Record<string, string>) =>
      onlyResource(
        (await recordProgram({ ...dev, config: { ...dev.config, ...config } })).resources,
        "Bucket",
      ).inputs;
    assert.equal((await inputs({}))["forceDestroy"], undefined);
    assert.equal((await inputs({ deleteBucketContents: "true" }))["forceDestroy"], true);
    const prod = surroundingsOf("prod");
    await assert.rejects(
      recordProgram({ ...prod, config: { ...prod.config, deleteBucketContents: "true" } }),
      {
        message: /deleteBucketContents \(true\) is not allowed on stack prod: .*\[invalid-config\]$/s,
      },
    );
  });

  describe("with a bucket that holds former default images", () => {
    const former = "default-0123456789abcdef.jpg";
    const others = ["default-of-somebody.png", "users/default-0123456789abcdef.jpg"];

    it("keeps each as a resource that is taken over, never made anew", async () => {
      const { resources } = await recordProgram({ ...dev, bucketKeys: [former, ...others] });
      const objects = resources.filter(({ type }) => type.endsWith(":BucketObjectv2"));
      assert.deepEqual(objects.map(({ name }) => name).sort(), [former, await defaultKey()].sort());
      const { inputs, importId } = objects.find(({ name }) => name === former)!;
      assert.equal(importId, `acme-dev-user-pictures/${former}`);
      assert.deepEqual(Object.keys(inputs).sort(), ["bucket", "key"]);
    });

    it("does not take the current one for a former one", async () => {
      const { resources } = await recordProgram({ ...dev, bucketKeys: [await defaultKey(), former] });
      const current = resources.filter(({ inputs }) => inputs["source"] !== undefined);
      assert.equal(current.length, 1);
      assert.equal(current[0]!.importId, undefined);
      assert.equal(resources.filter(({ type }) => type.endsWith(":BucketObjectv2")).length, 2);
    });
  });

  it("refuses a bucket that is somebody else's, naming its key", async () => {
    const config = { ...dev.config, imageBucket: "somebody-elses" };
    await assert.rejects(recordProgram({ ...dev, config }), {
      message: /somebody-elses \(config key imageBucket\).*AccessDenied.*\[image-bucket-refused\]$/s,
    });
  });

  it("lets everybody read the pictures and keeps access lists off", async () => {
    const { resources } = await recordProgram(dev);
    const { bucket: _bucket, ...access } = onlyResource(resources, "BucketPublicAccessBlock").inputs;
    assert.deepEqual(access, {
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: false,
      restrictPublicBuckets: false,
    });
    assert.match(String(onlyResource(resources, "BucketPolicy").inputs["policy"]), /"Principal":"\*"/);
    assert.deepEqual(onlyResource(resources, "BucketOwnershipControls").inputs["rule"], {
      objectOwnership: "BucketOwnerEnforced",
    });
  });

  it("marks the bucket as its own", async () => {
    assert.deepEqual(onlyResource((await recordProgram(dev)).resources, "Bucket").inputs["tags"], {
      project: configNamespace,
      stack: "dev",
      "managed-by": "auth0-user-pictures",
    });
  });

  it("keeps its superseded objects as long as the configuration says, and half uploads for a day", async () => {
    const config = { ...dev.config, keepSupersededDays: "7" };
    const { resources } = await recordProgram({ ...dev, config });
    assert.deepEqual(onlyResource(resources, "BucketVersioning").inputs["versioningConfiguration"], {
      status: "Enabled",
    });
    for (const rule of lifecycleRules(resources)) {
      assertHolds(rule, {
        status: "Enabled",
        noncurrentVersionExpiration: { noncurrentDays: 7 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      });
    }
  });

  it("lets nothing expire but what is below its own prefixes: an adopted bucket holds other objects", async () => {
    const { resources } = await recordProgram(dev);
    assert.deepEqual(
      lifecycleRules(resources).map(({ filter }) => filter),
      [{ prefix: "users/" }, { prefix: "default-" }],
    );
  });

  it("lets pages of every origin read, and those of named ones upload", async () => {
    const methodsOf = async (config: Record<string, string>) => {
      const { resources } = await recordProgram({ ...dev, config: { ...dev.config, ...config } });
      const rules = onlyResource(resources, "BucketCorsConfiguration").inputs["corsRules"] as {
        allowedMethods: string[];
        allowedOrigins: string[];
      }[];
      return rules.map(({ allowedMethods, allowedOrigins }) => [allowedMethods, allowedOrigins]);
    };
    assert.deepEqual(await methodsOf({}), [[["GET", "HEAD"], ["*"]]]);
    assert.deepEqual(await methodsOf({ uploadOrigins: '["https://app.acme.com"]' }), [
      [["GET", "HEAD"], ["*"]],
      [["PUT"], ["https://app.acme.com"]],
    ]);
  });

  describe("with CloudFront", () => {
    const arn = "arn:aws:acm:us-east-1:111122223333:certificate/1d0e5a4c-7b1f-4a37-9c52-0a6c2f3b8e11";
    const cloudFront: ProgramSurroundings = {
      ...dev,
      config: {
        ...dev.config,
        imageDelivery: "cloudfront",
        imageBaseUrl: "https://img.acme.com",
        imageCertificateArn: arn,
      },
    };

    it("lets nobody but the distribution read the bucket", async () => {
      const { resources } = await recordProgram(cloudFront);
      const { bucket: _bucket, ...access } = onlyResource(resources, "BucketPublicAccessBlock").inputs;
      assert.deepEqual([...new Set(Object.values(access))], [true]);
      const { policy } = onlyResource(resources, "BucketPolicy").inputs;
      const { Statement: statements } = JSON.parse(String(policy)) as {
        Statement: Record<string, unknown>[];
      };
      const [allowed, ...more] = statements.filter(({ Effect }) => Effect === "Allow");
      assert.deepEqual(more, []);
      assert.deepEqual(allowed?.["Condition"], {
        StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1" },
      });
      assertHolds(onlyResource(resources, "OriginAccessControl").inputs, {
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      });
    });

    it("serves the domain over TLS 1.2 or newer only, for every origin and with nosniff", async () => {
      const { resources } = await recordProgram(cloudFront);
      const { inputs } = onlyResource(resources, "Distribution");
      assert.deepEqual(inputs["aliases"], ["img.acme.com"]);
      assert.deepEqual(inputs["viewerCertificate"], {
        acmCertificateArn: arn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      });
      assertHolds(inputs["defaultCacheBehavior"] as object, {
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD"],
        compress: false,
        responseHeadersPolicyId: "images-id",
      });
      const { corsConfig, securityHeadersConfig } = onlyResource(resources, "ResponseHeadersPolicy").inputs;
      assert.deepEqual(securityHeadersConfig, { contentTypeOptions: { override: true } });
      assertHolds(corsConfig as object, { accessControlAllowOrigins: { items: ["*"] } });
    });

    it("names the domain in the Actions and gives what its DNS record points at", async () => {
      const { resources, outputs } = await recordProgram(cloudFront);
      assert.match(String(outputs["defaultUrl"]), /^https:\/\/img\.acme\.com\/default-/);
      assert.equal(outputs["servingDomainName"], "d111111abcdef8.cloudfront.net");
      assert.ok(outputs["imageDistributionId"]);
      const names = resources.map(({ type, name }) => `${type} ${name}`);
      assert.ok(
        names.indexOf("aws:cloudfront/distribution:Distribution images") <
          names.indexOf("auth0:index/action:Action default-picture"),
      );
    });
  });
});
