import { createPublicKey, timingSafeEqual } from "node:crypto";
import { decodeJwt, jwtVerify } from "jose";
import type { ClientRecord } from "../state/client-record.ts";
import { isJsonObject } from "../state/json.ts";
import type { TenantContext } from "../tenant-context.ts";
import { TokenError } from "./token-error.ts";

/** The form or JSON body of /oauth/token. */
export type TokenRequest = Record<string, string | undefined>;

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * The application that the request proves to be: by HTTP Basic, by `client_id` and `client_secret` in the body, or by
 * an assertion signed with a registered key. Which of the first two is not looked at: Auth0 takes either. 401
 * `access_denied` otherwise.
 */
export async function authenticateClient(
  context: TenantContext,
  body: TokenRequest,
  authorization: string | undefined,
): Promise<ClientRecord> {
  const assertion = body["client_assertion"];
  if (body["client_assertion_type"] === assertionType && assertion !== undefined) {
    return clientByAssertion(context, assertion);
  }
  const { id, secret } = basicCredentials(authorization) ?? {
    id: body["client_id"],
    secret: body["client_secret"],
  };
  const client = context.state.clients.get(id ?? "");
  if (!client || secret === undefined || !isSame(secret, client.client_secret)) throw unauthorized();
  // The secret is still there, out of use; that it is refused is documented as the method's purpose, not observed.
  if (client["client_authentication_methods"] !== undefined) throw unauthorized();
  return client;
}

function unauthorized(): TokenError {
  return new TokenError(401, "access_denied", "Unauthorized");
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function basicCredentials(authorization: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  // RFC 6749, 2.3.1: both parts are form-encoded first.
  return { id: formDecoded(id), secret: formDecoded(secret.join(":")) };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

async function clientByAssertion(context: TenantContext, assertion: string): Promise<ClientRecord> {
  for (const { client, publicKeyPem, alg } of assertionKeys(context, assertion)) {
    try {
      await jwtVerify(assertion, createPublicKey(publicKeyPem), {
        algorithms: [alg],
        issuer: client.client_id,
        subject: client.client_id,
        audience: [context.issuer, `${context.issuer}oauth/token`],
      });
      return client;
    } catch {
      // Another of the application's keys may have signed it.
    }
  }
  throw unauthorized();
}

/** The keys that the application, as the assertion names it, has in use. */
function assertionKeys(
  context: TenantContext,
  assertion: string,
): { client: ClientRecord; publicKeyPem: string; alg: string }[] {
  const client = context.state.clients.get(claimedSubject(assertion));
  const methods = client?.["client_authentication_methods"];
  const method = isJsonObject(methods) ? methods["private_key_jwt"] : undefined;
  const inUse = isJsonObject(method) ? method["credentials"] : undefined;
  if (!client || !Array.isArray(inUse)) return [];
  const ids = inUse.map((credential) => (isJsonObject(credential) ? credential["id"] : undefined));
  return [...(context.state.clientCredentials.get(client.client_id)?.values() ?? [])]
    .filter(({ id }) => ids.includes(id))
    .map(({ publicKeyPem, alg }) => ({ client, publicKeyPem, alg }));
}

function claimedSubject(assertion: string): string {
  try {
    return decodeJwt(assertion).sub ?? "";
  } catch {
    return "";
  }
}
