import assert from "node:assert/strict";
import {
  requestAccess,
  requestManagementToken,
  tokenClaims,
  type ClientAuth,
} from "../../auth0/management-token.ts";
import { testKeyPair } from "../key-pair.ts";
import { setupTenant } from "../tenant/setup-tenant.ts";
import { trustForEachTest } from "../trusted-fetch.ts";

describe("a token for the Management API", () => {
  const setup = setupTenant();

  trustForEachTest(() => setup().certificates.caFile);

  async function clientWith(publicKeys: readonly string[]): Promise<string> {
    const { api, tenant } = setup();
    const { client_id } = tenant.clients.create({ name: "M2M", app_type: "non_interactive" });
    const audience = `https://${tenant.domain}/api/v2/`;
    await api("POST", "/client-grants", { client_id, audience, scope: ["read:users", "update:users"] });
    const credentials: { id: string }[] = [];
    for (const pem of publicKeys) {
      const { body } = await api("POST", `/clients/${client_id}/credentials`, {
        credential_type: "public_key",
        pem,
      });
      credentials.push({ id: body.id });
    }
    await api("PATCH", `/clients/${client_id}`, {
      client_authentication_methods: { private_key_jwt: { credentials } },
      token_endpoint_auth_method: null,
    });
    return client_id;
  }

  const tokenOf = (clientId: string, clientAuth: ClientAuth, domain = setup().tenant.domain) =>
    requestManagementToken({ domain, clientId, ...clientAuth });

  it("is refused for a wrong secret, without showing it", async () => {
    const { clientId } = setup().tenant;
    const error: unknown = await tokenOf(clientId, { clientSecret: "hush-hush" }).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof Error);
    assert.equal((error as Error & { code?: string }).code, "client-refused");
    assert.match(error.message, new RegExp(`refuses client ${clientId} \\(status 401\\)`));
    assert.doesNotMatch(error.message, /hush/);
  });

  it("is refused for a key that the client does not have", async () => {
    const clientId = await clientWith([testKeyPair().publicKey]);
    await assert.rejects(tokenOf(clientId, { privateKey: testKeyPair().privateKey }), {
      code: "client-refused",
    });
  });

  it("is not asked for with a key that is none, and the error does not quote it", async () => {
    const error: unknown = await tokenOf("id", { privateKey: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0" }).catch(
      (thrown: unknown) => thrown,
    );
    assert.equal((error as { code?: string }).code, "client-key-broken");
    assert.doesNotMatch(String(error), /c2VjcmV0/);
    assert.equal((error as Error).cause, undefined);
  });

  it("is not had where nobody answers", async () => {
    await assert.rejects(tokenOf("id", { clientSecret: "s" }, "localhost:1"), {
      code: "auth0-unreachable",
      message: /localhost:1 .*did not answer the token request: no answer within 10 s/,
    });
  });

  it("comes with its scopes for a secret, and for either of two keys", async () => {
    const { tenant } = setup();
    const bySecret = await tokenOf(tenant.clientId, { clientSecret: tenant.clientSecret });
    assert.ok(bySecret.scopes.includes("read:users"));
    const [old, next] = [testKeyPair(), testKeyPair()];
    const clientId = await clientWith([old.publicKey, next.publicKey]);
    for (const { privateKey } of [old, next]) {
      const { accessToken, scopes, expiresIn } = await tokenOf(clientId, { privateKey });
      assert.equal(accessToken.split(".").length, 3);
      assert.deepEqual(scopes, ["read:users", "update:users"]);
      assert.equal(expiresIn, 86_400);
    }
  });
});

/** Answers in this order: a status with headers, or what fetch rejects with. */
function tenant(...answers: (readonly [status: number, headers?: Record<string, string>] | Error)[]) {
  const pauses: number[] = [];
  const bodies: string[] = [];
  return {
    pauses,
    bodies,
    options: {
      fetch: (_url: string, { body }: RequestInit) => {
        bodies.push(body as string);
        const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
        if (answer instanceof Error) return Promise.reject(answer);
        const [status, headers = {}] = answer;
        const text = JSON.stringify({ access_token: "token-t", scope: "read:users", error: "hush-hush" });
        return Promise.resolve(new Response(text, { status, headers }));
      },
      pause: (ms: number) => Promise.resolve(pauses.push(ms)),
      now: () => 1_000_000,
    },
  };
}

describe("a request for a token", () => {
  const domain = "acme.eu.auth0.com";
  const asked = (
    { options }: ReturnType<typeof tenant>,
    clientAuth: ClientAuth = { clientSecret: "hush-hush" },
  ) => requestManagementToken({ domain, clientId: "id", ...clientAuth }, options);
  const lost = (code?: string) =>
    new TypeError("fetch failed", { cause: Object.assign(new Error("hush-hush"), { code }) });

  async function failureOf(current: ReturnType<typeof tenant>): Promise<Error & { code?: string }> {
    return asked(current).then(
      () => assert.fail("There is a token."),
      (error: unknown) => error as Error & { code?: string },
    );
  }

  it("is not repeated where it is refused", async () => {
    for (const status of [400, 401, 403]) {
      const current = tenant([status]);
      const { code, message } = await failureOf(current);
      assert.equal(code, "client-refused");
      assert.doesNotMatch(message, /hush|token-t/);
      assert.deepEqual(current.pauses, []);
    }
  });

  it("is not repeated where the name, the port or the certificate is wrong", async () => {
    for (const reason of ["ENOTFOUND", "ECONNREFUSED", "CERT_HAS_EXPIRED"]) {
      const current = tenant(lost(reason));
      assert.match((await failureOf(current)).message, new RegExp(`${domain}.*: ${reason}\\.`));
      assert.deepEqual(current.pauses, []);
    }
  });

  it("gives up after some answers 5xx, fewer lost ones, and a rate limit that does not end", async () => {
    for (const [answer, pauses] of [
      [[503], [500, 1000, 2000, 4000, 8000]],
      [lost("ECONNRESET"), [500, 2000]],
      [new DOMException("The operation timed out.", "TimeoutError"), [500, 2000]],
      [
        [429, { "retry-after": "86400" }],
        [60_000, 60_000, 60_000, 60_000, 60_000],
      ],
    ] as const) {
      const current = tenant(answer);
      const { code, message } = await failureOf(current);
      assert.equal(code, "auth0-unreachable");
      assert.doesNotMatch(message, /hush|token-t/);
      assert.deepEqual(current.pauses, pauses);
    }
  });

  it("waits for the end of a rate limit, in each form that names it", async () => {
    const current = tenant(
      [429, { "retry-after": "7" }],
      [429, { "retry-after": new Date(1_009_000).toUTCString() }],
      [429, { "x-ratelimit-reset": "1011" }],
      [429],
      [200],
    );
    const { accessToken, scopes } = await asked(current);
    assert.deepEqual(current.pauses, [7000, 9000, 11_000, 4000]);
    assert.deepEqual([accessToken, scopes], ["token-t", ["read:users"]]);
  });

  it("is sent once where the caller repeats more than it", async () => {
    const { options, pauses } = tenant([429]);
    const request = { domain, clientId: "id", clientSecret: "s" };
    await assert.rejects(requestManagementToken(request, { ...options, repeats: false }), {
      code: "auth0-unreachable",
    });
    assert.deepEqual(pauses, []);
  });

  it("has another assertion in each attempt, since Auth0 takes one once", async () => {
    const current = tenant([503], [200]);
    await asked(current, { privateKey: testKeyPair().privateKey });
    const [first, second] = current.bodies.map(
      (body) => (JSON.parse(body) as { client_assertion: string }).client_assertion,
    );
    assert.notEqual(first, second);
  });

  it("fails where the answer holds no token, and does not show the answer", async () => {
    for (const text of [
      "",
      "<html>hush-hush</html>",
      '"hush-hush"',
      "null",
      '{"access_token":5,"a":"hush-hush"}',
    ]) {
      const fetch = () => Promise.resolve(new Response(text, { status: 200 }));
      const error = await requestManagementToken(
        { domain, clientId: "id", clientSecret: "s" },
        { fetch },
      ).then(
        () => assert.fail("There is a token."),
        (thrown: unknown) => thrown as Error & { code?: string },
      );
      assert.equal(error.code, "auth0-unreachable");
      assert.equal(error.cause, undefined);
      assert.doesNotMatch(error.message, /hush/);
    }
  });
});

describe("what a token says", () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const malformed = [
    "",
    "opaque",
    "a.b",
    "a.b.c",
    "a.b.c.d.e",
    `${part({})}.${part([1])}.s`,
    `${part({})}.${part(5)}.s`,
  ];

  it("is nothing where it cannot be read", async () => {
    for (const token of malformed) {
      assert.deepEqual(await tokenClaims(token), {}, token);
      assert.deepEqual(
        (await requestAccess({ domain: "acme.eu.auth0.com", clientAuth: { token } })).scopes,
        [],
      );
    }
  });

  it("are its claims and scopes", async () => {
    const token = `${part({ alg: "RS256" })}.${part({ azp: "id", scope: "read:users read:logs" })}.s`;
    assert.equal((await tokenClaims(token))["azp"], "id");
    const { scopes } = await requestAccess({ domain: "acme.eu.auth0.com", clientAuth: { token } });
    assert.deepEqual(scopes, ["read:users", "read:logs"]);
  });
});
