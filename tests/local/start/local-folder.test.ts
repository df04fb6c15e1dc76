import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { localEnvironment, localFolder } from "../../../local/start/local-folder.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const run = {
  tenant: { domain: "localhost:1", caFile: "/ca.pem", clientId: "id", clientSecret: "hush" },
  s3: { endpoint: "https://localhost:2", region: "r", accessKeyId: "k", secretAccessKey: "s", bucket: "b" },
};

describe("the environment of a command on the local world", () => {
  const root = temporaryFolder();

  function environmentFrom(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const folder = localFolder(root());
    writeFileSync(folder.passphrase, "phrase");
    writeFileSync(folder.uploadKey, "key");
    return localEnvironment(base, folder, run);
  }

  it("holds nothing of the user's own Auth0, AWS and Pulumi settings, nor a proxy", () => {
    const own = {
      AUTH0_API_TOKEN: "theirs",
      AUTH0_DOMAIN: "prod.eu.auth0.com",
      PICTURES_LOCAL_NAMES: "/theirs.json",
      AWS_PROFILE: "prod",
      AWS_SESSION_TOKEN: "theirs",
      PULUMI_ACCESS_TOKEN: "theirs",
      PULUMI_BACKEND_URL: "s3://prod-state",
      HTTPS_PROXY: "http://proxy:3128",
      https_proxy: "http://proxy:3128",
    };
    const env = environmentFrom(own);
    for (const [name, value] of Object.entries(own)) assert.notEqual(env[name], value, name);
  });

  it("keeps what is not about them", () => {
    assert.equal(environmentFrom({ EDITOR: "vi" })["EDITOR"], "vi");
  });

  it("finds the world's pulumi before the user's", () => {
    const { PATH } = environmentFrom({ PATH: "/usr/bin" });
    assert.match(PATH ?? "", new RegExp(`^${root()}/bin:.*:/usr/bin$`));
  });

  it("leads to the local tenant, S3 server, state and certificate authority", () => {
    const env = environmentFrom({});
    assert.equal(env["AUTH0_DOMAIN"], "localhost:1");
    assert.equal(env["AWS_ENDPOINT_URL_S3"], "https://localhost:2");
    assert.equal(env["PULUMI_BACKEND_URL"], `file://${root()}/state`);
    assert.equal(env["PULUMI_STACK"], "local");
    assert.equal(env["PICTURES_UPLOAD_KEY"], "key");
    assert.equal(env["PICTURES_LOCAL_NAMES"], `${root()}/local-names.json`);
    for (const name of ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE"])
      assert.equal(env[name], "/ca.pem");
  });
});
