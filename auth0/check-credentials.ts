import { ExpectedError } from "../lib/errors.ts";
import { managementAudience, postForToken, unreachable } from "./post-for-token.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Fails unless the Auth0 credentials in the environment belong to the stack's tenant, so that nothing is
 * created in another one. The provider reads the same variables.
 *
 * @throws ExpectedError `auth0-credentials-missing`, `auth0-wrong-tenant`, `auth0-credentials-refused` or
 *   `auth0-unreachable`.
 */
export async function checkAuth0Credentials(stack: string, domain: string, env: Environment): Promise<void> {
  checkAuth0Variables(stack, domain, env);
  if (given(env, "AUTH0_API_TOKEN") === undefined) await requestToken(stack, domain, env);
}

/**
 * The checks that need no network.
 *
 * @throws ExpectedError `auth0-credentials-missing`, `auth0-wrong-tenant` or `auth0-credentials-refused`.
 */
export function checkAuth0Variables(stack: string, domain: string, env: Environment): void {
  const named = given(env, "AUTH0_DOMAIN");
  if (named !== undefined && named !== domain) {
    throw new ExpectedError(
      "auth0-wrong-tenant",
      `AUTH0_DOMAIN is ${named}, but stack ${stack} manages ${domain} (config key auth0Domain). ` +
        `Select the stack of that tenant, or use the credentials of ${domain}.`,
    );
  }
  const token = given(env, "AUTH0_API_TOKEN");
  if (token !== undefined) {
    checkToken(stack, domain, token);
    return;
  }
  const missing = ["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"].filter(
    (name) => given(env, name) === undefined,
  );
  if (missing.length > 0) {
    throw new ExpectedError(
      "auth0-credentials-missing",
      `${new Intl.ListFormat("en").format(missing)} ${missing.length === 1 ? "is" : "are"} not set. Set AUTH0_DOMAIN=${domain} and the ` +
        `AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET of a machine-to-machine application of that tenant.`,
    );
  }
}

function given(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === "" ? undefined : text;
}

/**
 * Fails unless `AUTH0_API_TOKEN` is the stack's tenant's and still valid. A token names the tenant that issued it and its end;
 * Auth0 itself checks the signature when it is used.
 *
 * @throws ExpectedError `auth0-wrong-tenant` or `auth0-credentials-refused`.
 */
export function checkToken(stack: string, domain: string, token: string): void {
  const { iss: issuer, exp: end } = payloadOf(token);
  if (issuer !== `https://${domain}/`) {
    throw new ExpectedError(
      "auth0-wrong-tenant",
      `AUTH0_API_TOKEN was issued by ${typeof issuer === "string" ? issuer : "an issuer that it does not name"}, but stack ${stack} ` +
        `manages ${domain} (config key auth0Domain). Use a Management API token of that tenant.`,
    );
  }
  if (typeof end === "number" && end * 1000 <= Date.now()) {
    const message = `AUTH0_API_TOKEN is no longer valid. Use a new Management API token of ${domain}.`;
    throw new ExpectedError("auth0-credentials-refused", message);
  }
}

function payloadOf(token: string): { readonly iss?: unknown; readonly exp?: unknown } {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return typeof payload === "object" && payload !== null ? payload : {};
  } catch {
    return {};
  }
}

async function requestToken(stack: string, domain: string, env: Environment): Promise<void> {
  const response = await postForToken(domain, {
    grant_type: "client_credentials",
    client_id: env["AUTH0_CLIENT_ID"],
    client_secret: env["AUTH0_CLIENT_SECRET"],
    audience: managementAudience(domain),
  });
  // The body of an answer is never shown: it may hold the token.
  await response.body?.cancel();
  if (response.ok) return;
  if (response.status === 429 || response.status >= 500) {
    throw unreachable(domain, `it answered ${response.status}`);
  }
  throw new ExpectedError(
    "auth0-credentials-refused",
    `${domain} refuses AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET (status ${response.status}). Check that they are those of ` +
      `a machine-to-machine application of the tenant of stack ${stack}, authorized for the Auth0 Management API.`,
  );
}
