import assert from "node:assert/strict";
import { readProviderSettings } from "../../../plugins/aws/provider-settings.ts";

const env = {
  AWS_ENDPOINT_URL_S3: "https://localhost:9000",
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "id",
  AWS_SECRET_ACCESS_KEY: "secret",
};

describe("readProviderSettings", () => {
  const refuses = (code: string, config: object, environment: object = env) =>
    assert.throws(() => readProviderSettings({ ...config }, { ...environment }), { code });

  for (const endpoint of [
    "https://s3.eu-central-1.amazonaws.com",
    "https://localhost.example.com",
    "https://127.0.0.1.example.com",
    "https://localhost@example.com",
    "https://0.0.0.0:9000",
    "https://10.0.0.1",
    "ftp://localhost",
    "localhost:9000",
    "nonsense",
  ]) {
    it(`refuses ${endpoint}, which is not on this machine`, () => {
      refuses("aws-endpoint-not-local", {}, { ...env, AWS_ENDPOINT_URL_S3: endpoint });
      refuses("aws-endpoint-not-local", { endpoints: JSON.stringify([{ s3: endpoint }]) });
    });
  }

  it("refuses to go without an endpoint, without a region and without credentials", () => {
    refuses("aws-endpoint-missing", {}, { ...env, AWS_ENDPOINT_URL_S3: "" });
    refuses("aws-region-missing", {}, { ...env, AWS_REGION: " " });
    refuses("aws-credentials-missing", {}, { ...env, AWS_SECRET_ACCESS_KEY: undefined });
  });

  it("refuses an account that is not allowed, naming both", () => {
    const config = { allowedAccountIds: '["123456789012"]' };
    assert.throws(() => readProviderSettings(config, env), /account 000000000000, .* for 123456789012/);
    refuses("aws-account-not-allowed", { forbiddenAccountIds: ["000000000000"] });
    const other = { ...env, AUTH0_USER_PICTURES_LOCAL_ACCOUNT_ID: "123456789012" };
    assert.equal(readProviderSettings(config, other).accountId, "123456789012");
  });

  it("refuses tags for all resources, which it does not have", () => {
    refuses("aws-setting-unknown", { defaultTags: '{"tags":{"a":"b"}}' });
  });

  it("takes loopback endpoints, the configured one first", () => {
    for (const endpoint of ["http://127.0.0.1:1", "https://[::1]:2", "https://localhost:3"]) {
      const config = { endpoints: JSON.stringify([{ s3: endpoint }]) };
      assert.equal(readProviderSettings(config, env).endpoint, endpoint);
    }
    assert.equal(readProviderSettings({}, env).endpoint, env.AWS_ENDPOINT_URL_S3);
  });

  it("takes members as they are and as JSON texts", () => {
    const { region, checksCredentials } = readProviderSettings(
      { region: "us-east-1", allowedAccountIds: ["000000000000"], skipCredentialsValidation: "true" },
      env,
    );
    assert.equal(region, "us-east-1");
    assert.equal(checksCredentials, false);
    assert.equal(readProviderSettings({ skipCredentialsValidation: false }, env).checksCredentials, true);
  });

  it("trusts every certificate file that is named", () => {
    const { caFiles } = readProviderSettings({}, { ...env, AWS_CA_BUNDLE: "a.pem", SSL_CERT_FILE: "b.pem" });
    assert.deepEqual(caFiles, ["a.pem", "b.pem"]);
  });
});
