import { ExpectedError } from "../lib/errors.ts";

/** Posts to the tenant's token endpoint; rejects as `auth0-unreachable` where nothing answers within 10 s. */
export async function postForToken(
  domain: string,
  body: Readonly<Record<string, string | undefined>>,
): Promise<Response> {
  try {
    return await fetch(`https://${domain}/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  } catch (cause) {
    const reason = (cause as { cause?: { code?: unknown } }).cause?.code;
    throw unreachable(domain, typeof reason === "string" ? reason : "no answer within 10 s", cause);
  }
}

/** The error for a tenant that gives neither a token nor a refusal. */
export function unreachable(domain: string, why: string, cause?: unknown): ExpectedError {
  const message = `${domain} (config key auth0Domain) did not answer the token request: ${why}. Check the name and the network, then try again.`;
  return new ExpectedError("auth0-unreachable", message, { cause });
}

/** The identifier of the tenant's Management API; the final slash belongs to it. */
export function managementAudience(auth0Domain: string): string {
  return `https://${auth0Domain}/api/v2/`;
}
