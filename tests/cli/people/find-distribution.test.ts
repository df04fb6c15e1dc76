import assert from "node:assert/strict";
import type { ConfigValues } from "../../../infra/config-keys.ts";
import { findDistribution } from "../../../cli/people/find-distribution.ts";

const served = { imageDelivery: "bucket" } as ConfigValues;
const cloudFront = {
  imageDelivery: "cloudfront",
  imageBaseUrl: "https://img.acme.com",
  imageCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1d0e5a4c-7b1f-4a37-9c52-0a6c2f3b8e11",
} as ConfigValues;

describe("the distribution that serves pictures", () => {
  const find = (config: ConfigValues, id?: string, outputs: object = {}) =>
    findDistribution(
      { config, stack: "dev", env: id === undefined ? {} : { PICTURES_DISTRIBUTION_ID: id } },
      () => Promise.resolve({ code: 0, stdout: JSON.stringify(outputs), stderr: "" }),
    );

  it("must be known before anything is deleted", async () => {
    await assert.rejects(find(cloudFront, undefined, { imageDistributionId: null }), {
      code: "distribution-unknown",
      message: /nothing was changed.*PICTURES_DISTRIBUTION_ID/,
    });
  });

  it("is none where the bucket serves", async () => {
    assert.equal(await find(served, "E1"), undefined);
  });

  it("is the one of the variable, else the stack's output", async () => {
    assert.equal(await find(cloudFront, "E1", { imageDistributionId: "E2" }), "E1");
    assert.equal(await find(cloudFront, undefined, { imageDistributionId: "E2" }), "E2");
  });
});
