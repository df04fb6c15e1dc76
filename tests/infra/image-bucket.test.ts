import assert from "node:assert/strict";
import { bucketPolicy } from "../../infra/image-bucket.ts";
import { bucketBaseUrl } from "../../stack/picture-settings.ts";

describe("the bucket's policy", () => {
  const { Statement: statements } = bucketPolicy("pics") as { Statement: Record<string, unknown>[] };

  it("lets everybody get default images and users' pictures, and do nothing else", () => {
    const allowed = statements.filter(({ Effect }) => Effect === "Allow");
    assert.deepEqual(
      allowed.map(({ Action, Resource }) => ({ Action, Resource })),
      [{ Action: "s3:GetObject", Resource: ["arn:aws:s3:::pics/default-*", "arn:aws:s3:::pics/users/*"] }],
    );
    assert.deepEqual(
      allowed.map(({ Principal }) => Principal),
      ["*"],
    );
  });

  it("lets nobody but its own distribution get the same, where CloudFront serves them", () => {
    const arn = "arn:aws:cloudfront::123456789012:distribution/E1";
    const policy = bucketPolicy("pics", arn) as { Statement: Record<string, unknown>[] };
    const allowed = policy.Statement.filter(({ Effect }) => Effect === "Allow");
    assert.deepEqual(
      allowed.map(({ Sid: _sid, ...statement }) => statement),
      [
        {
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: ["arn:aws:s3:::pics/default-*", "arn:aws:s3:::pics/users/*"],
          Condition: { StringEquals: { "AWS:SourceArn": arn } },
        },
      ],
    );
  });

  it("denies everything over plain http", () => {
    const denied = statements.filter(({ Effect }) => Effect === "Deny");
    assert.deepEqual(
      denied.map(({ Action, Condition }) => ({ Action, Condition })),
      [{ Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } }],
    );
  });
});

describe("the bucket's address", () => {
  it("ends as the region's partition does", () => {
    assert.equal(bucketBaseUrl("pics", "eu-west-1"), "https://pics.s3.eu-west-1.amazonaws.com");
    assert.equal(bucketBaseUrl("pics", "cn-north-1"), "https://pics.s3.cn-north-1.amazonaws.com.cn");
  });
});
