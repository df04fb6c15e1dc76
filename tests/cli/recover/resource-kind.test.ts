import assert from "node:assert/strict";
import { servicesOf } from "../../../cli/recover/resource-kind.ts";

describe("whom a recovery asks", () => {
  const config = { "pictures:auth0Domain": "acme.eu.auth0.com", "pictures:awsRegion": "eu-central-1" };
  const program = { stack: "dev", project: "pictures", config, resources: [] };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const tokenOf = (domain: string) => `${part({ alg: "RS256" })}.${part({ iss: `https://${domain}/` })}.s`;

  it("is nobody without credentials, or with those of another tenant", async () => {
    const secret = { AUTH0_CLIENT_ID: "id", AUTH0_CLIENT_SECRET: "hush" };
    for (const [env, code] of [
      [{}, "auth0-credentials-missing"],
      [{ AUTH0_CLIENT_ID: "id" }, "auth0-credentials-missing"],
      [{ ...secret, AUTH0_DOMAIN: "other.eu.auth0.com" }, "auth0-wrong-tenant"],
      [{ AUTH0_API_TOKEN: tokenOf("other.eu.auth0.com") }, "auth0-wrong-tenant"],
    ] as const) {
      await assert.rejects(servicesOf(program, env), { code });
    }
  });

  it("is the stack's tenant and region", async () => {
    const env = { AUTH0_API_TOKEN: ` ${tokenOf("acme.eu.auth0.com")}\n` };
    const { auth0Domain, awsRegion, s3 } = await servicesOf(program, env);
    assert.deepEqual([auth0Domain, awsRegion], ["acme.eu.auth0.com", "eu-central-1"]);
    s3.destroy();
  });
});
