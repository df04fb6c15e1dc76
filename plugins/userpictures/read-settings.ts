import { auth0Values, domainIn } from "../../auth0/credentials.ts";
import { filledText, type Environment } from "../../lib/environment.ts";
import type { PropertyMap } from "../grpc/property-map.ts";
import { ExpectedError } from "../../lib/errors.ts";

/** Whose tenant, and how to get in. Only the domain is configuration; the rest never leaves this process. */
export interface ProviderSettings {
  /** The tenant's own domain, without https://. */
  readonly domain: string;
  readonly credentials:
    { readonly token: string } | { readonly clientId: string; readonly clientSecret: string };
}

/**
 * Reads the domain from the provider's configuration and the credentials from the variables that the Auth0 provider
 * takes too. `pulumi destroy` runs no program: that the credentials are the tenant's is checked here once more.
 *
 * @throws ExpectedError `auth0-domain-missing`, `auth0-domain-invalid`, `auth0-wrong-tenant` or `auth0-credentials-missing`.
 */
export function readSettings(config: PropertyMap, env: Environment): ProviderSettings {
  const { domain: named } = auth0Values(env);
  const configured = filledText(config["domain"]);
  const domain = configured === undefined ? named : domainIn(configured, "The provider's input domain");
  if (domain === undefined) {
    const message = "The provider has no tenant. Set its input domain, or AUTH0_DOMAIN.";
    throw new ExpectedError("auth0-domain-missing", message);
  }
  if (named !== undefined && named !== domain) {
    throw new ExpectedError(
      "auth0-wrong-tenant",
      `AUTH0_DOMAIN is ${named}, but the stack manages ${domain}. Use the credentials of ${domain}, or select the other stack.`,
    );
  }
  return { domain, credentials: readCredentials(domain, env) };
}

function readCredentials(domain: string, env: Environment): ProviderSettings["credentials"] {
  const { token, clientId, clientSecret } = auth0Values(env);
  if (token !== undefined) return { token };
  if (clientId !== undefined && clientSecret !== undefined) return { clientId, clientSecret };
  throw new ExpectedError(
    "auth0-credentials-missing",
    `AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET are not both set. Set them to a machine-to-machine application of ${domain}.`,
  );
}
