import assert from "node:assert/strict";
import { auth0Variables, checkDeployCredentials, picturesVariables } from "../../auth0/credentials.ts";

const domain = "acme-dev.eu.auth0.com";

function tokenOf(iss: string, claims: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ iss, ...claims })}.signature`;
}

describe("the Auth0 credentials of a program run", () => {
  it("are refused where AUTH0_DOMAIN is another stack's tenant", async () => {
    const env = { AUTH0_DOMAIN: "acme.eu.auth0.com", AUTH0_CLIENT_ID: "id", AUTH0_CLIENT_SECRET: "hush" };
    await assert.rejects(checkDeployCredentials("dev", domain, env), {
      code: "auth0-wrong-tenant",
      message: /AUTH0_DOMAIN is acme\.eu\.auth0\.com, but stack dev manages acme-dev\.eu\.auth0\.com/,
    });
  });

  it("may name the tenant with https://, a final slash and capitals", async () => {
    const token = tokenOf(`https://${domain}/`);
    for (const AUTH0_DOMAIN of [`https://${domain}/`, domain.toUpperCase()]) {
      await checkDeployCredentials("dev", domain, { AUTH0_DOMAIN, AUTH0_API_TOKEN: token });
      assert.equal(auth0Variables({ AUTH0_DOMAIN, AUTH0_API_TOKEN: token }, undefined)?.domain, domain);
    }
    const env = {
      PICTURES_DOMAIN: `https://${domain}/`,
      PICTURES_CLIENT_ID: "id",
      PICTURES_CLIENT_SECRET: "hush",
    };
    assert.equal(picturesVariables(env, undefined)?.domain, domain);
  });

  it("are refused where a domain has a path, with that cause and not as another tenant's", async () => {
    const path = {
      code: "auth0-domain-invalid",
      message: /AUTH0_DOMAIN \("https:.*"\) has a path\. Use the /,
    };
    const env = {
      AUTH0_DOMAIN: `https://${domain}/api/v2/`,
      AUTH0_CLIENT_ID: "id",
      AUTH0_CLIENT_SECRET: "hush",
    };
    await assert.rejects(checkDeployCredentials("dev", domain, env), path);
    const pictures = {
      PICTURES_DOMAIN: "http://x",
      PICTURES_CLIENT_ID: "id",
      PICTURES_CLIENT_SECRET: "hush",
    };
    assert.throws(() => picturesVariables(pictures, undefined), {
      code: "auth0-domain-invalid",
      message: /PICTURES_DOMAIN \("http:\/\/x"\) starts with http:/,
    });
  });

  it("are named where they are missing or empty", async () => {
    await assert.rejects(
      checkDeployCredentials("dev", domain, { AUTH0_CLIENT_ID: "id", AUTH0_CLIENT_SECRET: " " }),
      {
        code: "auth0-credentials-missing",
        message: /^AUTH0_DOMAIN and AUTH0_CLIENT_SECRET are not set\./,
      },
    );
  });

  it("are refused where a token is another tenant's or no token", async () => {
    for (const AUTH0_API_TOKEN of [tokenOf("https://acme.eu.auth0.com/"), "rubbish", "a.b.c"]) {
      await assert.rejects(checkDeployCredentials("dev", domain, { AUTH0_API_TOKEN }), {
        code: "auth0-wrong-tenant",
      });
    }
  });

  it("are refused where a token is over", async () => {
    const env = { AUTH0_API_TOKEN: tokenOf(`https://${domain}/`, { exp: 1 }) };
    await assert.rejects(checkDeployCredentials("dev", domain, env), { code: "auth0-credentials-refused" });
  });

  it("are refused by the tenant in a message that names the variables, not their values", async () => {
    const own = globalThis.fetch;
    globalThis.fetch = () => Promise.resolve(new Response('{"error":"hush"}', { status: 401 }));
    const env = { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: "id", AUTH0_CLIENT_SECRET: "hush" };
    try {
      await assert.rejects(checkDeployCredentials("dev", domain, env), (error: Error & { code?: string }) => {
        assert.equal(error.code, "auth0-credentials-refused");
        assert.match(error.message, /AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET \(status 401\)/);
        assert.doesNotMatch(error.message, /hush/);
        return true;
      });
    } finally {
      globalThis.fetch = own;
    }
  });

  it("are accepted where a token is the tenant's", async () => {
    await checkDeployCredentials("dev", domain, { AUTH0_API_TOKEN: tokenOf(`https://${domain}/`) });
  });

  it("lead to a message without the secret where the tenant cannot be reached", async () => {
    const env = { AUTH0_DOMAIN: "localhost:1", AUTH0_CLIENT_ID: "id", AUTH0_CLIENT_SECRET: "hush" };
    await assert.rejects(
      checkDeployCredentials("dev", "localhost:1", env),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, "auth0-unreachable");
        assert.match(error.message, /localhost:1 \(config key auth0Domain\)/);
        assert.doesNotMatch(error.message, /hush/);
        return true;
      },
    );
  });
});
